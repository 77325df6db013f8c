"""The words by which fields are known, as they stand in field_words.toml."""

from functools import cache
from typing import Literal

from pydantic import model_validator

from directory_bolt.core.forms.kinds import Kind
from directory_bolt.core.forms.word_lists import WordList
from directory_bolt.core.forms.words import words_of
from hermes_base.data_files import Data, Entries, load

FILE = "field_words.toml"
Language = Literal["en", "de", "fr", "es", "it", "nl", "pt", "other"]


class FieldWords(Data):
    """The whole file; what each list means is said there.

    `after_street` and `autofill` are by word and by token of HTML, `phrases` by kind and language.
    """

    fillers: WordList
    of: WordList
    vague: WordList
    both: WordList
    either: WordList
    birth: WordList
    misleading: Entries
    after_street: dict[str, Kind]
    autofill: dict[str, Kind]
    phrases: dict[Kind, dict[Language, Entries]]

    @model_validator(mode="after")
    def _one_kind_each(self) -> "FieldWords":
        """A phrase of two kinds would silently belong to the first of them."""
        kinds = dict[tuple[str, ...], Kind]()
        for kind, languages in self.phrases.items():
            for phrase in (phrase for phrases in languages.values() for phrase in phrases):
                if kinds.setdefault(words_of(phrase), kind) is not kind:
                    first = kinds[words_of(phrase)]
                    raise ValueError(f"phrases.{kind}: {phrase!r} is a phrase of {first} already")
        return self


@cache
def field_words() -> FieldWords:
    """The words, read when they are first needed. Raises FaultyFile."""
    return load(__name__, FILE, FieldWords)
