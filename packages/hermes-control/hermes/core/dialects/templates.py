"""Texts with `{names}` in them: paths, queries, headers and bodies of requests, filled in for a run.

A template can name what a request is about, and nothing else: no key, no secret, no environment.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, cast
from urllib.parse import quote

import orjson
from pydantic import AfterValidator

NAME = re.compile(r"\{([a-zA-Z_][a-zA-Z0-9_.]{0,80})(?::(json|path))?\}")
PLAIN = frozenset(
    {"mode", "site", "site_host", "site_id", "run_id", "job_id", "service", "callback_url", "payload", "now"}
)  # fmt: skip
FAMILIES = ("payload.", "settings.", "values.")
SECRETS = ("key", "secret", "token", "password", "env")
DEEPEST = 12
LARGEST = 20_000


class Unfilled(ValueError):
    """A template names what this run does not have; the message is that name."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What templates are filled with: `names` by name, and the tables `payload`, `settings` and `values`."""

    names: Mapping[str, Any]
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])

    def value(self, name: str) -> Any:
        """The value of a name; None where there is none."""
        table, dot, inner = name.partition(".")
        return self.tables.get(table, {}).get(inner) if dot else self.names.get(name)


def checked(value: Any) -> Any:
    """A template, as it is. Raises ValueError for a name that Hermes does not fill in, or a size that no request
    has."""
    size = 0
    for depth, text in _texts(value):
        size += len(text)
        if depth > DEEPEST or size > LARGEST:
            raise ValueError(f"a template has at most {LARGEST} characters and {DEEPEST} levels")
        for name, _ in NAME.findall(text):
            _refuse_unknown(name)
    return value


def _refuse_unknown(name: str) -> None:
    if name in PLAIN or any(name.startswith(f) and "." not in name[len(f) :] for f in FAMILIES):
        return
    if any(word in name.lower() for word in SECRETS):
        raise ValueError(f"{{{name}}}: a template cannot hold a key; say where it goes in [key]")
    known = ", ".join([*sorted(PLAIN), *(f"{family}NAME" for family in FAMILIES)])
    raise ValueError(f"{{{name}}} is not filled in; use one of {known}")


def _texts(value: Any, depth: int = 0) -> Iterator[tuple[int, str]]:
    if isinstance(value, str):
        yield depth, value
    elif isinstance(value, Mapping):
        for name, inner in cast("Mapping[str, Any]", value).items():
            yield depth, name
            yield from _texts(inner, depth + 1)
    elif isinstance(value, list | tuple):
        for inner in cast("list[Any]", value):
            yield from _texts(inner, depth + 1)


def names_in(value: Any) -> set[str]:
    """Every name that stands in a template."""
    return {name for _, text in _texts(value) for name, _ in NAME.findall(text)}


def checked_path(path: str) -> str:
    """A path below the worker's address. Raises ValueError for one that leaves it."""
    if not path:
        return path
    bare = path.partition("?")[0]
    if not path.startswith("/") or path.startswith("//") or "\\" in path:
        raise ValueError("a path begins with one /")
    if ".." in bare.split("/") or "%2e" in bare.lower() or "#" in path:
        raise ValueError("a path stays below the worker's address: no .. and no #")
    if len(path) > 300 or not path.isprintable() or " " in path:
        raise ValueError("a path has at most 300 characters and no spaces")
    return checked(path)


Template = Annotated[Any, AfterValidator(checked)]
PathTemplate = Annotated[str, AfterValidator(checked_path)]


def filled(template: Any, filling: Filling) -> Any:
    """A body or query for a run. A text that is one name alone becomes its value, of whatever type; members without
    a value are left out. Raises Unfilled for a name without a value inside a longer text."""
    if isinstance(template, str):
        return _text(template, filling)
    if isinstance(template, Mapping):
        fields = cast("Mapping[str, Any]", template)
        made = {name: filled(inner, filling) for name, inner in fields.items()}
        return {name: inner for name, inner in made.items() if inner is not None}
    if isinstance(template, list | tuple):
        made = [filled(inner, filling) for inner in cast("list[Any]", template)]
        return [inner for inner in made if inner is not None]
    return template


def _text(template: str, filling: Filling) -> Any:
    alone = NAME.fullmatch(template)
    if alone and alone[2] != "json":
        value = filling.value(alone[1])
        return None if value == "" else value
    return NAME.sub(lambda match: _written(match, filling), template)


def _written(match: re.Match[str], filling: Filling) -> str:
    value = _value(match[1], filling)
    if match[2] == "json" or not isinstance(value, str | int | float):
        return orjson.dumps(value).decode()
    return str(value)


def filled_path(template: str, filling: Filling) -> str:
    """A path for a run: each value is quoted, so that it cannot leave its place. Raises Unfilled."""
    return NAME.sub(lambda match: _quoted(match, filling), template)


def _quoted(match: re.Match[str], filling: Filling) -> str:
    text = str(_value(match[1], filling))
    inner = match[2] == "path"
    parts = text.split("/") if inner else [text]
    if any(part in ("", ".", "..") for part in parts):
        raise Unfilled(match[1])
    return quote(text, safe="/" if inner else "")


def _value(name: str, filling: Filling) -> Any:
    value = filling.value(name)
    if value is None or value == "":
        raise Unfilled(name)
    return value
