"""Where the words of an envelope stand: at the top, under `data`, and in the objects that describe a job."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

ALWAYS_STATUS = ("status", "state")
"""Fields of which a word that nobody knows is a status all the same."""
JOBS = ("job", "run", "task", "execution", "operation", "crawl", "scan", "build", "workflow")
"""Objects that describe the job."""
METAS = ("meta", "metadata", *ALWAYS_STATUS)
"""Objects that may say how it ended."""
RESULTS = ("result", "results", "report")


def places(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Where the words of the envelope may stand: at the top, under `data`, and under `job` and its like."""
    found = [fields]
    if isinstance(data := fields.get("data"), dict):
        found.append(cast("dict[str, Any]", data))
    return found + objects(found, JOBS)


def objects(found: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[Mapping[str, Any]]:
    """The objects of these names in each place."""
    return [
        cast("Mapping[str, Any]", inner)
        for place in found
        for name in names
        if isinstance(inner := place.get(name), dict)
    ]


def with_states(found: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Each place, and the object in which it keeps its state."""
    return [inner for place in found for inner in (place, *objects([place], ALWAYS_STATUS))]
