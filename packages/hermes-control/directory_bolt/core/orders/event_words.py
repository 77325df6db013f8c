"""What happened to an order, as people read it: a sentence for every event of queue_history."""

from collections.abc import Mapping
from typing import Any

from directory_bolt.core.orders.events import Event
from directory_bolt.core.orders.states import REASON_TEXTS, ResultReason

WORDS: dict[Event, tuple[str, str]] = {
    "webhook_received": ("done", "Payment received"),
    "job_created": ("done", "Order created"),
    "enqueued": ("done", "Put into the queue"),
    "queue_claimed": ("done", "Taken from the queue"),
    "flow_triggered": ("done", "Handed to the flow engine"),
    "flow_started": ("done", "Flow started"),
    "job_started": ("done", "Work began"),
    "submitting": ("running", "Submitting"),
    "submitted": ("success", "Submitted"),
    "failed": ("failed", "Failed"),
    "skipped_duplicate": ("cancelled", "Skipped, listed there already"),
    "skipped": ("cancelled", "Skipped"),
    "needs_manual": ("partial", "Needs a person"),
    "manual_resolved": ("done", "Resolved by a person"),
    "submission_complete": ("done", "Directory done"),
    "retry_scheduled": ("queued", "Another try is planned"),
    "requeued_stale": ("partial", "Taken over from a silent worker"),
    "dead_lettered": ("failed", "Given up, now a dead letter"),
    "replayed": ("done", "Sent on its way again"),
    "priority_changed": ("done", "Priority changed"),
    "cancelled": ("cancelled", "Cancelled"),
    "shortage": ("partial", "Fewer directories than paid for"),
    "job_finalized": ("success", "All directories done"),
    "flow_completed": ("done", "Flow completed"),
}
"""Event -> (how it is marked, what is said)."""

Details = Mapping[str, Any]


def words_of(event: str, details: Details) -> tuple[str, str]:
    """(mark, sentence) of an event; one of a newer version is named as it is."""
    mark, text = next((found for name, found in WORDS.items() if name == event), ("done", event))
    more = _more(event, details)
    return mark, f"{text}: {more}" if more else text


def _more(event: str, details: Details) -> str:
    """What the details of an event add to its sentence."""
    if event == "priority_changed" and "after" in details:
        return f"{details.get('before')} to {details['after']}{_by(details)}"
    if event == "shortage" and "promised" in details:
        return f"{details.get('available')} of {details['promised']}"
    if event == "job_finalized" and "total" in details:
        return f"{details.get('done')} of {details['total']}"
    if event in ("manual_resolved", "submission_complete") and "status" in details:
        return f"{str(details['status']).replace('_', ' ')}{_by(details)}"
    if event == "retry_scheduled" and "by" not in details:
        return _reason(details) or "a passing trouble"
    if event in ("failed", "skipped", "needs_manual", "dead_lettered"):
        return _reason(details)
    return _by(details).strip()


def _by(details: Details) -> str:
    return f" by {details['by']}" if details.get("by") else ""


def _reason(details: Details) -> str:
    """The sentence of a reason of the closed list; any other text as it is."""
    reason = str(details.get("reason") or "")
    known = reason in set(ResultReason)
    return REASON_TEXTS[ResultReason(reason)].removesuffix(".") if known else reason
