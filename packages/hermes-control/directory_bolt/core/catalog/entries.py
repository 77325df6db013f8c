"""Entries of the catalog of directories, as a business gives them: JSON or CSV."""

import csv
import io
import json
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from hermes_base.problems import Problem
from hermes_base.view import View

MOST_ENTRIES = 2_000
Address = Annotated[str, Field(max_length=2_000, pattern=r"^https?://[^\s/]+(/\S*)?$")]


class DirectoryEntry(View):
    """One directory. `submission_url` is the page with its form and is kept whole, with path and query."""

    model_config = ConfigDict(
        frozen=True, alias_generator=to_camel, populate_by_name=True, extra="forbid",
        str_strip_whitespace=True,
    )  # fmt: skip
    name: Annotated[str, Field(min_length=1, max_length=200)]
    submission_url: Address
    category: Annotated[str, Field(min_length=1, max_length=100)] = "general"
    tier: Annotated[int, Field(ge=1, le=4, description="1 is used first, 4 last")] = 3
    domain_authority: Annotated[int, Field(ge=0, le=100)] | None = None
    lookup_url: Annotated[
        Address | None, Field(description="Where a listing is looked up; {name} is the business")
    ] = None
    pacing_seconds: Annotated[
        float, Field(ge=0, le=86_400, description="Least time between two visits, in seconds")
    ] = 5.0
    terms_decision: Literal["unknown", "allowed", "refused"] = "unknown"
    terms_note: Annotated[str, Field(max_length=500)] = ""

    @model_validator(mode="after")
    def _storable(self) -> Self:
        if (
            "\0"
            in f"{self.name}{self.submission_url}{self.category}{self.lookup_url}{self.terms_note}"
        ):
            raise ValueError("NUL characters are not allowed")
        return self


Entries = Annotated[list[DirectoryEntry], Field(min_length=1, max_length=MOST_ENTRIES)]
ENTRIES: TypeAdapter[list[DirectoryEntry]] = TypeAdapter(Entries)


def entries_of(text: str, *, is_csv: bool) -> list[DirectoryEntry]:
    """Read a JSON list of entries, or CSV with a header of their fields. An empty cell is not given.

    Raises `invalid_request`, naming the entry (the first is 1) and the field.
    """
    try:
        given: Any = _rows(text) if is_csv else json.loads(text)
    except (ValueError, csv.Error) as error:
        message = f"The file is not {'CSV' if is_csv else 'JSON'}: {error}."
        raise Problem("invalid_request", message, "Send a list of directories.") from error
    try:
        return ENTRIES.validate_python(given)
    except ValidationError as error:
        raise _problem(error) from error


def _rows(text: str) -> list[dict[str, str]]:
    found = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), restkey="more", strict=True)
    return [{name: cell for name, cell in row.items() if cell} for row in found]


def _problem(error: ValidationError) -> Problem:
    first = error.errors(include_url=False, include_input=False)[0]
    where = first["loc"]
    entry = f"Entry {where[0] + 1}" if where and isinstance(where[0], int) else "The list"
    field = ".".join(map(str, where[1:]))
    message = f"{entry}{f', {field}' if field else ''}: {first['msg']}."
    return Problem(
        "invalid_request", message, "Correct it; nothing was changed.", field=field or None
    )
