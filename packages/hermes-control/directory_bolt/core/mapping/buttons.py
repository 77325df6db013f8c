"""Which button of a form goes on."""

from directory_bolt.core.forms.forms import Button, Form
from directory_bolt.core.forms.words import words_of

GOES_ON = frozenset(
    words_of(
        "submit send add list register publish save continue next confirm create finish proceed "
        "join apply complete post go done absenden senden eintragen weiter abschicken bestatigen "
        "anmelden speichern einreichen hinzufugen envoyer soumettre valider continuer suivant "
        "ajouter confirmer inscrire publier enregistrer enviar siguiente continuar anadir "
        "confirmar registrar publicar agregar guardar invia inviare avanti continua aggiungi "
        "conferma registra pubblica salva verzenden versturen volgende doorgaan toevoegen "
        "bevestigen aanmelden opslaan submeter seguinte proximo adicionar salvar gravar"
    )
)
STOPS = frozenset(
    words_of(
        "cancel back reset clear search find login previous preview upload browse remove delete "
        "close logout abbrechen zuruck suchen loschen anmeldung annuler retour rechercher effacer "
        "cancelar volver buscar borrar annulla indietro cerca annuleren terug zoeken voltar "
        "procurar facebook google apple"
    )
)
STOP_PHRASES = (
    "sign in",
    "log in",
    "add another",
    "add more",
    "add row",
    "add photo",
    "choose file",
    "save draft",
    "save as draft",
    "submit another",
    "send feedback",
    "later",
    "spater",
    "plus tard",
    "mas tarde",
    "piu tardi",
    "entwurf",
    "brouillon",
    "borrador",
    "bozza",
    "rascunho",
)
FIRM = frozenset(
    words_of(
        "confirm submit send publish finish complete bestatigen absenden confirmer envoyer "
        "confirmar enviar conferma invia bevestigen verzenden versturen"
    )
)


def press(form: Form, *, firm: bool = False) -> Button | None:
    """The button that sends the form or goes on; None without any. `firm`: only clear words count."""
    seen = [button for button in form.buttons if not button.hidden and not button.shut]
    ranked = sorted(seen, key=_rank, reverse=True)
    if not ranked or _rank(ranked[0]) <= 0:
        return None
    return ranked[0] if not firm or FIRM & set(words_of(ranked[0].text)) else None


def _rank(button: Button) -> int:
    words = words_of(button.text)
    if STOPS & set(words) or any(phrase in " ".join(words) for phrase in STOP_PHRASES):
        return 0
    submits = button.type in ("submit", "image")
    return 4 * bool(GOES_ON & set(words)) + 2 * submits + bool(FIRM & set(words))
