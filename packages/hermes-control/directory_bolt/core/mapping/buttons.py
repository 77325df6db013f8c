"""Which button of a form goes on."""

from functools import cache

from directory_bolt.core.forms.page import Button, Form
from directory_bolt.core.forms.word_lists import WordList
from directory_bolt.core.forms.words import words_of
from hermes_base.data_files import Data, Entries, load


class ButtonWords(Data):
    """button_words.toml; what each list means is said there."""

    goes_on: WordList
    firm: WordList
    stops: WordList
    stop_phrases: Entries


@cache
def button_words() -> ButtonWords:
    """The words, read when they are first needed. Raises FaultyFile."""
    return load(__name__, "button_words.toml", ButtonWords)


def press(form: Form, *, firm: bool = False) -> Button | None:
    """The button that sends the form or goes on; None without any. `firm`: only clear words count."""
    seen = [button for button in form.buttons if not button.hidden and not button.shut]
    ranked = sorted(seen, key=_rank, reverse=True)
    if not ranked or _rank(ranked[0]) <= 0:
        return None
    return ranked[0] if not firm or button_words().firm.among(words_of(ranked[0].text)) else None


def _rank(button: Button) -> int:
    """0 for a button that does something else; the more it says that it goes on, the higher."""
    listed, words = button_words(), words_of(button.text)
    if listed.stops.among(words) or any(p in " ".join(words) for p in listed.stop_phrases):
        return 0
    submits = button.type in ("submit", "image")
    return 4 * listed.goes_on.among(words) + 2 * submits + listed.firm.among(words)
