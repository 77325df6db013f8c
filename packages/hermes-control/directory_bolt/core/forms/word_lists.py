"""A list of a data file whose entries are compared with the words of pages."""

from collections.abc import Iterable
from functools import cached_property

from pydantic import ConfigDict, RootModel, field_validator

from directory_bolt.core.forms.words import words_of
from hermes_base.data_files import Entries


class WordList(RootModel[Entries]):
    """Single words, at least one, each once; written as people write them, compared in plain letters."""

    model_config = ConfigDict(frozen=True)

    @field_validator("root")
    @classmethod
    def _single(cls, entries: tuple[str, ...]) -> tuple[str, ...]:
        several = [entry for entry in entries if len(words_of(entry)) != 1]
        if several:
            raise ValueError(f"{several[0]!r} is not a single word")
        return entries

    @cached_property
    def words(self) -> frozenset[str]:
        """The words in small letters without accents."""
        return frozenset(word for entry in self.root for word in words_of(entry))

    def __contains__(self, word: str) -> bool:
        return word in self.words

    def among(self, words: Iterable[str]) -> bool:
        """Whether at least one of these plain words is on the list."""
        return not self.words.isdisjoint(words)
