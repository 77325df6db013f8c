"""Rows of the outside: what each says of itself, and how a row that does not hold yet is held to that.

A row tells what the product must do. One that the product does not do yet says so (`holds = false`), with
the issue that will close it and with what is seen today; its test fails as soon as either is no longer true.
"""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator

HERE = Path(__file__).parent
ISSUES = range(15, 23)
"""The issues that may close a row: those still open when the place was made."""
R = TypeVar("R", bound="Marked")

Sentence = Annotated[str, Field(pattern=r"^\S.{9,}[.?!]$")]
Source = Annotated[str, Field(pattern=r"^(own|[^:]{2,60}): \S.{3,}$")]
"""Where the kind comes from: `own: ...` for what was thought out here, else the name of the product and
of its page, or the repository and the number of its issue."""


class Entry(BaseModel):
    """A part of a row; a field that nobody knows is a fault of the row."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Marked(Entry):
    """What may not hold yet. `seen` is what the product does today instead."""

    holds: bool = True
    issue: int | None = Field(default=None, ge=min(ISSUES), le=max(ISSUES))
    seen: str = ""

    @model_validator(mode="after")
    def _mark_is_whole(self) -> Self:
        if self.holds == bool(self.issue is not None or self.seen):
            raise ValueError(
                "a row that does not hold has an issue and what is seen; others neither"
            )
        if not self.holds and not (self.issue and self.seen):
            raise ValueError(
                "a row that does not hold names the issue that closes it and what is seen"
            )
        return self


class Row(Marked):
    """A row of its own: `why` is what makes it worth a row, in one sentence of ours."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{4,70}$")
    why: Sentence
    source: Source


def read(file: Path, name: str, kind: type[R]) -> list[R]:
    """The rows of one file, below `[[name]]`."""
    return [kind.model_validate(each) for each in document(file)[name]]


@cache
def document(file: Path) -> dict[str, Any]:
    """A file of rows as it stands."""
    return tomllib.loads(file.read_text("utf-8"))


def parameters(rows: Iterable["Row"]) -> Any:
    """The rows as parameters of a test, each under its own name."""
    return pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in rows])


def hold(mark: Marked, seen: str, *broken: str) -> None:
    """Hold a row to what it says: nothing is `broken`, or exactly what was `seen` when it was marked."""
    if mark.holds:
        assert not broken, f"{seen}; promised: {', '.join(broken)}"
        return
    assert broken, f"This holds now: take holds, issue ({mark.issue}) and seen out of the row."
    assert seen == mark.seen, (
        "It fails in another way than the row says: look why, then change `seen`."
    )
