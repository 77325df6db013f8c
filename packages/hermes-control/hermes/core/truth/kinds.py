"""What stands in the place of a value: a claim or a count, an error, or a value of another kind."""

from typing import Any, cast

from hermes.core.catalog import Output
from hermes.core.contracts.figures import MEASURED_IN, number_of, quantity
from hermes.core.contracts.reading import rows_of
from hermes.core.truth.ends import Explained, quoted
from hermes_base.reasons import Reason

TYPE_NAMES: dict[type[Any], str] = {
    str: "text",
    bool: "a flag",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
}
ENVELOPE_OF_ERRORS = frozenset({"error", "message", "code", "detail", "status", "ok", "success"})
CLAIMS = frozenset(
    {"delivered", "available", "present", "done", "ok", "success", "ready", "exists"}
)
"""Fields that claim a value without giving one."""
COUNTS = ("count", "total", "total_count", "totalCount", "size", "length", "n")


def claim_in(output: Output, raw: Any) -> Explained | None:
    """A claim: the name with `true`, or a count where the things were promised."""
    if isinstance(raw, list):
        return None
    if raw is True and output.type != "flag":
        return _claimed("The worker names this output and returns no value.", raw)
    if isinstance(raw, dict) and raw and _only_claims(output, cast("dict[str, Any]", raw)):
        return _claimed("The worker says that it has this output and does not return it.", raw)
    if output.type == "list":
        count = number_of(raw) if not isinstance(raw, str) else _count_in_text(raw)
        if count is None and isinstance(raw, dict) and rows_of(raw) is None:
            count = count_of(cast("dict[str, Any]", raw))
        if count is not None:
            return _claimed(f"A list is expected. The response has only a count ({count:g}).", raw)
    return None


def _claimed(message: str, raw: Any) -> Explained:
    return Explained(Reason.CLAIMED_ONLY, message, "claimed", "claimed", quoted(raw))


def _only_claims(output: Output, fields: dict[str, Any]) -> bool:
    flags = all(value is True for value in fields.values())
    return output.type != "flag" and flags and CLAIMS.issuperset(fields)


def _count_in_text(text: str) -> float | None:
    amount = quantity(text)
    return None if amount is None or amount.unit else amount.number


def count_of(fields: dict[str, Any]) -> float | None:
    """The count of an object that holds a count and, at most, remarks on it."""
    return next((c for name in COUNTS if (c := number_of(fields.get(name))) is not None), None)


def other_kind(output: Output, raw: Any) -> Explained | None:
    """An error instead of a value, and a value of another kind."""
    if isinstance(raw, dict) and (said := _error_in(cast("dict[str, Any]", raw))):
        return said
    if _fits(output, raw):
        return None
    got = TYPE_NAMES.get(type(cast("object", raw)), "something else")
    message = f"Expected {output.type}, got {got}."
    return Explained(Reason.MALFORMED_REPLY, message, "refuted", "kind", quoted(raw))


def _error_in(fields: dict[str, Any]) -> Explained | None:
    """The worker's own words, where an error stands in the place of the value."""
    error = fields.get("error")
    if error and ENVELOPE_OF_ERRORS.issuperset(fields):
        says = f"The worker returned an error instead of a value: {str(error)[:200]}"
        return Explained(Reason.WORKER_FAILED, says)
    return None


def _fits(output: Output, raw: Any) -> bool:
    match output.type:
        case "number":
            if isinstance(raw, list) or has_items(raw):
                return output.unit not in MEASURED_IN
            return not isinstance(raw, bool) and quantity(raw) is not None
        case "list":
            return isinstance(raw, list | dict)
        case "object":
            return isinstance(raw, dict | list)
        case "text":
            return isinstance(raw, str) and bool(raw.strip())
        case "flag":
            return isinstance(raw, bool | dict) or (isinstance(raw, str) and _is_true(raw))


def has_items(raw: Any) -> bool:
    """`{count, ...}` keeps what it says beside its count: items, completeness, basis."""
    if not isinstance(raw, dict) or "value" in raw or "score" in raw:
        return False
    return "count" in raw or "items" in raw


def _is_true(text: str) -> bool:
    return text.strip().lower() == "true"
