"""The words by which fields are known, in seven languages: data. Phrases are divided by bars."""

from directory_bolt.core.forms.fields import Kind
from directory_bolt.core.forms.words import words_of

WORDS: dict[Kind, dict[str, str]] = {
    Kind.BUSINESS_NAME: {
        "en": "business name|company name|organization name|organisation name|business|company|organization"
        "|organisation|org|venue name|shop name|store name|restaurant name|firm name|name of business"
        "|name of company|name of organization|name of your business|name of the business|employer"
        "|trading name|legal name|listing name|listing title|business title|place name|establishment name"
        "|firm|agency name|brand name|dealership|biz name|coname|institution|association name",
        "de": "firma|firmenname|name der firma|unternehmen|unternehmensname|name des unternehmens|betrieb"
        "|betriebsname|geschaftsname|name des geschafts|organisationsname|firmenbezeichnung|name des betriebs",
        "fr": "entreprise|societe|raison sociale|nom de l entreprise|nom de la societe|nom entreprise"
        "|nom commercial|nom de l etablissement|etablissement|nom de votre entreprise|denomination sociale|enseigne",
        "es": "empresa|nombre de la empresa|nombre empresa|negocio|nombre del negocio|razon social|nombre comercial"
        "|nombre del establecimiento|compania|nombre de su empresa|nombre de tu empresa|nombre de la compania",
        "it": "azienda|nome azienda|nome dell azienda|ragione sociale|impresa|nome dell impresa|ditta|nome ditta"
        "|nome attivita|nome dell attivita|nome commerciale|societa",
        "nl": "bedrijf|bedrijfsnaam|naam bedrijf|naam van het bedrijf|onderneming|organisatie|bedrijfs naam|firmanaam"
        "|naam van de onderneming|handelsnaam",
        "pt": "nome da empresa|nome do negocio|razao social|nome fantasia|nome comercial|nome do estabelecimento"
        "|nome da companhia|nome da firma",
        "other": "компания|организация|наименование компании|наименование организации|название компании|название организации|firma nazwa|nazwa firmy|nazev firmy|nazov firmy|spolecnost|virksomhed|foretag|firmanavn|foretagsnamn|cegnev|sirket",
    },
    Kind.NAME: {
        "en": "name",
        "de": "name",
        "fr": "nom",
        "es": "nombre",
        "it": "nome",
        "nl": "naam",
        "pt": "nome",
        "other": "navn|namn|имя|имя фамилия|jmeno|imie|nev|ad|isim|nimi|όνομα|meno|name namn",
    },
    Kind.FIRST_NAME: {
        "en": "first name|firstname|fname|given name|first name only|forename|first|christian name|name first|f name|firstnm",
        "de": "vorname|rufname",
        "fr": "prenom",
        "es": "nombre de pila|primer nombre|nombres",
        "it": "nome di battesimo|nome proprio",
        "nl": "voornaam",
        "pt": "primeiro nome|nome proprio",
        "other": "fornavn|fornamn|krestni jmeno|meno krstne|imie pierwsze|keresztnev|etunimi",
    },
    Kind.LAST_NAME: {
        "en": "last name|lastname|lname|surname|family name|second name|last|name last|l name|sname|lastnm",
        "de": "nachname|familienname|zuname",
        "fr": "nom de famille",
        "es": "apellido|apellidos|primer apellido",
        "it": "cognome",
        "nl": "achternaam|familienaam",
        "pt": "sobrenome|apelido|ultimo nome",
        "other": "efternavn|efternamn|etternavn|фамилия|prijmeni|priezvisko|nazwisko|vezeteknev|soyad|sukunimi",
    },
    Kind.FULL_NAME: {
        "en": "full name|first and last name|first last name|first name last name|fullname|your name|contact name|contact person|owner name|name of owner|owner|author|realname"
        "|real name|person name|contact|sender name|customer name|your full name|name of contact|manager name"
        "|submitter name|submitted by|from name|contact full name|representative|who may we talk to|whom may we contact|poster name|visitor name|user real name",
        "de": "ansprechpartner|kontaktperson|ihr name|dein name|vollstandiger name|vor und nachname|vorname und nachname"
        "|inhaber|name des ansprechpartners|ansprechperson|vorname nachname|vor und zuname|vorname name",
        "fr": "nom complet|votre nom|personne de contact|personne a contacter|nom et prenom|prenom et nom|nom du contact|nom du responsable"
        "|nom prenom|interlocuteur|gerant",
        "es": "nombre completo|su nombre|tu nombre|persona de contacto|nombre y apellidos|nombre y apellido"
        "|nombre de contacto|nombre del contacto|nombre del propietario|propietario|responsable",
        "it": "nome completo|nome e cognome|il tuo nome|persona di contatto|persona di riferimento|referente|nome del referente|titolare|nominativo"
        "|cognome e nome|nome cognome",
        "nl": "volledige naam|uw naam|je naam|contactpersoon|naam contactpersoon|voor en achternaam|eigenaar",
        "pt": "nome completo|seu nome|pessoa de contato|pessoa de contacto|nome do contato|nome e sobrenome"
        "|nome do responsavel|proprietario|o seu nome",
        "other": "ваше имя|фио|фамилия имя отчество|имя и фамилия|imie i nazwisko|jmeno a prijmeni|vase jmeno|meno a priezvisko|fulde navn|ditt namn|dit navn|teljes nev|ad soyad|ваше фио|kontaktperson navn",
    },
    Kind.EMAIL: {
        "en": "email|e mail|email address|e mail address|mail address|mail|your email|contact email|business email"
        "|emailid|email id|eml|confirm email|confirm email address|confirm e mail|verify email|retype email|re enter email"
        "|repeat email|email confirmation|confirm your email|company email|electronic mail",
        "de": "e mail adresse|mailadresse|email adresse|emailadresse|e post|e mail wiederholen|mail adresse|elektronische post",
        "fr": "adresse e mail|adresse mail|courriel|adresse email|adresse electronique|mel|courrier electronique"
        "|adresse courriel|adresse de courriel|adresse de messagerie",
        "es": "correo electronico|correo|direccion de correo|correo e|direccion de correo electronico|direccion de email"
        "|direccion email|email de contacto|correo de contacto",
        "it": "posta elettronica|indirizzo e mail|indirizzo email|indirizzo di posta elettronica|indirizzo mail",
        "nl": "e mailadres|emailadres|e mail adres|mailadres|email adres",
        "pt": "correio eletronico|endereco de e mail|endereco de email|correio electronico|e mail de contato",
        "other": "e post|epost|e postadress|э почта|эл почта|электронная почта|почта|емаил|ваш e mail|адрес электронной почты|e mailova adresa|adres e mail|adres email|e mail cim|email cim|e posta|eposta|sahkoposti|el pastas|e mailadresse|emailova adresa",
    },
    Kind.PHONE: {
        "en": "phone|telephone|tel|phone number|mobile|mobile number|cell|cell phone|cellphone|contact number|telephone number"
        "|mobile phone|phone no|daytime phone|business phone|call us|tel no|day phone|evening phone|home phone|work phone"
        "|area code|phone extension|tel number|telno|phoneno|mobileno|ph no",
        "de": "telefon|telefonnummer|tel nr|rufnummer|handy|handynummer|mobil|mobilnummer|telefonnr|vorwahl|durchwahl"
        "|mobiltelefon|festnetz",
        "fr": "telephone|numero de telephone|portable|mobile|telephone portable|tel fixe|num tel|n de telephone",
        "es": "telefono|numero de telefono|movil|celular|telefono movil|telefono de contacto|telefono fijo",
        "it": "telefono|numero di telefono|cellulare|recapito telefonico|tel|num telefono",
        "nl": "telefoon|telefoonnummer|mobiel|mobiel nummer|tel nr|gsm",
        "pt": "telefone|numero de telefone|telemovel|celular|telefone de contato|fone",
        "other": "телефон|номер телефона|мобильный телефон|контактный телефон|telefonni cislo|mobilni telefon|numer telefonu|telefonszam|telefonnummer mobil|telefon numarasi|puhelin|tlf|mobilnummer telefon|telefoni|telefonas",
    },
    Kind.WEBSITE: {
        "en": "website|web site|url|site url|homepage|home page|web address|web page|webpage|site|link|website url|your site"
        "|website address|company url|business url|web|site address|www|internet address|domain|domain name|weburl|blog url"
        "|website link|site link|link url|page url|your url|your website",
        "de": "webseite|internetseite|internetadresse|webadresse|homepage|web adresse|internet|netzadresse|internetauftritt",
        "fr": "site web|site internet|adresse du site|adresse web|page web|votre site|adresse du site web|lien du site",
        "es": "sitio web|pagina web|direccion web|web|sitio|enlace|pagina de internet|sitio de internet",
        "it": "sito web|sito internet|sito|indirizzo web|indirizzo del sito|pagina web",
        "nl": "webadres|webpagina|internetadres|website adres|webstek",
        "pt": "site|pagina web|endereco do site|sitio|pagina da internet|endereco web|sitio web",
        "other": "сайт|веб сайт|webova stranka|strona internetowa|strona www|weboldal|hjemmeside|webbplats|hemsida|nettside|web sitesi",
    },
    Kind.STREET: {
        "en": "street address|street|address|address line 1|address 1|address1|address line|addr|addr1|addr 1|street 1|street1|mailing address"
        "|business address|physical address|street name|location address|full address|address one|add1|line 1|postal address"
        "|location|home address|billing address|shipping address|streetaddress|street line 1"
        "|street and number|street number and name|street and house number|street name and number|number and street|street no and name|house number and street",
        "de": "strasse|anschrift|adresse|strasse und hausnummer|strasse hausnummer|strasse nr|adresszeile 1|strasse und nr|strasse und nummer"
        "|postanschrift|strassenname",
        "fr": "adresse|rue|rue et numero|adresse postale|numero et rue|adresse ligne 1|adresse 1|voie|n et rue|adresse de l entreprise",
        "es": "direccion|calle|domicilio|direccion postal|calle y numero|direccion 1|direccion linea 1",
        "it": "indirizzo|via|via e numero|via e numero civico|via piazza|indirizzo 1|indirizzo postale",
        "nl": "straat|adres|straatnaam|straat en huisnummer|adresregel 1|straat en nummer|postadres",
        "pt": "endereco|rua|rua e numero|morada|logradouro|endereco 1|endereco postal",
        "other": "адрес|улица|ulice|ulica|adres firmy|gade|gate|gatuadress|utca|cim|sokak|osoite|ulice a cislo",
    },
    Kind.HOUSE_NUMBER: {
        "en": "house number|street number|building number|house no|street no",
        "de": "hausnummer|haus nr|hausnr|nr",
        "fr": "numero de rue|numero de voie",
        "es": "numero exterior|numero de calle|num exterior",
        "it": "numero civico|n civico|civico",
        "nl": "huisnummer|huisnr|huis nummer",
        "pt": "numero da porta|numero da casa",
    },
    Kind.STREET_2: {
        "en": "address line 2|address 2|address2|addr2|addr 2|street 2|street2|suite|apt|apartment|unit|suite unit|floor|suite number|line 2"
        "|apartment number|apt number|address line two|address two|add2|address 3|address line 3|suite apt|apt suite|unit number"
        "|building name|room number",
        "de": "adresszusatz|zusatz|adresszeile 2|stockwerk|anschrift zusatz|adress zusatz",
        "fr": "complement d adresse|complement adresse|adresse ligne 2|adresse 2|batiment|etage|appartement|suite",
        "es": "direccion 2|direccion linea 2|piso|apartamento|departamento|complemento de direccion|planta",
        "it": "indirizzo 2|interno|scala|riga indirizzo 2|piano",
        "nl": "toevoeging|huisnummer toevoeging|adresregel 2|adres 2|bus",
        "pt": "complemento|endereco 2|apartamento|andar|bairro",
    },
    Kind.CITY: {
        "en": "city|town|city town|town city|locality|suburb|municipality|city name|city or town|address city|village",
        "de": "stadt|ort|wohnort|ortschaft|gemeinde|stadt ort|standort",
        "fr": "ville|commune|localite|nom de la ville",
        "es": "ciudad|localidad|municipio|poblacion|ciudad localidad",
        "it": "citta|comune|localita|paese citta",
        "nl": "plaats|stad|woonplaats|plaatsnaam|gemeente|vestigingsplaats",
        "pt": "cidade|municipio|localidade|concelho",
        "other": "город|населенный пункт|mesto|miasto|miejscowosc|by|stad ort|poststed|varos|sehir|kaupunki|obec|postort",
    },
    Kind.STATE: {
        "en": "state|province|county|region|state province|state region|state code|territory|us state|prefecture"
        "|state or province|administrative area|statecode|stateprov|canton",
        "de": "bundesland|kanton|region|land kreis|landkreis",
        "fr": "departement|province|region|etat",
        "es": "provincia|estado|comunidad autonoma|region|departamento estado",
        "it": "provincia|regione|stato provincia|prov",
        "nl": "provincie|regio",
        "pt": "estado|provincia|distrito",
        "other": "область|kraj region|wojewodztwo|lan|fylke|megye|il",
    },
    Kind.POSTAL_CODE: {
        "en": "zip|zip code|zipcode|postal code|postcode|post code|postal|zip postal|postalcode|zip or postal code|zip postal code|pincode|pin code"
        "|post zip|zippostal|zip code postal code|zip5|postal zip code|your zip",
        "de": "plz|postleitzahl",
        "fr": "code postal|cp",
        "es": "codigo postal|cp|c p",
        "it": "cap|codice postale|codice di avviamento postale|codice avviamento postale",
        "nl": "postcode|post code",
        "pt": "cep|codigo postal|codigo de enderecamento postal",
        "other": "почтовый индекс|индекс|psc|kod pocztowy|postnummer|postnr|iranyitoszam|posta kodu|postinumero",
    },
    Kind.COUNTRY: {
        "en": "country|nation|country region|country name|country of residence|country territory|country code iso|nationality|country region name",
        "de": "land|staat",
        "fr": "pays",
        "es": "pais",
        "it": "paese|nazione|stato",
        "nl": "land",
        "pt": "pais",
        "other": "страна|zeme|stat zeme|kraj|krajina|orszag|ulke|maa",
    },
    Kind.CATEGORY: {
        "en": "category|categories|business category|industry|business type|type of business|sector|trade|kind of business"
        "|line of business|main category|primary category|listing category|company category|business sector|field of activity"
        "|what kind of business|industry sector|niche|profession",
        "de": "kategorie|branche|rubrik|gewerbe|hauptkategorie|art des betriebs|wirtschaftszweig|branchen|kategorien|tatigkeitsbereich",
        "fr": "categorie|secteur|secteur d activite|rubrique|type d activite|activite|type d entreprise|categories|domaine d activite|metier",
        "es": "categoria|sector|rubro|tipo de negocio|actividad|giro|ramo|tipo de empresa|categorias|rama|sector de actividad",
        "it": "categoria|settore|tipo di attivita|tipologia|settore di attivita|categorie|attivita",
        "nl": "categorie|branche|sector|rubriek|soort bedrijf|type bedrijf|bedrijfstak|categorieen",
        "pt": "categoria|setor|ramo|tipo de negocio|ramo de atividade|segmento|categorias|atividade",
    },
    Kind.DESCRIPTION: {
        "en": "description|about|about us|about your business|business description|company description|describe your business"
        "|details|full description|long description|listing description|company profile|profile|overview|about the business"
        "|tell us about your business|about your company|about the company|what do you do|describe|summary|business details"
        "|site description|detailed description|biography|company info|what you do|what does your business do",
        "de": "beschreibung|firmenbeschreibung|beschreibung des unternehmens|uber uns|unternehmensbeschreibung|firmenprofil"
        "|beschreibung ihres unternehmens|ausfuhrliche beschreibung|betriebsbeschreibung|uber ihr unternehmen|lange beschreibung",
        "fr": "description|presentation|description de l entreprise|presentation de l entreprise|a propos|description complete"
        "|decrivez votre entreprise|description longue|descriptif",
        "es": "descripcion|descripcion de la empresa|descripcion del negocio|sobre nosotros|acerca de|descripcion larga|presentacion"
        "|descripcion completa|describa su negocio|describa su empresa",
        "it": "descrizione|descrizione dell azienda|descrizione attivita|chi siamo|presentazione|descrizione completa|descrizione estesa",
        "nl": "omschrijving|beschrijving|bedrijfsomschrijving|over ons|bedrijfsbeschrijving|bedrijfsprofiel|uitgebreide omschrijving",
        "pt": "descricao|descricao da empresa|sobre nos|sobre a empresa|descricao do negocio|apresentacao|descricao completa",
    },
    Kind.SHORT_DESCRIPTION: {
        "en": "short description|brief description|tagline|slogan|summary line|one line description|teaser|excerpt|short summary"
        "|short text|brief summary|one sentence|in one sentence|headline|motto|short desc|meta description|elevator pitch|short intro",
        "de": "kurzbeschreibung|kurztext|kurze beschreibung|kurzprofil|in einem satz",
        "fr": "description courte|courte description|resume|accroche|breve description|description breve|en une phrase",
        "es": "descripcion corta|breve descripcion|descripcion breve|eslogan|lema|resumen|en una frase",
        "it": "descrizione breve|breve descrizione|motto|sintesi|in una frase",
        "nl": "korte omschrijving|korte beschrijving|samenvatting|slagzin|in een zin",
        "pt": "descricao curta|breve descricao|descricao breve|resumo|em uma frase|descricao resumida",
    },
    Kind.HOURS: {
        "en": "hours|opening hours|business hours|hours of operation|open hours|opening times|working hours|store hours|office hours"
        "|opening time|closing time|operating hours|trading hours|open from|opens|closes|opens at|closes at|hours open",
        "de": "offnungszeiten|geschaftszeiten|offnungszeit|geoffnet|schliesst|offnet|geoffnet von|burozeiten",
        "fr": "horaires|horaires d ouverture|heures d ouverture|ouverture|fermeture|ouvre a|ferme a",
        "es": "horario|horarios|horario de apertura|horas de apertura|horario comercial|horario de atencion|abre|cierra|apertura|cierre",
        "it": "orari|orario|orari di apertura|orario di apertura|apertura|chiusura|orario di lavoro",
        "nl": "openingstijden|openingsuren|open vanaf|sluit|openingstijd|sluitingstijd",
        "pt": "horario de funcionamento|horarios|horario de abertura|horario de atendimento|abertura|fechamento|abre as|fecha as",
    },
    Kind.YEAR_FOUNDED: {
        "en": "year founded|founded|established|year established|founding year|since|in business since|year of foundation|date founded"
        "|established in|year started|founded in|year opened|year of establishment|in operation since|year of incorporation",
        "de": "grundungsjahr|gegrundet|gegrundet im jahr|jahr der grundung|besteht seit|gegrundet in",
        "fr": "annee de creation|fondee en|annee de fondation|date de creation|creee en|depuis",
        "es": "ano de fundacion|fundada en|ano de creacion|fundado en|ano de inicio|desde",
        "it": "anno di fondazione|fondata nel|anno di costituzione|fondato nel|dal",
        "nl": "oprichtingsjaar|opgericht in|jaar van oprichting|opgericht|sinds",
        "pt": "ano de fundacao|fundada em|ano de criacao|fundado em|desde",
    },
    Kind.KEYWORDS: {
        "en": "keywords|tags|keyword tags|search terms|services offered|specialties|products and services|search keywords|business tags"
        "|listing tags|labels|key words|meta keywords|services",
        "de": "stichworter|schlagworter|schlusselworter|suchbegriffe|suchworter|stichworte|schlagworte",
        "fr": "mots cles|mot cle|etiquettes|motscles",
        "es": "palabras clave|etiquetas|palabras claves",
        "it": "parole chiave|etichette|tag",
        "nl": "trefwoorden|zoekwoorden|labels",
        "pt": "palavras chave|etiquetas|marcadores",
    },
    Kind.SOCIAL: {
        "en": "facebook|twitter|instagram|linkedin|youtube|x twitter|social media|social profile|social link|pinterest|tiktok"
        "|facebook url|twitter url|instagram url|linkedin url|youtube url|facebook page|linkedin page|facebook link"
        "|x com|facebook profile|instagram handle|twitter handle|social network|xing|whatsapp",
    },
    Kind.LOGO: {
        "en": "logo|logo upload|upload logo|company logo|business logo|image|photo|picture|upload image|photos|gallery|cover image|avatar",
        "de": "bild|firmenlogo|logo hochladen|foto",
        "fr": "televerser un logo|votre logo|photo|image",
        "es": "logotipo|imagen|foto|subir logo",
        "it": "immagine|carica logo|foto",
        "nl": "afbeelding|foto",
        "pt": "logotipo|imagem|foto|enviar logo",
    },
    Kind.PLAN: {
        "en": "plan|package|listing type|listing plan|listing package|choose a plan|pricing plan|membership level|listing level|membership plan|subscription plan",
        "de": "tarif|paket|eintragsart|art des eintrags",
        "fr": "formule|forfait|type d annonce|offre",
        "es": "paquete|tipo de anuncio|tarifa|tipo de listado",
        "it": "pacchetto|piano tariffario|tipo di inserzione",
        "nl": "pakket|soort vermelding|abonnement",
        "pt": "pacote|plano|tipo de anuncio",
    },
    Kind.TERMS: {
        "en": "terms|terms and conditions|terms of service|terms of use|i agree|i accept|agree|accept|tos|privacy policy|user agreement|i have read"
        "|conditions|consent|agreement|accept terms|agree to terms|rules|i confirm|certify|authorized|guidelines",
        "de": "agb|nutzungsbedingungen|bedingungen|datenschutz|datenschutzerklarung|ich akzeptiere|ich stimme|einverstanden|geschaftsbedingungen|ich bestatige",
        "fr": "conditions generales|conditions d utilisation|j accepte|cgu|politique de confidentialite|j ai lu|cgv|reglement",
        "es": "terminos|condiciones|acepto|terminos y condiciones|politica de privacidad|he leido|aviso legal",
        "it": "termini|condizioni|accetto|termini e condizioni|informativa privacy|privacy|ho letto|acconsento",
        "nl": "voorwaarden|algemene voorwaarden|ik ga akkoord|privacybeleid|akkoord",
        "pt": "termos|condicoes|aceito|concordo|termos de uso|politica de privacidade|li e aceito",
    },
    Kind.NEWSLETTER: {
        "en": "newsletter|news letter|subscribe|mailing list|marketing|special offers|email updates|keep me informed|keep me updated|send me|promotional|promotions"
        "|receive news|receive emails|receive updates|opt in|optin|offers|notify me|sign me up|updates|email me|i want to receive|i would like to receive"
        "|news and offers|receive information|follow up comments|contact me about|partner offers|third parties|sms updates",
        "de": "rundbrief|angebote|neuigkeiten|werbung|informiert werden|zusenden|abonnieren|ich mochte informationen",
        "fr": "lettre d information|recevoir|offres|actualites|infolettre|abonnez|promotions|bons plans|nouveautes",
        "es": "boletin|recibir|ofertas|novedades|suscribirme|promociones|noticias",
        "it": "notizie|offerte|ricevere|iscrivimi|novita|promozioni",
        "nl": "nieuwsbrief|aanbiedingen|ontvangen|op de hoogte",
        "pt": "boletim|receber|ofertas|novidades|promocoes|noticias",
    },
    Kind.CAPTCHA: {
        "en": "captcha|security code|verification image|type the characters|are you human|anti spam|antispam|enter the code shown|prove you are human|recaptcha"
        "|image verification|spam protection|security check|type the text|human verification|word verification|code in the image|letters shown|characters shown"
        "|image code|enter the characters|not a robot|security question answer|visual code|enter the letters|enter the word|sum of|what is the sum|vcode|verify code|seccode"
        "|human check|spam check|math question|solve",
        "de": "sicherheitscode|sicherheitsabfrage|spamschutz|zeichen im bild|rechenaufgabe|sicherheitsfrage spam|code im bild",
        "fr": "code de securite|anti robot|antirobot|code de verification image|recopiez|code anti spam|caracteres affiches",
        "es": "codigo de seguridad|no soy un robot|escriba los caracteres|codigo de la imagen|texto de la imagen",
        "it": "codice di sicurezza|non sono un robot|codice di controllo|caratteri visualizzati|codice nell immagine",
        "nl": "beveiligingscode|ik ben geen robot|controlecode|tekens in de afbeelding",
        "pt": "codigo de seguranca|nao sou um robo|caracteres da imagem|codigo da imagem",
    },
    Kind.HONEYPOT: {
        "en": "honeypot|honey pot|dummy|left unchanged|validation purposes|leave empty|leave blank|leave this field blank|leave this field empty|leave this blank|leave this empty|do not fill|do not fill this|do not fill in"
        "|don t fill|dont fill|if you are human|must be left blank|should be left blank|should be empty|must be empty|keep empty|keep this field empty|nospam"
        "|if you re human|for robots|bots only|not be filled|hpot|hp field|stay empty|do not enter|do not write|don t enter",
        "de": "leer lassen|nicht ausfullen|frei lassen|freilassen|bitte leer lassen|dieses feld leer lassen|bleibt leer|nicht fullen",
        "fr": "laisser vide|laissez vide|ne pas remplir|ne remplissez pas|laisser ce champ vide|laissez ce champ vide",
        "es": "dejar vacio|dejar en blanco|no rellenar|deje este campo vacio|no llenar|deje en blanco|no complete",
        "it": "lasciare vuoto|non compilare|lascia vuoto|lascia questo campo vuoto",
        "nl": "leeg laten|niet invullen|laat dit veld leeg|laat leeg",
        "pt": "deixar em branco|nao preencher|deixe em branco|nao preencha|deixe vazio",
    },
    Kind.SEARCH: {
        "en": "search|search for|find|query|keywords search|keyword|looking for|what are you looking for|find a business|search term|search query|searchterm|searchword|search box|qs|filter",
        "de": "suche|suchen|suchbegriff|suchwort|wonach suchen|finden|suchtext",
        "fr": "recherche|rechercher|chercher|que cherchez",
        "es": "buscar|busqueda|buscador|que busca|buscando",
        "it": "cerca|ricerca|cosa cerchi",
        "nl": "zoeken|zoek|zoekterm|waar zoekt",
        "pt": "busca|buscar|pesquisar|pesquisa|procurar",
        "other": "поиск|hledat|szukaj|sog|sok|kereses|ara|hae|vyhledavani|haku",
    },
    Kind.LOGIN: {
        "en": "username|user name|login|log in|user id|userid|member id|screen name|nickname|nick|user|login name|password|passwd|pwd|pass|handle|account name"
        "|username or email|email or username|user name or email|user or email|display name|login id|loginid|e mail or username|userlogin|log|uname"
        "|username email|email address or username|confirm password|password confirm|repeat password|remember me|stay signed in|keep me logged in|rememberme|keep me signed in",
        "de": "benutzername|benutzer|anmeldename|passwort|kennwort|nutzername|angemeldet bleiben|mitgliedsname|passwort wiederholen|benutzername oder e mail",
        "fr": "nom d utilisateur|identifiant|mot de passe|pseudo|pseudonyme|se souvenir de moi|rester connecte",
        "es": "usuario|nombre de usuario|contrasena|clave|recordarme|apodo",
        "it": "nome utente|utente|ricordami|soprannome",
        "nl": "gebruikersnaam|wachtwoord|gebruiker|onthoud mij|bijnaam|inlognaam",
        "pt": "usuario|nome de usuario|nome de utilizador|senha|palavra passe|lembrar",
        "other": "логин|пароль|имя пользователя|heslo|uzivatelske jmeno|haslo|nazwa uzytkownika|login haslo|brugernavn|brukernavn|anvandarnamn|adgangskode|passord|losenord|jelszo|felhasznalonev|sifre|vartotojo vardas|salasana|kayttajatunnus|kullanici adi",
    },
    Kind.CODE: {
        "en": "verification code|confirmation code|sms code|one time code|otp|one time password|code we sent|code sent|activation code|enter the code we sent|pin we sent|code from the e mail"
        "|text message code|6 digit code|passcode|authentication code|code from your e mail|code from the text message",
        "de": "bestatigungscode|sms code|tan|verifizierungscode|aktivierungscode|prufcode",
        "fr": "code de confirmation|code recu|code de verification|code sms|code d activation",
        "es": "codigo de verificacion|codigo de confirmacion|codigo sms|codigo de activacion",
        "it": "codice di verifica|codice di conferma|codice sms|codice di attivazione",
        "nl": "verificatiecode|bevestigingscode|sms code|activatiecode",
        "pt": "codigo de verificacao|codigo de confirmacao|codigo sms|codigo de ativacao",
    },
    Kind.PAYMENT: {
        "en": "card number|credit card|cc number|cvv|cvc|expiry date|expiration date|card holder|cardholder|name on card|iban|account number|security code cvv|card expiry|debit card"
        "|payment method|card code|sort code|routing number|credit card number|expiration month|expiration year|card type|cvv2|exp month|exp year|cc exp",
        "de": "kartennummer|kreditkarte|prufziffer|gultig bis|karteninhaber|zahlungsart|zahlungsmethode|kontoinhaber",
        "fr": "numero de carte|carte bancaire|cryptogramme|date d expiration|titulaire de la carte|mode de paiement",
        "es": "numero de tarjeta|tarjeta de credito|fecha de caducidad|titular de la tarjeta|metodo de pago|forma de pago",
        "it": "numero di carta|carta di credito|data di scadenza|titolare della carta|metodo di pagamento",
        "nl": "kaartnummer|creditcard|vervaldatum|kaarthouder|betaalmethode|rekeningnummer",
        "pt": "numero do cartao|cartao de credito|data de validade|titular do cartao|forma de pagamento",
    },
    Kind.MESSAGE: {
        "en": "message|comment|comments|your message|question|inquiry|enquiry|feedback|note|notes|remarks|additional information|review|your review|your comment|body|request details|comment text"
        "|questions|special requests|anything else|text|additional comments|reply|questions comments|your question",
        "de": "nachricht|kommentar|mitteilung|bemerkung|bemerkungen|anmerkung|anmerkungen|frage|ihre nachricht|anfrage",
        "fr": "message|commentaire|commentaires|votre message|remarques|question|remarque",
        "es": "mensaje|comentario|comentarios|consulta|observaciones|pregunta",
        "it": "messaggio|commento|commenti|richiesta|domanda|note",
        "nl": "bericht|opmerking|opmerkingen|vraag|reactie|uw bericht",
        "pt": "mensagem|comentario|comentarios|observacoes|duvida|pergunta",
        "other": "сообщение|комментарий|текст сообщения|zprava|wiadomosc|komentarz|besked|meddelande|melding|uzenet|mesaj",
    },
    Kind.OTHER: {
        "en": "fax|fax number|birthday|date of birth|birth date|birth|dob|birth day|birth month|birth year|birthdate|gender|sex|salutation|title|job title|position|coupon|promo code|discount code|invitation code"
        "|referral code|quantity|qty|amount|price|time zone|timezone|language|currency|subject|topic|middle name|middle initial|middle|mi|suffix|prefix|age|marital status|occupation"
        "|how did you hear|how did you hear about us|rating|referral|referred by|referrer|referrer name|date|day|month|year|country calling code|calling code|dial code|country dialing code|extension|ext|size|color|colour|model|department|vat number"
        "|tax id|vat|ein|license number|number of employees|employees|security question|answer|secret question|secret answer|sort by|sort|order by|per page|view|radius|distance|minimum|maximum|reason|nation code"
        "|preferred contact|best time|best time to call|check in|check out|arrival|departure|adults|children|guests|latitude|longitude|openid|skype|icq|aim|msn|yahoo|jabber|mothers maiden name"
        "|social security number|ssn|annual revenue|budget|post title|tel ext|phone type|address type|mail subject|email subject|invite code|voucher|gift|zip 4|zip4|mr mrs|gender identity|vehicle|make",
        "de": "faxnummer|geburtsdatum|geburtstag|geschlecht|anrede|titel|position|gutschein|menge|anzahl|betrag|preis|betreff|thema|alter|beruf|datum|tag|monat|jahr|abteilung|ust id|umsatzsteuer|steuernummer"
        "|mitarbeiter|sprache|wahrung|telefax|wie haben sie von uns|empfohlen von",
        "fr": "telecopie|date de naissance|naissance|sexe|civilite|fonction|quantite|objet|sujet|titre|age|jour|mois|annee|langue|siret|tva|code promo|poste|devise",
        "es": "fecha de nacimiento|nacimiento|sexo|genero|tratamiento|cargo|cantidad|asunto|titulo|edad|dia|mes|ano|idioma|referido por|recomendado por|nif|cif|rfc|segundo apellido|codigo promocional",
        "it": "data di nascita|nascita|sesso|ruolo|quantita|oggetto|titolo|eta|giorno|mese|anno|lingua|partita iva|codice fiscale|codice sconto",
        "nl": "geboortedatum|geslacht|aanhef|functie|aantal|onderwerp|titel|leeftijd|dag|maand|jaar|taal|btw nummer|kvk|kortingscode|tussenvoegsel",
        "pt": "data de nascimento|nascimento|sexo|genero|cargo|quantidade|assunto|titulo|idade|dia|mes|ano|idioma|cnpj|cpf|nif|cupom",
        "other": "тема|предмет|predmet|temat|emne|amne|targy|konu|дата рождения|отчество|пол|инн|koen|kon",
    },
}  # fmt: skip

FILLERS = frozenset(
    words_of(
        "your the a an our please enter type in here of for to and or is my this required "
        "optional new primary main ihr ihre ihren der die das den bitte eingeben und oder des "
        "eine ein im votre vos le la les l de du des et ou un une saisir entrez d su tu el los "
        "las del y o introduzca ingrese il lo gli di della dell e inserisci tuo tua un una vostra "
        "uw je het van en vul op seu sua o os da do dos digite txt tb ctl ct field input fld form "
        "f frm wpcf wpforms val id str ipt submitted wpisz podaj swoj zadejte vas vase dit din ditt indtast ange ваш ваша ваше введите"
    )
)
"""Words that say nothing about a field."""

OF = frozenset(words_of("de del della dell di do da du des d van of von der"))
"""Words after which the rest only belongs to what stood before them."""

TOKENS: dict[str, Kind] = {
    "organization": Kind.BUSINESS_NAME,
    "name": Kind.FULL_NAME,
    "given-name": Kind.FIRST_NAME,
    "family-name": Kind.LAST_NAME,
    "email": Kind.EMAIL,
    "tel": Kind.PHONE,
    "tel-national": Kind.PHONE,
    "tel-local": Kind.PHONE,
    "url": Kind.WEBSITE,
    "street-address": Kind.STREET,
    "address-line1": Kind.STREET,
    "address-line2": Kind.STREET_2,
    "address-line3": Kind.STREET_2,
    "address-level2": Kind.CITY,
    "address-level1": Kind.STATE,
    "postal-code": Kind.POSTAL_CODE,
    "country": Kind.COUNTRY,
    "country-name": Kind.COUNTRY,
    "photo": Kind.LOGO,
    "username": Kind.LOGIN,
    "nickname": Kind.LOGIN,
    "current-password": Kind.LOGIN,
    "new-password": Kind.LOGIN,
    "one-time-code": Kind.CODE,
    "cc-name": Kind.PAYMENT,
    "cc-number": Kind.PAYMENT,
    "cc-exp": Kind.PAYMENT,
    "cc-exp-month": Kind.PAYMENT,
    "cc-exp-year": Kind.PAYMENT,
    "cc-csc": Kind.PAYMENT,
    "cc-type": Kind.PAYMENT,
    "bday": Kind.OTHER,
    "sex": Kind.OTHER,
    "language": Kind.OTHER,
    "honorific-prefix": Kind.OTHER,
    "additional-name": Kind.OTHER,
    "organization-title": Kind.OTHER,
    "tel-extension": Kind.OTHER,
    "tel-country-code": Kind.PHONE,
    "tel-area-code": Kind.PHONE,
    "tel-local-prefix": Kind.PHONE,
    "tel-local-suffix": Kind.PHONE,
}
"""Autofill tokens of HTML."""
