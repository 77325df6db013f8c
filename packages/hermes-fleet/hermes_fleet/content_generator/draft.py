"""A draft as either engine writes it; the same model is the JSON schema that a language model is given."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from hermes_fleet.content_generator.text import count


def _said(text: str) -> str:
    """Checked here and not in the schema: strict servers refuse limits on strings there."""
    text = " ".join(text.split())
    if not text:
        raise ValueError("must not be empty")
    return text


def _some(found: list["Section"]) -> list["Section"]:
    if not found:
        raise ValueError("needs at least one section")
    return found


def _sentences(found: list["Sentence"]) -> list["Sentence"]:
    if not found:
        raise ValueError("needs at least one sentence")
    return found


Text = Annotated[str, AfterValidator(_said)]


class Part(BaseModel):
    """Every field is required and no other is allowed, as structured outputs want it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sentence(Part):
    """`source` is the address of the page that says so."""

    text: Text
    source: str


class Section(Part):
    """A headed part of the text."""

    heading: Text
    sentences: Annotated[list[Sentence], AfterValidator(_sentences)]

    @property
    def text(self) -> str:
        """All of it on one line."""
        return " ".join(each.text for each in self.sentences)


class Question(Part):
    """A question, its answer, and the address of the page that answers it."""

    question: Text
    answer: Text
    source: str


class Link(Part):
    """An address of the site and the words that lead there."""

    anchor: Text
    url: str


class Draft(Part):
    """A text about one topic. Sections come before questions and links: what is cut off is the end."""

    title: Text
    description: Text
    sections: Annotated[list[Section], AfterValidator(_some)]
    questions: list[Question]
    links: list[Link]

    @property
    def sentences(self) -> Iterator[Sentence]:
        """The sentences of all sections, in reading order."""
        return (sentence for section in self.sections for sentence in section.sentences)

    @property
    def text(self) -> str:
        """The text of all sections, without their headings."""
        return " ".join(section.text for section in self.sections)

    @property
    def words(self) -> int:
        """Words and numbers of the sections' text."""
        return count(self.text)
