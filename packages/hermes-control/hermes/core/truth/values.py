"""One value of an answer against the contract of its output: whether it counts, and if not, why."""

from collections.abc import Iterator
from typing import Any, cast

from hermes.core.catalog import Output
from hermes.core.contracts.contract import (
    Contract,
    Fault,
    holds_nothing,
    only_error,
)
from hermes.core.contracts.figures import (
    MEASURED_IN,
    Reading,
    number_of,
    quantity,
    read_number,
)
from hermes.core.contracts.reading import rows_of
from hermes.core.truth.asked import Asked
from hermes.core.truth.echoes import stale_row
from hermes.core.truth.ends import Doubt, Explained, quoted
from hermes.core.truth.hosts import stranger
from hermes.core.truth.markers import marker_in
from hermes.core.truth.wrappers import Found
from hermes_base.reasons import Reason
from hermes_base.value import value

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
FLAG_NAMES = ("value", "delivered", "confirmed", "result", "ok", "success", "sent", "status")


@value
class Judged:
    """A value after judgement: as it is kept, in the form of its contract, and what was found."""

    value: Any = None
    form: Any = None
    fault: Explained | None = None
    note: str = ""
    doubts: tuple[Doubt, ...] = ()
    empty: bool = False
    """It was read, and holds nothing: rules may still see that (nothing follows from zero pages)."""


def judged_value(output: Output, given: Found, asked: Asked, *, marked: bool = True) -> Judged:
    """Hold one value against its contract. Zero and [] are honest answers. `marked`: the answer may bear
    a mark of made-up data (`may_be_marked`)."""
    raw = given.value
    if raw is None or raw is False:
        return Judged(fault=_missing("Not in the response."))
    if (fault := _claim(output, raw)) is not None:
        if _taken_at_its_word(output, asked):
            doubt = Doubt(
                "Claimed only: the worker's word is taken, as the catalog or the secret says.",
                "accept_claim",
            )
            return Judged(raw, None, doubts=(doubt,))
        return Judged(fault=fault)
    if (fault := _other_kind(output, raw)) is not None:
        return Judged(fault=fault)
    if marked and isinstance(raw, dict | list) and (mark := marker_in(raw, _real_hosts(asked))):
        message = f"Marked as made up ({mark})."
        return Judged(fault=Explained(Reason.MADE_UP, message, "refuted", "made_up", quoted(mark)))
    if output.type == "number":
        return _number(output, given)
    return _kept(output, raw, asked)


def _missing(message: str) -> Explained:
    return Explained(Reason.OUTPUTS_MISSING, message)


def _taken_at_its_word(output: Output, asked: Asked) -> bool:
    return output.accept_claim or output.slug in asked.claims


def _real_hosts(asked: Asked) -> tuple[str, ...]:
    """Hosts that are no example here: those of the site and of what it names in its settings."""
    own = [asked.site.place.host] if asked.site else []
    named = asked.settings.get("competitors")
    named = cast("list[Any]", named) if isinstance(named, list | tuple) else []
    return (*own, *(str(each).split("://")[-1].split("/")[0] for each in named))


# ---- claims and other kinds


def _claim(output: Output, raw: Any) -> Explained | None:
    """A claim: the name with `true`, or a count where the things were promised."""
    if raw is True and output.type != "flag":
        return _claimed("The worker names this output and returns no value.", raw)
    if isinstance(raw, dict) and raw and _only_claims(output, cast("dict[str, Any]", raw)):
        return _claimed("The worker says that it has this output and does not return it.", raw)
    if output.type == "list":
        count = number_of(raw) if not isinstance(raw, str) else _count_in_text(raw)
        if count is None and isinstance(raw, dict) and rows_of(raw) is None:
            count = _count_of(cast("dict[str, Any]", raw))
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


def _count_of(fields: dict[str, Any]) -> float | None:
    """The count of an object that holds a count and, at most, remarks on it."""
    return next((c for name in COUNTS if (c := number_of(fields.get(name))) is not None), None)


def _other_kind(output: Output, raw: Any) -> Explained | None:
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
        return Explained(Reason.WORKER_FAILED, f"An error instead of a value: {str(error)[:200]}")
    return None


def _fits(output: Output, raw: Any) -> bool:
    match output.type:
        case "number":
            if isinstance(raw, list) or _has_items(raw):
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


def _has_items(raw: Any) -> bool:
    """`{count, ...}` keeps what it says beside its count: items, completeness, basis."""
    if not isinstance(raw, dict) or "value" in raw or "score" in raw:
        return False
    return "count" in raw or "items" in raw


def _is_true(text: str) -> bool:
    return text.strip().lower() == "true"


# ---- numbers


def _number(output: Output, given: Found) -> Judged:
    """A number in the catalog's unit; of a list, or of a count with its items, how many there are."""
    raw, reading = given.value, None
    if isinstance(raw, list) or _has_items(raw):
        number: float = _counted(raw)
        kept = cast("Any", raw)
        if fault := _fault_of_count(raw):
            return Judged(fault=_implausible(fault))
    else:
        reading = _reading(output, given)
        if reading.fault:
            return Judged(fault=_out_of_unit(reading, raw))
        number = reading.number
        kept = cast("Any", raw) if isinstance(raw, dict) and "items" in raw else number
    if output.must_not_be_empty and number == 0:
        message = "Arrived empty, which does not count for this output."
        return Judged(form=number, fault=_missing(message), empty=True)
    fault = output.contract.fault(raw, number)
    if fault is not None:
        return Judged(fault=_implausible(fault, raw))
    note = reading.note if reading else ""
    doubtful = reading is not None and reading.doubtful
    doubts = (Doubt(note, "unit", quoted(raw)),) if doubtful else ()
    return Judged(kept, number, note=note, doubts=doubts)


def _reading(output: Output, given: Found) -> Reading:
    amount = quantity(given.value)
    if amount is None:
        return Reading(0, fault="There is no number in it.")
    return read_number(output.unit, given.name, amount)


def _out_of_unit(reading: Reading, raw: Any) -> Explained:
    outside = "outside" in reading.fault
    reason = Reason.IMPLAUSIBLE if outside else Reason.MALFORMED_REPLY
    return Explained(reason, reading.fault, "refuted", "unit", quoted(raw))


def _counted(raw: Any) -> float:
    if isinstance(raw, list):
        return len(cast("list[Any]", raw))
    fields = cast("dict[str, Any]", raw)
    count, items = number_of(fields.get("count")), fields.get("items")
    if count is not None:
        return count
    return len(cast("list[Any]", items)) if isinstance(items, list | dict) else 0


def _implausible(fault: Fault, raw: Any = None) -> Explained:
    says = fault.says[:1].upper() + fault.says[1:]
    reason = Reason.CONTRADICTED if fault.rule == "count" else Reason.IMPLAUSIBLE
    shows = quoted(fault.shows if fault.shows is not None else raw)
    return Explained(reason, f"{says}.", "refuted", fault.rule, shows)


# ---- lists, objects, texts, flags


def _kept(output: Output, raw: Any, asked: Asked) -> Judged:
    contract = output.contract
    if output.type == "flag":
        return _flag(contract, raw)
    if isinstance(raw, dict) and (word := _under_way(cast("dict[str, Any]", raw))):
        fault = Fault("is a job under way and no value", {"status": word}, "no_value")
        return Judged(fault=_implausible(fault))
    if output.type == "list" and (fault := _fault_of_count(raw)):
        return Judged(fault=_implausible(fault, raw))
    form = contract.read(raw)
    if output.must_not_be_empty and _is_empty(output, raw, form):
        message = "Arrived empty, which does not count for this output."
        return Judged(form=form, fault=_missing(message), empty=True)
    fault = contract.fault(raw, form)
    if fault is not None and output.type == "list" and (less := _without_failures(raw, contract)):
        form, left_out = less
        if contract.fault(form, contract.read(form)) is None:
            doubt = Doubt(f"{left_out} rows report an error and do not count.", "error_rows")
            form, fault = contract.read(form), None
            return _placed(output, raw, form, asked, (doubt,))
    if fault is not None:
        return Judged(fault=_implausible(fault, raw))
    return _placed(output, raw, form, asked, tuple(_doubts(output, raw)))


def _placed(output: Output, raw: Any, form: Any, asked: Asked, doubts: tuple[Doubt, ...]) -> Judged:
    """A value that keeps its contract, where and when it belongs."""
    strange = stranger(form, output.host, asked.site) if output.host and asked.site else None
    if strange is not None:
        name, address = strange
        own = output.host[name] == "site"
        message = f"{name} leads to another site." if own else f"{name} leads to the site itself."
        reason = Reason.NOT_THIS_SITE if own else Reason.CONTRADICTED
        return Judged(fault=Explained(reason, message, "refuted", "host", quoted({name: address})))
    if output.fresh and (old := stale_row(form, output.fresh.field, output.fresh.hours, asked)):
        reason, shows = old
        message = (
            "Measured long before this run."
            if reason == Reason.STALE_ANSWER
            else "Dated in the future."
        )
        return Judged(fault=Explained(reason, message, "refuted", "fresh", quoted(shows)))
    return Judged(raw, form, doubts=doubts)


def _under_way(fields: dict[str, Any]) -> str:
    """The state of an object that says that its value is still to come; "" for any other."""
    told = fields.get("status", fields.get("state"))
    return told if isinstance(told, str) and told.strip().lower() in UNDER_WAY else ""


UNDER_WAY = frozenset(
    {
        "queued",
        "pending",
        "running",
        "processing",
        "scheduled",
        "waiting",
        "in_progress",
        "in progress",
        "loading",
        "started",
        "accepted",
    }
)


def _is_empty(output: Output, raw: Any, form: Any) -> bool:
    return raw == {} or (not form if output.type == "list" else raw in ([], {"items": []}))


def _fault_of_count(raw: Any) -> Fault | None:
    """A count that does not fit the things beside it."""
    rows = rows_of(raw) if isinstance(raw, dict) else None
    if rows is None or not isinstance(raw, dict):
        return None
    fields = cast("dict[str, Any]", raw)
    count = _count_of(fields)
    if count is None:
        return None
    if count < 0 or count % 1:
        return Fault(f"the count {count:g} is no count", {"count": count}, "count")
    whole = fields.get("complete") is True
    if count < len(rows) or (count and not rows) or (whole and count != len(rows)):
        return Fault(
            f"the count is {count:g} and the list has {len(rows)}", {"count": count}, "count"
        )
    return None


def _without_failures(raw: Any, contract: Contract) -> tuple[list[Any], int] | None:
    """The rows that are no failures, and how many are: `{keyword, error}` among ranks that were found."""
    rows = rows_of(raw) or []
    well = [row for row in rows if not _failed_row(row)]
    return (
        (well, len(rows) - len(well))
        if well and len(well) * 2 > len(rows) and len(well) < len(rows)
        else None
    )


def _failed_row(row: Any) -> bool:
    if not isinstance(row, dict):
        return False
    fields = cast("dict[str, Any]", row)
    return bool(fields.get("error")) or only_error(fields)


def _flag(contract: Contract, raw: Any) -> Judged:
    """A flag that is true, by itself or in an object that says more."""
    if not isinstance(raw, dict):
        return Judged(True, True)
    fields = cast("dict[str, Any]", raw)
    told = [fields[name] for name in FLAG_NAMES if name in fields]
    if any(
        value is False or (isinstance(value, str) and value.lower() == "false") for value in told
    ):
        return Judged(fault=_missing("The response says that it is not so."))
    if not fields or holds_nothing(fields):
        return Judged(fault=_implausible(Fault("every field says nothing", raw, "empty_object")))
    return Judged(raw, True)


def _doubts(output: Output, raw: Any) -> Iterator[Doubt]:
    rows = rows_of(raw) if output.type == "list" else None
    if rows and len(rows) > 1:
        different = len({repr(row) for row in rows})
        if different < len(rows):
            yield Doubt(
                f"{len(rows) - different} of {len(rows)} rows repeat others.", "repeated_rows"
            )
