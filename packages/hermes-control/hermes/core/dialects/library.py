"""The dialects that ship with Hermes, those of an installation, and what a worker's secret or catalog entry changes.

A dialect is at most 64 KB of TOML, named like its file. Nothing of a faulty file is used.
"""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, cast

import orjson

from hermes.core.dialects.dialect import Dialect
from hermes_base.data_files import FaultyFile, parse, validated

LARGEST = 64_000
HERMES = "hermes_v1"


def read(text: str, file: str) -> Dialect:
    """A dialect from the text of its file. Raises FaultyFile with every fault by its key."""
    if len(text.encode()) > LARGEST:
        raise FaultyFile(f"{file} is larger than {LARGEST // 1000} KB")
    try:
        dialect = parse(text, file, Dialect)
    except RecursionError:
        raise FaultyFile(f"{file} is nested too deeply") from None
    if dialect.name != file.rpartition("/")[2].removesuffix(".toml"):
        raise FaultyFile(f"{file}: name: the dialect {dialect.name!r} is in a file of another name")
    return dialect


@lru_cache(maxsize=1)
def shipped_texts() -> Mapping[str, str]:
    """The files that ship with Hermes, by the name of their dialect."""
    found = (files(__package__ or "") / "shipped").iterdir()
    texts = {file.name: file.read_text("utf-8") for file in found if file.name.endswith(".toml")}
    return {name.removesuffix(".toml"): texts[name] for name in sorted(texts)}


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Dialect]:
    """Every dialect that ships with Hermes, by name."""
    return {name: read(text, f"{name}.toml") for name, text in shipped_texts().items()}


class UnknownDialect(ValueError):
    """A secret or a catalog entry names a dialect that is not there, or changes it into none; the message is a
    sentence."""


@lru_cache(maxsize=256)
def changed(text: str, changes: str) -> Dialect:
    """The dialect of a file (`text`) with the parts that `changes` (JSON) says. Raises UnknownDialect."""
    told = tomllib.loads(text)
    try:
        return validated(_merged(told, orjson.loads(changes)), "the dialect", Dialect)
    except FaultyFile as error:
        raise UnknownDialect(f"has a dialect that is none: {error}") from None


def _merged(told: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Tables are merged, everything else is replaced."""
    made = dict(told)
    for name, value in changes.items():
        before = made.get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            made[name] = _merged(cast("dict[str, Any]", before), cast("dict[str, Any]", value))
        else:
            made[name] = value
    return made


class Dialects:
    """The dialects that an installation knows. `own`: texts of its own files by name; they go before those that ship.
    `faults`: why files of its own are not used."""

    def __init__(
        self, own: Mapping[str, str] | None = None, faults: Mapping[str, str] | None = None
    ) -> None:
        self.own = dict(own or {})
        self._texts = {**shipped_texts(), **self.own}
        self._faults = dict(faults or {})

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all dialects, in their order."""
        return tuple(sorted(self._texts))

    def text(self, name: str) -> str:
        """The file of a dialect as it stands. Raises UnknownDialect."""
        if name in self._texts:
            return self._texts[name]
        if name in self._faults:
            raise UnknownDialect(f"names a dialect whose file cannot be used: {self._faults[name]}")
        known = ", ".join(self.names)
        raise UnknownDialect(
            f"names the dialect {name[:60]!r}, which does not exist. Use one of: {known}."
        )

    def dialect(self, name: str) -> Dialect:
        """A dialect by its name. Raises UnknownDialect."""
        return changed(self.text(name), "{}")

    def spoken(self, catalog: object, secret: object) -> tuple[Dialect, Mapping[str, Any]] | None:
        """(the dialect, its values) of a worker, by its catalog entry and its secret: each a name, or a table of `name`,
        `values` and changed parts. None where neither names one. Raises UnknownDialect."""
        of_catalog, of_secret = _table(catalog), _table(secret)
        if of_secret.get("name", of_catalog.get("name")) != of_catalog.get("name"):
            of_catalog = {}
        told = _merged(of_catalog, of_secret)
        if not told:
            return None
        name = str(told.pop("name", HERMES))
        values = told.pop("values", {})
        dialect = changed(self.text(name), orjson.dumps(told).decode())
        return dialect, _valued(dialect, cast("Mapping[str, Any]", values))


def _table(told: object) -> dict[str, Any]:
    if isinstance(told, str):
        return {"name": told} if told else {}
    return dict(cast("Mapping[str, Any]", told)) if isinstance(told, Mapping) else {}


def _valued(dialect: Dialect, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a dialect, given or by default. Raises UnknownDialect for one that is missing or not known."""
    wrong = sorted(set(given) - set(dialect.values))
    missing = sorted(n for n, v in dialect.values.items() if v.default is None and not given.get(n))
    if wrong:
        raise UnknownDialect(f"gives the value {wrong[0]!r}, which {dialect.title} does not have.")
    if missing:
        what = ", ".join(f"{name} ({dialect.values[name].what})" for name in missing)
        raise UnknownDialect(
            f"does not give what {dialect.title} needs under dialect.values: {what}."
        )
    defaults = {name: value.default for name, value in dialect.values.items()}
    return {**defaults, **given}
