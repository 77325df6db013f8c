"""One value of an answer against the contract of its output: whether it counts, and if not, why."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from hermes.core.catalog import Output
from hermes.core.contracts.contract import (
    Fault,
    holds_nothing,
    only_error,
)
from hermes.core.contracts.figures import (
    Reading,
    number_of,
    quantity,
    read_number,
)
from hermes.core.contracts.reading import rows_of
from hermes.core.replies.words import is_under_way
from hermes.core.truth.asked import Asked
from hermes.core.truth.deeper import json_in
from hermes.core.truth.ends import Doubt, Explained, quoted
from hermes.core.truth.hosts import stranger
from hermes.core.truth.kinds import claim_in, count_of, has_items, other_kind
from hermes.core.truth.markers import marker_in
from hermes.core.truth.moments import stale_row
from hermes.core.truth.wrappers import Found
from hermes_base.reasons import Reason
from hermes_base.value import value

FLAG_NAMES = ("value", "delivered", "confirmed", "result", "ok", "success", "sent", "status")
DENIALS = frozenset(
    ["false", "no", "bounced", "failed", "rejected", "undelivered", "undeliverable", "dropped", "deferred",
     "error", "queued", "pending", "scheduled", "blocked", "expired", "disconnected", "down"]
)  # fmt: skip
"""Words of a delivery, or of a state, that is not what was promised."""
EMPTY = "Returned empty, which does not count for this output."


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
    if isinstance(raw, str) and output.type in ("list", "object"):
        raw = json_in(raw) or raw
    if output.type == "number" and number_of(raw) is not None:
        return _number(output, given)
    if (fault := claim_in(output, raw)) is not None:
        if _taken_at_its_word(output, asked):
            doubt = Doubt(
                "Claimed only: the worker's word is taken, as the catalog or the secret says.",
                "accept_claim",
            )
            return Judged(raw, None, doubts=(doubt,))
        return Judged(fault=fault)
    if (fault := other_kind(output, raw)) is not None:
        return Judged(fault=fault)
    if marked and isinstance(raw, dict | list) and (mark := marker_in(raw, asked.real)):
        message = f"Marked as made up ({mark})."
        return Judged(fault=Explained(Reason.MADE_UP, message, "refuted", "made_up", quoted(mark)))
    if output.type == "number":
        return _number(output, given)
    return _kept(output, raw, asked)


def _missing(message: str) -> Explained:
    return Explained(Reason.OUTPUTS_MISSING, message)


def _taken_at_its_word(output: Output, asked: Asked) -> bool:
    return output.accept_claim or output.slug in asked.claims


# ---- numbers


def _number(output: Output, given: Found) -> Judged:
    """A number in the catalog's unit; of a list, or of a count with its items, how many there are."""
    raw, reading = given.value, None
    if isinstance(raw, list) or has_items(raw):
        number: float = _counted(raw)
        kept = cast("Any", raw)
        if fault := _fault_of_count(raw, rows_of(raw)):
            return Judged(fault=_implausible(fault))
    else:
        reading = _reading(output, given)
        if reading.fault:
            return Judged(fault=_out_of_unit(reading, raw))
        number = reading.number
        kept = cast("Any", raw) if isinstance(raw, dict) and "items" in raw else number
    if output.must_not_be_empty and number == 0:
        return Judged(form=number, fault=_missing(EMPTY), empty=True)
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
        return _flag(output.slug, raw)
    if isinstance(raw, dict) and (word := _under_way(cast("dict[str, Any]", raw))):
        fault = Fault("is a job under way and no value", {"status": word}, "no_value")
        return Judged(fault=_implausible(fault))
    rows = rows_of(raw) if output.type == "list" else None
    if fault := _fault_of_count(raw, rows):
        return Judged(fault=_implausible(fault, raw))
    held = cast("Any", raw) if rows is None else rows
    form = contract.read(held)
    if output.must_not_be_empty and _is_empty(output, raw, form):
        return Judged(form=form, fault=_missing(EMPTY), empty=True)
    fault = contract.fault(held, form)
    if fault is not None and rows and (less := _without_failures(rows)):
        form, left_out = less
        if contract.fault(form, contract.read(form)) is None:
            doubt = Doubt(f"{left_out} rows report an error and do not count.", "error_rows")
            form, fault = contract.read(form), None
            return _placed(output, raw, form, asked, (doubt,))
    if fault is not None:
        return Judged(fault=_implausible(fault, raw))
    return _placed(output, raw, form, asked, tuple(_doubts(rows or ())))


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
    return cast("str", told) if is_under_way(told) else ""


def _is_empty(output: Output, raw: Any, form: Any) -> bool:
    return raw == {} or (not form if output.type == "list" else raw in ([], {"items": []}))


def _fault_of_count(raw: Any, rows: Sequence[Any] | None) -> Fault | None:
    """A count that does not fit the things beside it."""
    if rows is None or not isinstance(raw, dict):
        return None
    fields = cast("dict[str, Any]", raw)
    count = count_of(fields)
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


def _without_failures(rows: Sequence[Any]) -> tuple[list[Any], int] | None:
    """The rows that are no failures, and how many are: `{keyword, error}` among ranks that were found."""
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


def _denies(value: Any) -> bool:
    """Whether a field says that what its output promises is not so, or not yet."""
    return value is False or (isinstance(value, str) and value.strip().lower() in DENIALS)


def _flag(slug: str, raw: Any) -> Judged:
    """A flag that is true, by itself or in an object that says more."""
    if not isinstance(raw, dict):
        return Judged(True, True)
    fields = cast("dict[str, Any]", raw)
    named = {name: value for name, value in fields.items() if name in FLAG_NAMES or name in slug}
    if any(_denies(value) for value in named.values()) or fields.get("error"):
        return Judged(fault=_missing("The response says that it is not so."))
    if not fields or holds_nothing(fields):
        return Judged(fault=_implausible(Fault("every field says nothing", raw, "empty_object")))
    return Judged(raw, True)


def _doubts(rows: Sequence[Any]) -> Iterator[Doubt]:
    if len(rows) > 1:
        different = len({repr(row) for row in rows})
        if different < len(rows):
            yield Doubt(
                f"{len(rows) - different} of {len(rows)} rows repeat others.", "repeated_rows"
            )
