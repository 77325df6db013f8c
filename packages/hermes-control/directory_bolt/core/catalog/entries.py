"""Entries of the catalog of directories, as a business gives them: JSON, CSV or TOML."""

import csv
import io
import json
import tomllib
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from hermes_base.problems import Problem
from hermes_base.view import View

MOST_ENTRIES = 2_000
Format = Literal["csv", "json", "toml"]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Address = Annotated[str, Field(max_length=2_000, pattern=r"^https?://[^\s/]+(/\S*)?$")]


class DirectoryFacts(View):
    """What a business knows of a directory beside its name and address."""

    model_config = ConfigDict(
        frozen=True, alias_generator=to_camel, populate_by_name=True, extra="forbid",
        str_strip_whitespace=True,
    )  # fmt: skip
    category: Annotated[str, Field(min_length=1, max_length=100)] = "general"
    tier: Annotated[int, Field(ge=1, le=4, description="1 is used first, 4 last")] = 3
    domain_authority: Annotated[int, Field(ge=0, le=100)] | None = None
    lookup_url: Annotated[
        Address | None, Field(description="Where a listing is looked up; {name} is the business")
    ] = None
    pacing_seconds: Annotated[
        float, Field(ge=0, le=86_400, description="Least time between two visits, in seconds")
    ] = 5.0

    @model_validator(mode="after")
    def _storable(self) -> Self:
        if any("\0" in each for each in self.model_dump().values() if isinstance(each, str)):
            raise ValueError("NUL characters are not allowed")
        return self


class DirectoryEntry(DirectoryFacts):
    """One directory. `submission_url` is the page with its form and is kept whole, with path and query."""

    name: Name
    submission_url: Address
    terms_decision: Literal["unknown", "allowed", "refused"] = "unknown"
    terms_note: Annotated[str, Field(max_length=500)] = ""


class DirectoryChanges(DirectoryFacts):
    """What is to change of a directory: the fields that are given. Its terms are decided apart."""

    name: Name | None = Field(default=None, description="null: as it is")
    submission_url: Address | None = Field(default=None, description="null: as it is")

    def on(self, known: Mapping[str, Any]) -> DirectoryEntry:
        """The directory as it is afterwards. `known` holds its fields, by their names here."""
        given = self.model_dump(exclude_unset=True)
        kept = {name for name in ("name", "submission_url") if given.get(name, "") is None}
        changed = {name: value for name, value in given.items() if name not in kept}
        fields = {name: known[name] for name in DirectoryEntry.model_fields}
        return DirectoryEntry.model_validate({**fields, **changed})


Entries = Annotated[list[DirectoryEntry], Field(min_length=1, max_length=MOST_ENTRIES)]
ENTRIES: TypeAdapter[list[DirectoryEntry]] = TypeAdapter(Entries)


def entries_of(text: str, kind: Format) -> list[DirectoryEntry]:
    """Read entries: a JSON list, TOML tables `[[directories]]`, or CSV with a header of their fields.

    An empty cell of CSV is not given. Raises `invalid_request`, naming the entry (the first is 1) and the
    field.
    """
    try:
        given = _tables(text, kind)
    except (ValueError, csv.Error) as error:  # what JSON and TOML raise are ValueErrors
        message = f"This is not {kind.upper()}: {error}."
        raise Problem("invalid_request", message, "Send a list of directories.") from error
    try:
        return ENTRIES.validate_python(given)
    except ValidationError as error:
        raise _problem(error) from error


def entry_of(fields: Mapping[str, str]) -> DirectoryEntry:
    """One entry from the fields of a form; an empty one is not given. Raises `invalid_request` with its field."""
    try:
        return DirectoryEntry.model_validate({name: each for name, each in fields.items() if each})
    except ValidationError as error:
        raise _problem(error) from error


def changes_of(fields: Mapping[str, str]) -> DirectoryChanges:
    """Changes from the fields of a form: each that is named. Raises `invalid_request` with its field."""
    emptied = ("domain_authority", "lookup_url")
    given = {name: None if name in emptied and not each else each for name, each in fields.items()}
    try:
        return DirectoryChanges.model_validate(given)
    except ValidationError as error:
        raise _problem(error) from error


def _tables(text: str, kind: Format) -> Any:
    if kind == "csv":
        return _rows(text)
    if kind == "json":
        return json.loads(text)
    return tomllib.loads(text).get("directories", [])


def _rows(text: str) -> list[dict[str, str]]:
    found = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), restkey="more", strict=True)
    return [{name: cell for name, cell in row.items() if cell} for row in found]


def _problem(error: ValidationError) -> Problem:
    first = error.errors(include_url=False, include_input=False)[0]
    where = first["loc"]
    is_listed = bool(where) and isinstance(where[0], int)
    entry = f"Entry {int(where[0]) + 1}" if is_listed else "The list" if not where else ""
    field = ".".join(map(str, where[1:] if is_listed else where))
    message = f"{', '.join(filter(None, (entry, field)))}: {first['msg']}."
    return Problem(
        "invalid_request", message, "Correct it; nothing was changed.", field=field or None
    )
