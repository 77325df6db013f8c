"""Which of the promised outputs are in a finished answer, with value, provenance and explanation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from hermes.core.catalog import Output, Service
from hermes.core.truth.markers import marker_in, marker_of
from hermes.core.truth.units import SUFFIXES, Reading, number_of, quantity, read_number
from hermes.core.truth.wrappers import NAMES, Found, Places, squashed
from hermes_base.reasons import PROVIDER_MAY_CAUSE, Failure, Reason
from hermes_base.value import value

PROVENANCES = frozenset({"measured", "provider", "imported", "generated", "sample"})
ENVELOPE_OF_ERRORS = frozenset({"error", "message", "code", "detail", "status", "ok", "success"})
LONGEST_MESSAGE = 500
TYPE_NAMES: dict[type[Any], str] = {
    str: "text",
    bool: "a flag",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
}


@dataclass(frozen=True, slots=True)
class Explained:
    """Why an output did not arrive, in the worker's own words where it gave any."""

    reason: str
    message: str


@value
class Delivered:
    """What arrived: values and provenance by slug; explanations for what did not; and notes on
    values that were converted or found where nobody promised them. `artifacts` is what the worker
    wants kept beside the run, by name."""

    values: dict[str, Any] = field(default_factory=dict[str, Any])
    provenance: dict[str, str] = field(default_factory=dict[str, str])
    missing: dict[str, Explained] = field(default_factory=dict[str, Explained])
    metrics: dict[str, Any] = field(default_factory=dict[str, Any])
    notes: dict[str, str] = field(default_factory=dict[str, str])
    artifacts: dict[str, Any] = field(default_factory=dict[str, Any])


def deliver(
    service: Service, document: Mapping[str, Any], *, demo_site: bool
) -> Delivered | Failure:
    """Find every promised output in a finished answer. Made-up data is `sample_data_refused`."""
    places = Places(document, _own_wrappers(service))
    for place in places.marked:
        if marker := marker_of(place):
            return Failure(Reason.SAMPLE_DATA_REFUSED, f"The response is marked {marker}.")
    tables = places.tables()
    origins, explained = tables["provenance"], tables["missing"]
    overall = places.word("provenance")
    found = Delivered({}, {}, {}, dict(tables["metrics"]), {}, dict(tables["artifacts"]))
    for output in service.outputs:
        given = _given(output, places)
        origin = _origin(origins.get(output.slug), given.value, overall)
        fault = _place(output, given, origin, found, demo_site=demo_site)
        if fault is not None:
            found.missing[output.slug] = _explanation(explained.get(output.slug)) or fault
    return found


def _own_wrappers(service: Service) -> set[str]:
    """Names of wrappers that this service uses for an output."""
    if NAMES.isdisjoint(service.output_names):
        return set()
    own = [output.names for output in service.outputs]
    return {name for names in own if not NAMES.isdisjoint(names) for name in names}


def _given(output: Output, places: Places) -> Found:
    """The value of an output under any of its names; True where it is only claimed."""
    names = output.names
    return places.find(names) or _given_otherwise(output, names, places)


def _given_otherwise(output: Output, names: tuple[str, ...], places: Places) -> Found:
    """The same for an answer that does not use a name as the catalog writes it."""
    suffixes = SUFFIXES.get(output.unit, ()) if output.type == "number" else ()
    longer = [name + suffix for name in names for suffix in suffixes]
    found = places.find(longer) or places.find_alike((*names, *longer))
    if found is None and places.claimed.intersection(map(squashed, names)):
        return Found(True, output.slug)
    return found or Found(None, output.slug)


def _origin(origin: Any, value: Any, overall: str) -> str:
    """Where an output comes from: said of it, in it, or of the whole answer. Unknown words are none."""
    if not isinstance(origin, str) and isinstance(value, dict):
        origin = cast("dict[str, Any]", value).get("provenance")
    word = (origin if isinstance(origin, str) and origin else overall).lower()
    return word if word in PROVENANCES else ""


def _place(
    output: Output, given: Found, origin: str, found: Delivered, *, demo_site: bool
) -> Explained | None:
    """Put a value that counts among what arrived; else say why it does not count."""
    fault = fault_of(output, given.value)
    if fault is None and origin == "sample" and not demo_site:
        fault = Explained(Reason.SAMPLE_DATA_REFUSED, "Sample data counts for the demo site only.")
    if fault is not None:
        return fault
    reading = _reading(output, given) if output.type == "number" else None
    if reading is not None and reading.fault:
        return Explained(Reason.MALFORMED_REPLY, reading.fault)
    found.values[output.slug] = given.value if reading is None else reading.number
    if given.in_row or (reading is not None and reading.note):
        row = "Read from the first of several rows." if given.in_row else ""
        found.notes[output.slug] = f"{reading.note if reading else ''} {row}".strip()
    if origin:
        found.provenance[output.slug] = origin
    return None


def _reading(output: Output, given: Found) -> Reading | None:
    """The number of an output; None for lists and counts with their items."""
    if _has_items(given.value):
        return None
    amount = quantity(given.value)
    return None if amount is None else read_number(output.unit, given.name, amount)


def _has_items(value: Any) -> bool:
    """`{count, ...}` keeps what it says beside its count: items, completeness, basis."""
    return isinstance(value, dict) and ("count" in value or "items" in value)


def fault_of(output: Output, value: Any) -> Explained | None:
    """Why a value does not count as delivered; None when it does. Zero and [] are honest answers."""
    if value is None or value is False:
        return Explained(Reason.OUTPUTS_MISSING, "Not in the response.")
    if value and isinstance(value, dict | list) and (marker := marker_in(value)):
        return Explained(Reason.SAMPLE_DATA_REFUSED, f"Marked {marker}.")
    if isinstance(value, dict) and "error" in value:
        inner = cast("dict[str, Any]", value)
        if ENVELOPE_OF_ERRORS.issuperset(inner):
            message = (
                f"The worker returned an error instead of a value: {str(inner['error'])[:200]}"
            )
            return Explained(Reason.WORKER_FAILED, message)
    if not _fits(output, value):
        kind = type(cast("object", value))
        got = TYPE_NAMES.get(kind, kind.__name__)
        return Explained(Reason.MALFORMED_REPLY, f"Expected {output.type}, got {got}.")
    if output.must_not_be_empty and size(value) == 0:
        message = "Returned empty, which does not count for this output."
        return Explained(Reason.OUTPUTS_MISSING, message)
    return None


def _fits(output: Output, value: Any) -> bool:
    if value is True:
        return True  # a claim without a value: slug -> true, or a list of slugs
    match output.type:
        case "number":
            return isinstance(value, list) or _has_items(value) or quantity(value) is not None
        case "list":
            return isinstance(value, list | dict) or number_of(value) is not None
        case "object":
            return isinstance(value, dict | list)
        case "text":
            return isinstance(value, str) and bool(value.strip())
        case "flag":
            return isinstance(value, bool | dict)


def size(value: Any) -> float | None:
    """A number itself, the length of a list, `count` of {count, items}; None for what has no size."""
    if isinstance(value, list):
        return len(cast("list[Any]", value))
    if not isinstance(value, dict):
        amount = quantity(value)
        return amount.number if amount else None
    inner = cast("dict[str, Any]", value)
    counts = (number_of(inner.get(name)) for name in ("count", "value"))
    items = inner.get("items", inner)
    own = len(cast("list[Any]", items)) if isinstance(items, list | dict) else len(inner)
    return next((count for count in counts if count is not None), own)


def _explanation(explanation: Any) -> Explained | None:
    """The worker's own words about a missing output, and its reason where a worker can know it."""
    if isinstance(explanation, str) and explanation.strip():
        return Explained(Reason.OUTPUTS_MISSING, explanation.strip()[:LONGEST_MESSAGE])
    if not isinstance(explanation, dict):
        return None
    fields = cast("dict[str, Any]", explanation)
    code = str(fields.get("reason") or fields.get("code") or "")
    message = str(fields.get("message") or fields.get("detail") or "")
    if code in PROVIDER_MAY_CAUSE:
        return Explained(code, message[:LONGEST_MESSAGE])
    words = ": ".join(part for part in (code, message) if part)
    return Explained(Reason.OUTPUTS_MISSING, words[:LONGEST_MESSAGE])
