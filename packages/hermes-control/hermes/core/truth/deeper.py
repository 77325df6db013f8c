"""Outputs in objects of names that nobody promised: under the name of the service, in JSON:API's
attributes, in lists of name and value, in a text that is JSON. Looked for only where the usual places
lack them; never in what speaks of another time, of the request, or of how an answer looks.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, cast

from hermes.core.contracts.reading import rows_of_table, squashed

Fields = Mapping[str, Any]

DEEPEST = 6
MOST_OBJECTS = 400
LONGEST_TEXT = 2_000_000
ANOTHER_MATTER = frozenset(map(squashed, (
    "previous", "previous_result", "previous_results", "previous_run", "last", "last_result", "last_results", "last_run", "last_known", "lastKnownGood", "history", "old",
    "before", "earlier", "baseline", "archive", "cached", "cache", "stale", "example", "examples", "sample", "samples", "demo", "mock", "mock_data", "sample_data", "demo_data",
    "placeholder", "placeholders", "dummy", "fake", "fixture", "fixtures", "template", "schema", "shape", "spec", "docs", "documentation", "definitions", "expected", "expected_outputs",
    "targets", "goals", "thresholds", "limits", "budget", "benchmark", "benchmarks", "average", "averages", "industry", "request", "requested", "input", "inputs", "params",
    "parameters", "query", "settings", "config", "configuration", "options", "asked", "echo", "payload_received", "headers", "error", "errors", "missing", "failed", "failures",
    "provenance", "artifacts", "debug", "context", "defaults", "default", "fallback", "predicted", "forecast", "projected", "estimate", "estimates", "competitor", "compare",
    "comparison", "partial", "preview", "draft_result", "pending", "next", "future", "simulated", "synthetic", "test", "tests", "progress",
)))  # fmt: skip
NAMES_OF = ("name", "slug", "key", "id", "metric", "output", "label", "field", "kpi", "code")
VALUES_OF = ("value", "result", "data", "values", "val", "amount", "content", "items")
REQUEST = (
    frozenset({"mode", "site"}),
    frozenset({"mode", "siteid"}),
    frozenset({"settings", "site"}),
)
"""An object with all of these is the request, sent back."""


def deeper(
    document: Fields, promised: Collection[str], slugs: Collection[str]
) -> list[tuple[str, dict[str, Any]]]:
    """Objects that hold an output by its slug, or two by any of their names (`promised`): (path, fields by
    squashed name), the one with most of them first. All names are squashed."""
    found: list[tuple[int, int, str, dict[str, Any]]] = []
    for number, (path, fields) in enumerate(_objects(document, "", promised, DEEPEST)):
        if number >= MOST_OBJECTS:
            break
        place = {
            squashed(name): value for name, value in sorted(fields.items()) if value is not None
        }
        held = sum(name in promised for name in place)
        enough = held > 1 or any(name in slugs for name in place)
        if enough and not any(marks <= place.keys() for marks in REQUEST):
            found.append((-held, path.count("."), path, place))
    found.sort(key=lambda each: each[:3])
    return [(path, place) for _, _, path, place in found]


def _objects(
    value: Any, path: str, promised: Collection[str], depth: int
) -> Iterator[tuple[str, Fields]]:
    if isinstance(value, str):
        value = json_in(value)
    if isinstance(value, list):
        yield from _in_list(cast("list[Any]", value), path, promised, depth)
    if not isinstance(value, dict):
        return
    fields = cast("dict[str, Any]", value)
    if any(_dotted(name, value) for name, value in fields.items()):
        fields = _undotted(fields)
    rows = rows_of_table(fields)
    if rows is not None and len(rows) == 1:
        yield path, rows[0]
    yield path, fields
    if depth:
        for name in sorted(fields):
            short = squashed(name)
            if short not in ANOTHER_MATTER and short not in promised:
                yield from _objects(fields[name], f"{path}.{name}".strip("."), promised, depth - 1)


def _in_list(
    rows: list[Any], path: str, promised: Collection[str], depth: int
) -> Iterator[tuple[str, Fields]]:
    """A list of names and values as one object; a list of one object as that object."""
    pairs = [pair for row in rows if (pair := _pair(row)) is not None]
    if pairs and len(pairs) == len(rows):
        yield path, dict(pairs)
    elif len(rows) == 1 and isinstance(rows[0], dict):
        yield from _objects(rows[0], path, promised, depth)


def _pair(row: Any) -> tuple[str, Any] | None:
    if not isinstance(row, dict):
        return None
    fields: dict[str, Any] = {squashed(n): v for n, v in cast("Fields", row).items()}
    name = next((fields[n] for n in NAMES_OF if isinstance(fields.get(n), str)), None)
    held = next((n for n in VALUES_OF if n in fields), None)
    if name is None or held is None:
        return None
    unit, value = fields.get("unit") or fields.get("units"), fields[held]
    if unit and not isinstance(value, dict | list | bool):
        return name, {"value": value, "unit": unit}
    return name, cast("Any", value)


def _dotted(name: str, value: Any) -> bool:
    """Whether a name is a flattened path; a host or an address holds an object."""
    return "." in name and "/" not in name and not isinstance(value, dict)


def _undotted(fields: Fields) -> dict[str, Any]:
    """`result.outputs.lcp` as `lcp`: the last part of a flattened path names what it holds."""
    whole = {name: value for name, value in fields.items() if not _dotted(name, value)}
    parts = {
        name.rpartition(".")[2]: value
        for name, value in sorted(fields.items())
        if _dotted(name, value)
        and not any(squashed(step) in ANOTHER_MATTER for step in name.split("."))
    }
    return {**parts, **whole}


def json_in(text: str) -> Any:
    """What a text holds, if it is a JSON object or list; None otherwise."""
    told = text.strip()
    if not told.startswith(("{", "[")) or len(told) > LONGEST_TEXT:
        return None
    try:
        return json.loads(told, parse_constant=_refused)
    except (ValueError, RecursionError):
        return None


def _refused(_: str) -> None:
    raise ValueError
