"""Which of the promised outputs are in a finished answer, with value, provenance and explanation."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from hermes.core.catalog import Output, Service
from hermes.core.failures import Reason, Trouble

WRAPPERS = (
    ("result", "outputs"),
    ("result",),
    ("outputs",),
    ("results",),
    ("data", "result", "outputs"),
    ("data", "result"),
    ("data", "outputs"),
    ("data", "results"),
    ("data", "data"),
    ("data",),
    ("reportJson",),
    ("report_json",),
    ("latest", 0),
    ("pages", 0),
    (),
)
"""Where outputs may stand, the most specific place first; () is the answer itself."""

SLUG_LISTS = ("outputs", "available_outputs", "availableOutputs", "actualOutputs", "actual_outputs")
PROVENANCES = frozenset({"measured", "provider", "imported", "generated", "sample"})
MADE_UP: dict[str, str | bool] = {
    "provider": "mock",
    "isRealData": False,
    "isSample": True,
    "isPlaceholder": True,
    "is_real_data": False,
    "is_sample": True,
    "is_placeholder": True,
    "mock": True,
}
"""Markers of made-up data, and the value that makes them one."""


@dataclass(frozen=True, slots=True)
class Explained:
    """Why an output did not arrive, in the worker's own words where it gave any."""

    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """What arrived: values and provenance by slug; explanations for what did not."""

    values: dict[str, Any] = field(default_factory=dict[str, Any])
    provenance: dict[str, str] = field(default_factory=dict[str, str])
    missing: dict[str, Explained] = field(default_factory=dict[str, Explained])
    metrics: dict[str, Any] = field(default_factory=dict[str, Any])


def deliver(
    service: Service, document: Mapping[str, Any], *, demo_site: bool
) -> Delivered | Trouble:
    """Find every promised output in a finished answer. Made-up data is `sample_data_refused`."""
    containers = list(_containers(document))
    for container in containers:
        marker = made_up(container)
        if marker:
            return Trouble(Reason.SAMPLE_DATA_REFUSED, f"The answer is marked {marker}.")
    found = Delivered(metrics=_metrics(document))
    provenance = _named_map(document, "provenance")
    explained = _named_map(document, "missing")
    claimed = _claimed(containers)
    for output in service.outputs:
        _place_output(
            output, containers, claimed, provenance, explained, found, demo_site=demo_site
        )
    return found


def _place_output(
    output: Output,
    containers: list[Mapping[str, Any]],
    claimed: set[str],
    provenance: Mapping[str, Any],
    explained: Mapping[str, Any],
    found: Delivered,
    *,
    demo_site: bool,
) -> None:
    names = (output.slug, *output.aliases)
    value = _value(names, containers)
    if value is None and claimed.intersection(names):
        value = True
    origin = str(provenance.get(output.slug, "")) or _own_provenance(value)
    fault = fault_of(output, value)
    if fault is None and origin == "sample" and not demo_site:
        fault = Explained(Reason.SAMPLE_DATA_REFUSED, "Sample data counts for the demo site only.")
    if fault is None:
        found.values[output.slug] = normalised(output, value)
        if origin in PROVENANCES:
            found.provenance[output.slug] = origin
    else:
        found.missing[output.slug] = _explanation(explained.get(output.slug)) or fault


def fault_of(output: Output, value: Any) -> Explained | None:
    """Why a value does not count as delivered; None when it does. Zero and [] are honest answers."""
    if value is None or value is False:
        return Explained(Reason.OUTPUTS_MISSING, "Not in the answer.")
    if isinstance(value, dict):
        inner = cast("dict[str, Any]", value)
        marker = made_up(inner)
        if marker:
            return Explained(Reason.SAMPLE_DATA_REFUSED, f"Marked {marker}.")
        if (
            inner
            and set(inner) <= {"error", "message", "code", "detail", "status"}
            and "error" in inner
        ):
            return Explained(
                Reason.WORKER_FAILED, f"An error instead of a value: {str(inner['error'])[:200]}"
            )
    if not _fits(output, value):
        return Explained(
            Reason.MALFORMED_REPLY, f"Expected {output.type}, got {_type_name(value)}."
        )
    if output.must_not_be_empty and size(value) == 0:
        return Explained(
            Reason.OUTPUTS_MISSING, "Arrived empty, which does not count for this output."
        )
    return None


def _fits(output: Output, value: Any) -> bool:
    if value is True:
        return True  # a claim without a value: slug -> true, or a list of slugs
    match output.type:
        case "number":
            return _number(value) is not None or size(value) is not None
        case "list":
            return size(value) is not None
        case "object":
            return isinstance(value, dict | list)
        case "text":
            return isinstance(value, str) and bool(value.strip())
        case "flag":
            return isinstance(value, bool | dict)


def normalised(output: Output, value: Any) -> Any:
    """The value in the catalog's unit and type: numeric text as number, ratios in their range."""
    number = _number(value) if output.type == "number" else None
    if number is None:
        return value
    if output.unit == "0-1" and 1 < number <= 100:
        return number / 100
    return number


def size(value: Any) -> float | None:
    """A number itself, the length of a list, `count` of {count, items}; None for what has no size."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float | str):
        return _number(value)
    if isinstance(value, list):
        return len(cast("list[Any]", value))
    if isinstance(value, dict):
        inner = cast("dict[str, Any]", value)
        count = inner.get("count")
        if isinstance(count, int) and not isinstance(count, bool):
            return count
        items = inner.get("items")
        return len(cast("list[Any]", items)) if isinstance(items, list) else len(inner)
    return None


def _number(value: Any) -> float | int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return None
        return number if math.isfinite(number) else None
    return None


def made_up(container: Mapping[str, Any]) -> str:
    """The marker of made-up data in a container (`isRealData: false` ...), or ""."""
    for name in MADE_UP.keys() & container.keys():
        value, word = container[name], MADE_UP[name]
        same = value is word if isinstance(word, bool) else str(value).lower() == word
        if same:
            return f"{name}: {value}"
    return ""


def _containers(document: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    for wrapper in WRAPPERS:
        if wrapper and wrapper[0] not in document:
            continue
        node: Any = document
        for step in wrapper:
            node = _step(node, step)
        if isinstance(node, dict):
            yield cast("dict[str, Any]", node)


def _step(node: Any, step: str | int) -> Any:
    if isinstance(step, int):
        items = cast("list[Any]", node) if isinstance(node, list) else []
        return items[step] if len(items) > step else None
    return cast("dict[str, Any]", node).get(step) if isinstance(node, dict) else None


def _value(names: Iterable[str], containers: list[Mapping[str, Any]]) -> Any:
    for container in containers:
        for name in names:
            value = container.get(name)
            if value is not None:
                return value
    return None


def _claimed(containers: list[Mapping[str, Any]]) -> set[str]:
    lists = (container.get(name) for container in containers for name in SLUG_LISTS)
    return {
        slug
        for found in lists
        if isinstance(found, list)
        for slug in cast("list[Any]", found)
        if isinstance(slug, str)
    }


def _named_map(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    for wrapper in (("result",), ("data", "result"), ("data",), ()):
        node: Any = document
        for step in (*wrapper, name):
            node = _step(node, step)
        if isinstance(node, dict):
            return cast("dict[str, Any]", node)
    return {}


def _metrics(document: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_named_map(document, "metrics"))


def _own_provenance(value: Any) -> str:
    return (
        str(cast("dict[str, Any]", value).get("provenance", "")) if isinstance(value, dict) else ""
    )


def _explanation(said: Any) -> Explained | None:
    if isinstance(said, str) and said.strip():
        return Explained(Reason.OUTPUTS_MISSING, said.strip()[:500])
    if isinstance(said, dict):
        fields = cast("dict[str, Any]", said)
        reason = str(fields.get("reason") or fields.get("code") or Reason.OUTPUTS_MISSING)
        message = str(fields.get("message") or fields.get("detail") or "")[:500]
        return Explained(reason if reason in set(Reason) else Reason.OUTPUTS_MISSING, message)
    return None


def _type_name(value: Any) -> str:
    names = {
        str: "text",
        bool: "a flag",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "an object",
    }
    return names.get(type(value), type(value).__name__)
