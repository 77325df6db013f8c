"""What customers are told by email: the words stand in letter_texts.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from pydantic import RootModel, model_validator

from hermes_base.data_files import Data, Entry, load

FILE = "letter_texts.toml"
LetterKind = Literal["received", "needs_profile", "finished"]


class LetterWords(Data):
    """Subject and text of one kind of letter."""

    subject: Entry
    text: Entry


class AllLetterWords(RootModel[dict[LetterKind, LetterWords]]):
    """Every kind of letter, in words."""

    @model_validator(mode="after")
    def _complete(self) -> "AllLetterWords":
        if missing := [kind for kind in get_args(LetterKind) if kind not in self.root]:
            raise ValueError(f"{missing[0]} has no words")
        return self


@dataclass(frozen=True, slots=True)
class Letter:
    """One email as it is sent. `name` tells it from all others, however often it is tried."""

    name: str
    to: str
    subject: str
    text: str


@cache
def _words() -> Mapping[LetterKind, LetterWords]:
    return load(__name__, FILE, AllLetterWords).root


def letter(name: str, kind: LetterKind, to: str, business: str, link: str) -> Letter:
    """The letter of this kind; line breaks in a name do not reach the subject."""
    words = _words()[kind]
    business = " ".join(business.split())
    return Letter(
        name, to, words.subject.replace("{business}", business),
        words.text.replace("{business}", business).replace("{link}", link).lstrip("\n"),
    )  # fmt: skip
