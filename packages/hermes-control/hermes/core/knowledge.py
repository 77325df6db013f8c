"""The knowledge base: entries of advice, what findings they answer, and the documents they rest on."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

SOURCES = "sources.toml"
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Finding = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+){0,2}$")]
Text = Annotated[str, StringConstraints(min_length=20, max_length=900, strip_whitespace=True)]
Evidence = Literal["standard", "documented", "measured", "practice"]
"""A specification demands it; a search engine or vendor documents it; it was measured; it is usual."""


class Part(BaseModel):
    """Frozen, and unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Document(Part):
    """A document that advice rests on."""

    title: Annotated[str, StringConstraints(min_length=3, max_length=160)]
    url: Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$")]
    publisher: str


class Entry(Part):
    """One piece of advice. `applies_to`: findings it answers; `tip`: one step for one sitting."""

    id: Id
    topic: str
    title: Annotated[str, StringConstraints(min_length=10, max_length=100)]
    advice: Text
    why: Text
    check: Text
    tip: Text
    applies_to: tuple[Finding, ...] = ()
    evidence: Evidence
    sources: Annotated[tuple[Id, ...], Field(min_length=1)]
    reviewed: date


class Knowledge(Part):
    """Everything that ships. `version` changes with every change of the data."""

    version: str
    documents: dict[Id, Document]
    entries: tuple[Entry, ...]


def read(texts: Mapping[str, str]) -> Knowledge:
    """Files by name (TOML). Raises ValueError that names file and entry of the first fault."""
    head = tomllib.loads(texts[SOURCES])
    documents = {name: Document.model_validate(each) for name, each in head["documents"].items()}
    entries = tuple(entry for name in sorted(texts) for entry in _entries(name, texts[name]))
    _require_whole(entries, documents)
    joined = "\0".join(f"{name}\0{texts[name]}" for name in sorted(texts))
    digest = hashlib.sha256(joined.encode()).hexdigest()[:12]
    return Knowledge(version=f"{head['version']}+{digest}", documents=documents, entries=entries)


def _entries(name: str, text: str) -> Iterator[Entry]:
    if name == SOURCES:
        return
    file = tomllib.loads(text)
    for number, fields in enumerate(file["entries"], 1):
        content: dict[str, Any] = {"topic": file["topic"], "reviewed": file["reviewed"], **fields}
        try:
            yield Entry.model_validate(content)
        except ValueError as error:
            raise ValueError(f"{name}, {fields.get('id', f'entry {number}')}: {error}") from error


def _require_whole(entries: tuple[Entry, ...], documents: Mapping[str, Document]) -> None:
    """Every id once, every source known, no document unused."""
    ids = [entry.id for entry in entries]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        raise ValueError(f"There is more than one entry {twice[0]}.")
    used = {source for entry in entries for source in entry.sources}
    if unknown := sorted(used - documents.keys()):
        raise ValueError(f"The source {unknown[0]} is not in {SOURCES}.")
    if unused := sorted(documents.keys() - used):
        raise ValueError(f"No entry names the source {unused[0]}.")
