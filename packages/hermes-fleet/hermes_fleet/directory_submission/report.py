"""What a test order delivered: its counts, the seconds of each hop, and the order itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hermes_fleet.directory_submission.models import Order, Pipeline
from hermes_worker import Missing, Result

OUTPUTS = ("submissions_submitted", "submissions_needs_human", "submissions_failed")
NO_DEMO = "No test order was created: no demo directory is registered, and test orders never go to real directories. Start Hermes with: hermes up --demo"
HOPS = {
    "seconds_to_queue": ("job_created", "enqueued"),
    "seconds_to_subscriber": ("enqueued", "queue_claimed"),
    "seconds_to_flow_engine": ("queue_claimed", "flow_triggered"),
    "seconds_to_flow_worker": ("flow_triggered", "flow_started"),
    "seconds_to_submit": ("flow_started", "submission_complete"),
    "seconds_to_finish": ("submission_complete", "job_finalized"),
}
"""Metric -> the events between which the hop lies."""


def refusal(found: Pipeline) -> Missing | None:
    """Why nothing is ordered; None when an order may be made."""
    if found.demo_directories == 0:
        return Missing("missing_config", NO_DEMO)
    browser = next((hop for hop in found.broken if hop.hop == "browser"), None)
    return Missing("no_browser", f"{browser.problem}. Nothing was ordered.") if browser else None


def report(order: Order, *, is_tidy: bool) -> Result:
    """The counts of the order; a directory that was skipped is in none of them, but in the metrics."""
    counts = (order.submitted, order.needs_manual, order.failed)
    metrics: dict[str, Any] = {
        "items": order.directories_done,
        "submissions_skipped": order.skipped,
        "orders_left_behind": 0 if is_tidy else 1,
        **seconds_of(order),
    }
    outputs: dict[str, Any] = dict(zip(OUTPUTS, counts, strict=True))
    return Result(
        outputs, dict.fromkeys(OUTPUTS, "measured"), metrics,
        artifacts={"order": order.model_dump(mode="json", by_alias=True)},
    )  # fmt: skip


def seconds_of(order: Order) -> dict[str, float]:
    """Seconds of each hop whose both events are on record, and of all."""
    first: dict[str, datetime] = {}
    for event in order.timeline:
        first.setdefault(event.event, event.created_at)
    found = {name: _between(first, *ends) for name, ends in HOPS.items()}
    whole = _between(first, "job_created", "job_finalized")
    return {name: value for name, value in {**found, "seconds": whole}.items() if value is not None}


def _between(at: Mapping[str, datetime], begin: str, end: str) -> float | None:
    if begin not in at or end not in at:
        return None
    return round((at[end] - at[begin]).total_seconds(), 3)
