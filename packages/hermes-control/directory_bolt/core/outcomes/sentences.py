"""What sentences of an answer say, in seven languages. All patterns see plain small letters."""

import re

DUPLICATE = re.compile(
    r"\balready (been )?(listed|exists?|registered|submitted|added|in (our|the) (directory|database))"
    r"|\bduplicate (entry|listing|submission|business)|\b(listing|business|entry) (already )?exists"
    r"|\b(bereits|schon) (eingetragen|vorhanden|gelistet|registriert|verzeichnet|erfasst)"
    r"|\bexiste deja|\bdeja (inscrit|enregistr|reference|present|repertorie)"
    r"|\bya (existe|esta (registrad|inscrit|list)|figura)|\bgia (presente|registrat|esist|inserit|elencat)"
    r"|\b(bestaat al|reeds (vermeld|aangemeld|geregistreerd)|al (vermeld|aangemeld|geregistreerd))"
    r"|\bja (existe|esta (cadastrad|registad|registrad|listad))"
)
_TAKEN = (
    r"(accept|process|add|list|publish|submit|save|receiv|creat|includ|complet|send|sent|register|approv|consider"
    r"|aufnehm|aufgenommen|annehm|angenommen|bearbeit|speicher|veroffentlich|eintrag|eingetrag|ubermittel"
    r"|accepte|retenu|enregistr|publi|traite|envoy|ajout|aceptad|aceptar|acept|procesa|guarda|publica|envia|anadi|registra"
    r"|accettat|accettare|elabora|salva|pubblica|invia|inserir|geaccepteerd|verwerk|opslaan|opgeslagen|toegevoegd"
    r"|geplaatst|opnemen|opgenomen|aceit|processa|salvar|publicar|enviar)"
)
_NOT = (
    r"(?:\b(?:not|cannot|unable to|never|nicht|kein\w*|ne|pas|non|niet|geen|nao|no (?:se|ha|han|hemos|pudo|pudimos|podemos|fue))\b"
    r"|n't\b|\bn')"
)
REFUSAL = re.compile(
    rf"\b(unfortunately|regret|leider|malheureusement|lamentablemente|desafortunadamente|purtroppo|helaas|infelizmente)\b"
    rf"|\b(rejected|declined|refused|denied|abgelehnt|zuruckgewiesen|refusee?s?|rejetee?s?|rechazad[oa]s?|rifiutat[oaie]"
    rf"|respint[oaie]|geweigerd|afgewezen|recusad[oa]s?|rejeitad[oa]s?)\b"
    rf"|{_NOT}\W*(\w+\W+){{0,4}}?\w*{_TAKEN}"
)
NOT_YET = re.compile(
    r"\b(until|before|unless|only after|once|erst|bevor|bis|avant|tant que|jusqu|hasta|antes de|finche|prima|tot|voordat|pas na|ate|antes)\b"
)
"""What only puts off does not refuse: "will not appear until it was reviewed"."""

AGAIN = re.compile(
    r"\b(again|twice|more than once|erneut|noch einmal|nochmals|mehrfach|doppelt|de nouveau|a nouveau|plusieurs fois|de nuevo|otra vez"
    r"|nuevamente|di nuovo|nuovamente|piu volte|opnieuw|nogmaals|novamente|de novo|outra vez)\b"
)
"""What need not be done again was done: "you need not submit it again"."""

TROUBLE = re.compile(
    r"\berrors?\b|\bfehler\b|\berreurs?\b|\berrore?i?\b|\berrores\b|\bfout(en)?\b|\berros?\b"
    r"|something went wrong|try again|temporarily unavailable|etwas ist schief|er is iets mis|failed\b|fehlgeschlagen|echoue\b"
    r"|\bplease (correct|fix|fill (in|out)|complete (the|all|your) (\w+ )?(fields?|form)|enter (a|an|your)|provide (a|an|your))\b"
    r"|\b(required|mandatory|missing|invalid|empty) fields?\b|\b(fields?|address|number|name|e-?mail|code|url|website)\b.{0,20}\b(is|are|was|were) (required|missing|invalid|empty|incorrect|not valid|mandatory)\b"
    r"|\b(korrigieren|berichtigen|uberprufen) sie\b|pflichtfeld|bitte (fullen|geben) sie|\bungultig"
    r"|veuillez (corriger|remplir|saisir|renseigner)|champs? (obligatoire|manquant|requis|invalide)|\bcorrija|\brellene|campos? (obligatori|requerid|vacio|mancant|vuot)"
    r"|\bcorregg|\bcompil(are|i|ate) (tutti|i campi)|verplichte velden|\bcorrigeer|vul .{0,30}\bin\b|\bcorrij|\bpreencha"
)
"""Beside it no word of success counts."""
NO_TROUBLE = re.compile(
    r"\b(no|without|any|free of|keine?|ohne|sans|aucune?|sin|ningun|senza|nessun|geen|zonder|sem|nenhum) (\w+ )?(errors?|fehler|erreurs?|error(es)?|errore|errori|fouten|erros?)\b"
)
UNDERWAY = re.compile(
    r"\b(preview|vorschau|apercu|vista previa|anteprima|voorbeeldweergave|pre-?visualiza\w*|draft|entwurf|brouillon|borrador|bozza|rascunho)\b"
    r"|\bals concept\b|\bfound similar\b|\bsimilar \w+ (were |have been )?found\b|\bdid you mean\b|\bis one of these\b|\bpossible (match|duplicate)\w*|\bnot (yet )?(published|submitted|sent)\b"
)
"""A step on the way: something is shown or kept that is not handed in yet."""
ELSEWHERE = re.compile(
    r"\b(accounts?|(benutzer|kunden)?konto|compte|cuenta|conto|conta|password|passwort|newsletters?|mailing list|subscription|cookies?|preferences)\b"
)
"""What was made or sent is something else than the entry."""
VERIFY = re.compile(
    r"\b(check|open) (your )?(inbox|e-?mails?|mailbox|phone)\b"
    r"|\b(confirm|verify|validate|activate)\b.{0,40}\b(e-?mail|phone|number|address|link|account|identity)"
    r"|\b(sent|send|mailed|texted)\b.{0,60}\b(e-?mail|link|code|message|sms)\b.{0,140}\b(confirm|verif|activat|click|enter|validate)"
    r"|\b(sent|texted|mailed)\b.{0,60}\b(code|text message|sms|link)\b|\benter the code\b"
    r"|\b(click|follow)\w*\b.{0,40}\blink\b|\b(confirmation|verification|activation) (link|code)\b"
    r"|bestatigen sie.{0,60}(link|e-?mail|adresse|nummer)|bestatigungs(link|code|mail)|aktivierungs(link|code)|code.{0,40}(gesendet|geschickt)"
    r"|(confirmez|validez|verifiez|cliquez).{0,60}(adresse|e-?mail|courriel|lien|compte|boite)|lien de (confirmation|validation|verification)|code (de confirmation|recu|envoye)"
    r"|(confirme|verifique|revise|active|pulse).{0,60}(correo|enlace|cuenta|e-?mail|bandeja)|(enlace|codigo) de (confirmacion|verificacion|activacion)"
    r"|(conferm[ai]te?|verific[ahi]+te?|clicc[ahi]+te?|controll[ai]te?).{0,60}(e-?mail|link|posta|account)|(link|codice) di (conferma|verifica|attivazione)"
    r"|(bevestig|verifieer|klik|controleer).{0,60}(e-?mail|link|account|inbox)|(bevestigings|verificatie|activatie)(link|code|mail)"
    r"|(confirme|verifique|clique|ative).{0,60}(e-?mail|link|conta|caixa)|(link|codigo) de (confirmacao|verificacao|ativacao)"
)
PAYMENT = re.compile(
    r"\b(after|upon|pending|complete|proceed to|awaiting|requires?|continue to|make) (the |your |a |full )?payment\b|\bpayment (is )?(required|due|pending|needed)\b"
    r"|\blisting fee\b|\bpay now\b|\bproceed to checkout\b"
    r"|nach (der )?(zahlung|zahlungseingang)|zahlungspflichtig|jetzt (be)?zahlen|eintragsgebuhr"
    r"|apres (le )?(paiement|reglement)|paiement (requis|en attente)|frais d.inscription|payer maintenant"
    r"|(tras|despues de) el pago|pago (pendiente|requerido)|pagar ahora|dopo il pagamento|pagamento (richiesto|in sospeso)|paga ora"
    r"|na (de )?betaling|betaling vereist|nu betalen|apos o pagamento|pagamento (pendente|necessario)|pagar agora"
)
FREE = re.compile(r"\b(no|without|free|keine?|ohne|sans|aucun|sin|senza|nessun|geen|zonder|sem|nenhum)\b.{0,20}(payment|pay|zahlung|paiement|pago|pagamento|betaling|fee)")  # fmt: skip
LOGIN = re.compile(
    r"\b(sign|log) ?in (first|to|before)|\b(sign|log) ?in\b.{0,20}\baccount|\bonly members\b|\b(need|create|register for) an account\b|please (sign|log) ?in"
    r"|melden sie sich (bitte )?an|bitte (einloggen|anmelden)|connectez-vous|veuillez vous connecter"
    r"|inicie sesion|accedi (per|al)|effettua il login|log (eerst )?in om|faca login|inicie sessao"
)
NOUNS = (
    r"(submission|listing|business|entry|request|application|form|details|information|company|profile|website|registration|site|data"
    r"|eintrag|eintragung|anmeldung|unternehmen|firma|daten|formular|anfrage|angaben|registrierung|betrieb|antrag|einreichung"
    r"|fiche|inscription|demande|entreprise|annonce|formulaire|soumission|societe|enregistrement|etablissement"
    r"|ficha|solicitud|empresa|negocio|registro|anuncio|formulario|datos|inscripcion|alta"
    r"|scheda|richiesta|azienda|attivita|iscrizione|modulo|annuncio|dati|registrazione|inserzione"
    r"|aanmelding|vermelding|bedrijf|formulier|aanvraag|gegevens|registratie|inzending"
    r"|solicitacao|pedido|cadastro|registo|inscricao|dados)"
)
OURS = r"(your|ihr\w{0,2}|dein\w{0,2}|votre|vos|ta|ton|su|sus|tu|vuestr[oa]|la vostra|il vostro|la tua|il tuo|la sua|uw|je|jouw|seu|sua|vossa|teu|tua|␟)"
_DONE = (
    r"(received|submitted|accepted|added|registered|published|sent|recorded|listed|created|queued|saved"
    r"|erhalten|entgegengenommen|eingegangen|ubermittelt|gesendet|gespeichert|aufgenommen|hinzugefugt|registriert|empfangen|veroffentlicht|eingetragen|angelegt"
    r"|recue?s?|envoyee?s?|enregistree?s?|ajoutee?s?|soumise?s?|transmise?s?|publiee?s?|creee?s?|acceptee?s?"
    r"|recibid[oa]s?|enviad[oa]s?|registrad[oa]s?|anadid[oa]s?|agregad[oa]s?|publicad[oa]s?|aceptad[oa]s?|guardad[oa]s?|cread[oa]s?"
    r"|ricevut[oaie]|inviat[oaie]|registrat[oaie]|aggiunt[oaie]|inserit[oaie]|pubblicat[oaie]|accettat[oaie]|salvat[oaie]"
    r"|ontvangen|verzonden|toegevoegd|geregistreerd|opgeslagen|geplaatst|aangemeld"
    r"|recebid[oa]s?|registad[oa]s?|adicionad[oa]s?|aceit[oa]s?|cadastrad[oa]s?|salv[oa]s?)"
)
_AUX = (
    r"(has|have|was|were|is|are|been|wurden?|ist|sind|haben|hat|a ete|ont ete|est|sont|a bien ete|ha|han|fue|fueron|esta|estan|ha sido|han sido"
    r"|e stat[oa]|sono stat[ie]|e|is|zijn|werd|foi|foram|esta|estao)"
)
_WE = r"(we have|we've|we|wir haben|nous avons|on a|hemos|abbiamo|(wij|we) hebben|recebemos|registramos|recibimos)"
_THANKS = (
    r"(thanks?( you)?|vielen dank|danke|merci|gracias|grazie|bedankt|dank u( wel)?|obrigad[oa])"
)
ACCEPTED = (
    re.compile(rf"\b{OURS}\b.{{0,60}}\b{NOUNS}\b.{{0,80}}\b{_AUX}\b.{{0,60}}\b{_DONE}\b"),
    re.compile(rf"\b{NOUNS}\b.{{0,30}}␟.{{0,60}}\b{_DONE}\b"),
    re.compile(rf"\b{_WE}\b.{{0,40}}\b{_DONE}\b.{{0,60}}(\b{OURS}\b.{{0,40}}\b{NOUNS}\b|\b{NOUNS}\b.{{0,40}}␟)"),
    re.compile(rf"\b(recebemos|recibimos)\b.{{0,60}}(\b{OURS}\b|\b{NOUNS}\b.{{0,40}}␟)"),
    re.compile(rf"\b{_WE}\b.{{0,60}}(\b{OURS}\b.{{0,40}}\b{NOUNS}\b|\b{NOUNS}\b.{{0,40}}␟).{{0,60}}\b{_DONE}\b"),
    re.compile(
        rf"\b{_THANKS}\b.{{0,20}}\b(for|fur|pour|de|por|per|voor|pel[oa])\b.{{0,40}}"
        rf"(\b(submitting|adding|listing|registering)\b|\b{OURS}\b.{{0,30}}\b(submission|listing|registration|entry|application|eintrag\w*|anmeldung|registrierung|inscription|soumission|inscripcion|solicitud|registro|iscrizione|registrazione|aanmelding|inzending|cadastro|inscricao|registo)\b)"
    ),
    re.compile(rf"\bsuccessfully (submitted|added|received|registered|created|sent)\b|(\b{OURS}\b.{{0,40}}\b{NOUNS}\b.{{0,60}}|␟.{{0,40}})\b(is|are) now (live|listed|published|online)\b"),
)  # fmt: skip
"""␟ stands for the name of the business itself."""

CONDITION = re.compile(r"\b(if|when|once|after|as soon as|wenn|sobald|nachdem|falls|si|lorsque|quand|des que|cuando|una vez|se|quando|dopo che|als|zodra|nadat|depois)\b")  # fmt: skip
ONLY_WHEN = re.compile(r"\W{0,2}(only |erst |nur |seulement |solo |pas )?(if|when|once|after|as soon as|until|wenn|sobald|nachdem|si|lorsque|des que|cuando|una vez|quando|dopo che|als|zodra|nadat|depois)\b")  # fmt: skip
"""Said of the present, and followed by this, it has not happened: "is published once you confirm"."""
MANY = re.compile(
    r"\b(over|more than|mehr als|uber|plus de|mas de|piu di|meer dan|mais de)\b"
    r"|\d[\d.,]{2,}\s+(\w+\s+){0,2}?(business|compan|firm|listing|entr|user|customer|member|owner|betrieb|unternehmen|eintr|kund|mitglied|societ|fiche|client|empresa|negocio|anuncio|aziend|attivit|bedrij|vermelding)"
)
REFERENCE = re.compile(
    r"(?:(?:reference|confirmation|submission|tracking|ticket"
    r"|(?:case|application|listing|entry|order|file|registration)[\s-]{0,2}(?:number|no\b\.?|nr\b\.?|id\b|code|#))"
    r"|vorgangs|referenz|best[aä]tigungs|eintrags|antrags|bearbeitungs|r[eé]f[eé]rence|dossier|confirmation|referencia|confirmaci[oó]n|expediente|solicitud"
    r"|riferimento|pratica|conferma|referentie|bevestigings|aanvraag|dossier|refer[eê]ncia|processo|protocolo|confirma[cç][aã]o)"
    r"[\s-]{0,2}(?:number|no\.?|nr\.?|id|code|nummer|kennung|num[eé]ro|n[uú]mero|#)?"
    r"\s*(?:is|lautet|est|es|è|:|=|#)?\s*[:#]?\s*(?P<code>(?=[A-Z0-9/-]*\d)[A-Z0-9][A-Z0-9/-]{3,30})(?![\w/])",
    re.IGNORECASE,
)
