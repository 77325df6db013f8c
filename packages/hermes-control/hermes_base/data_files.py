"""Words and sentences of the rules: TOML files that stand beside the code that reads them.

They are package data: read once, when first needed, and validated whole. Whoever edits such a file learns
file, key and fault from the first run; nothing half right is used.
"""

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError


class FaultyFile(ValueError):
    """A data file that is not as its model says; the message names the file and the key of every fault."""


class Data(BaseModel):
    """What a data file holds. Frozen, and a key that the model does not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _listed_once(entries: tuple[str, ...]) -> tuple[str, ...]:
    """The entries as they are. Raises ValueError for one that stands there twice, in whatever case."""
    seen = set[str]()
    for entry in entries:
        if entry.casefold() in seen:
            raise ValueError(f"{entry!r} appears twice")
        seen.add(entry.casefold())
    return entries


Entry = Annotated[str, Field(min_length=1)]
Entries = Annotated[tuple[Entry, ...], Field(min_length=1), AfterValidator(_listed_once)]
"""A list with at least one entry, each of them once; its order is kept."""

D = TypeVar("D", bound=BaseModel)


def load(module: str, name: str, model: type[D]) -> D:
    """The file `name` beside a module (`__name__` of the caller). Raises FaultyFile."""
    return parse(text_beside(module, name), name, model)


def text_beside(module: str, name: str) -> str:
    """The text of a file that lies in the package of a module."""
    return files(module.rpartition(".")[0]).joinpath(name).read_text("utf-8")


def parse(text: str, name: str, model: type[D]) -> D:
    """TOML as its model; `name` is the file's, for messages. Raises FaultyFile."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FaultyFile(f"{name} is not TOML: {error}") from None
    return validated(values, name, model)


def validated(values: Mapping[str, object], name: str, model: type[D]) -> D:
    """What a file holds as its model. Raises FaultyFile."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise FaultyFile(f"{name}: {'; '.join(_faults(error))}") from None


def _faults(error: ValidationError) -> Iterator[str]:
    for fault in error.errors(include_url=False):
        key = ".".join(str(part) for part in fault["loc"] if part != "[key]")
        message = fault["msg"].removeprefix("Value error, ")
        yield f"{key}: {message}" if key else message
