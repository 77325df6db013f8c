"""What is shown of orders: lists, one order with its directories and its past, the manual queue."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from pydantic import Field

from directory_bolt.core.orders.event_words import words_of
from directory_bolt.core.orders.labels import reason_label
from directory_bolt.core.orders.packages import PACKAGES
from directory_bolt.core.orders.reason_texts import sentence_of
from directory_bolt.core.orders.states import OPEN, ResultReason
from directory_bolt.core.rows.operations import ListedHistoryEntry
from directory_bolt.core.rows.orders import ListedOrder
from directory_bolt.core.rows.submissions import ManualEntry, WorkListEntry
from directory_bolt.core.views.shared import shared_fields
from hermes_base.view import View

STATUS_WORDS = {
    "pending": "Pending",
    "in_progress": "In progress",
    "waiting": "Waiting",
    "completed": "Completed",
    "failed": "Failed",
    "cancelled": "Cancelled",
}
NOT_SUBMITTED = "Not submitted"
RESULT_WORDS = {
    "waiting": "Waiting",
    "submitting": "Submitting",
    "submitted": "Submitted",
    "failed": "Failed",
    "skipped": "Skipped",
    "needs_manual": "Needs a person",
}


class OrderRow(View):
    """One order in a list. `directories_done` are processed: submitted, failed, skipped or waiting for a
    person. A cancelled order asks nobody to work, so nothing of it needs a person."""

    id: UUID
    business_name: str
    email: str
    package_type: str = Field(examples=["growth"])
    package_name: str
    status: str = Field(examples=["in_progress"])
    status_text: str
    waits_for: str | None = Field(description="directories or profile, while it waits")
    priority: int = Field(description="1 is processed first, 4 last")
    source: str
    live: bool = Field(
        description="Paid for with real money. It reaches real directories only; any other order"
        " reaches demo directories only"
    )
    directories_promised: int
    directories_total: int
    directories_done: int
    progress: float = Field(description="directories_done as a percentage of directories_total")
    submitted: int
    failed: int
    skipped: int
    needs_manual: int
    submitting: int
    submitting_to: list[str]
    waiting: int = Field(
        description="Directories that are still to come; 0 once the order is closed"
    )
    not_submitted: int = Field(description="Directories that the order closed without submitting")
    success_rate: float | None = Field(
        description="Share of processed directories that were submitted; null until one is processed"
    )
    error_message: str | None
    message_id: str | None
    queue_provider: str | None
    actions: list[str] = Field(description="What staff can do with it now")
    created_at: datetime
    enqueued_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    updated_at: datetime


class OrderList(View):
    """A page of orders; `found` is how many there are of them."""

    found: int
    orders: list[OrderRow]


class Filled(View):
    """One field of a form as it was filled in."""

    field: str
    label: str
    value: str
    confidence: float | None


class ResultView(View):
    """One directory of an order; `status` is `waiting` before its first attempt."""

    result_id: UUID | None
    directory_id: UUID
    directory_name: str
    submission_url: str
    is_demo: bool
    position: int
    status: str = Field(examples=["needs_manual"])
    status_text: str
    reason: str | None
    reason_label: str | None = Field(examples=["Login required"])
    reason_text: str | None
    error_message: str | None
    filled: list[Filled]
    response_log: dict[str, Any]
    evidence: str | None = Field(description="Name of the screenshot")
    listing_url: str | None
    confirmation: str | None
    attempts: int
    may_have_been_sent: bool
    worker_id: str | None
    next_try_at: datetime | None
    updated_at: datetime | None
    finished_at: datetime | None
    person: str | None = Field(
        description="Who recorded the outcome; empty where the name is erased"
    )
    proof: str | None = Field(description="What a person had seen: listing, reference or seen")
    actions: list[str]


class ManualItem(ResultView):
    """A directory that needs a person, with the order that it belongs to."""

    job_id: UUID
    business_name: str


class HistoryEvent(View):
    """An event of queue_history; `mark` is how it is marked, `text` its sentence."""

    id: int
    job_id: UUID
    business_name: str
    directory_name: str | None
    event: str = Field(examples=["submission_complete"])
    text: str
    mark: str
    details: dict[str, Any]
    worker_id: str | None
    created_at: datetime


class OrderView(OrderRow):
    """One order with all its directories and everything that happened to it, the oldest first."""

    results: list[ResultView]
    timeline: list[HistoryEvent]


def share(part: int, whole: int) -> float | None:
    """`part` of `whole` in per cent; None while there is nothing to measure."""
    return round(100 * part / whole, 1) if whole else None


def order_row(row: ListedOrder) -> OrderRow:
    """An order in a list."""
    package = PACKAGES.get(row.package_type)
    facts = shared_fields(OrderRow, row)
    is_open = row.status in OPEN
    facts["submitting_to"] = (row.submitting_to or []) if is_open else []
    facts["submitting"] = row.submitting if is_open else 0
    done = row.submitted + row.failed + row.skipped + row.needs_manual
    left = max(0, row.directories_total - done)
    facts |= {"directories_done": done, "progress": share(done, row.directories_total) or 0.0}
    return OrderRow(
        **facts,
        waiting=max(0, left - row.submitting) if is_open else 0,
        not_submitted=0 if is_open else left,
        package_name=package.name if package else row.package_type,
        status_text=_status_text(row),
        success_rate=share(row.submitted, done),
        actions=_order_actions(row),
    )


def _status_text(row: ListedOrder) -> str:
    if row.status == "pending":
        return "In the queue" if row.message_id else "Waiting to be queued"
    if row.waits_for is not None:
        return f"Waiting for {'directories' if row.waits_for == 'directories' else 'the profile'}"
    return STATUS_WORDS[row.status]


def _order_actions(row: ListedOrder) -> list[str]:
    status = row.status
    possible = {
        "push": status == "pending" and not row.message_id,
        "priority": status in OPEN,
        "retry_failed": status != "cancelled" and row.failed > 0,
        "cancel": status in OPEN,
        "customer_link": row.erased_at is None,
    }
    return [name for name, is_possible in possible.items() if is_possible]


def order_view(
    row: ListedOrder, results: Sequence[WorkListEntry], history: Sequence[ListedHistoryEntry]
) -> OrderView:
    """An order with its work list and its events."""
    return OrderView(
        **dict(order_row(row)),
        results=[result_view(each, row.status) for each in results],
        timeline=[history_event(each) for each in history],
    )


def result_view(row: WorkListEntry, order_status: str) -> ResultView:
    """A directory of a work list, or of the manual queue."""
    return ResultView(**_result(row, order_status))


def manual_item(row: ManualEntry) -> ManualItem:
    """A directory of the manual queue."""
    facts = _result(row, row.order_status)
    return ManualItem(**facts, job_id=row.job_id, business_name=row.business_name)


def _result(row: WorkListEntry, order_status: str) -> dict[str, Any]:
    status = row.status or "waiting"
    return {
        **shared_fields(ResultView, row),
        "directory_name": row.name,
        "status": status,
        "status_text": _result_text(status, row, order_status),
        "reason_label": reason_label(row.reason),
        "reason_text": reason_text(row.reason),
        "filled": filled(row.payload or {}),
        "response_log": row.response_log or {},
        "evidence": row.screenshot,
        "attempts": row.attempts or 0,
        "may_have_been_sent": row.clicked_at is not None,
        "actions": _result_actions(status, order_status, by_person=row.person is not None),
    }


def _result_text(status: str, row: WorkListEntry, order_status: str) -> str:
    if is_not_submitted(status, order_status):
        return NOT_SUBMITTED
    if status == "submitting" and (row.next_try_at or not row.worker_id):
        return "Waiting to retry"
    return RESULT_WORDS[status]


def is_not_submitted(status: str, order_status: str) -> bool:
    """Whether the order closed before a directory had an end; a cancelled one waits for no person."""
    never = ("waiting", "submitting", *(["needs_manual"] if order_status == "cancelled" else []))
    return order_status not in OPEN and status in never


def _result_actions(status: str, order_status: str, *, by_person: bool) -> list[str]:
    if order_status == "cancelled":
        return []
    again = status in ("failed", "skipped", "needs_manual")
    undone = by_person and status in ("submitted", "failed", "skipped")
    return ["retry"] * again + ["resolve"] * (status == "needs_manual") + ["undo"] * undone


def reason_text(reason: str | None) -> str | None:
    """The sentence of a reason; one of a newer version is named as it is."""
    return sentence_of(ResultReason(reason)) if reason in set(ResultReason) else reason


def filled(payload: Mapping[str, Any]) -> list[Filled]:
    """What was filled in, field by field; whatever a worker wrote becomes plain text."""
    return [_filled(name, value) for name, value in payload.items()]


def _filled(name: str, told: Any) -> Filled:
    facts = cast("dict[str, Any]", told) if isinstance(told, dict) else {"value": told}
    sure = facts.get("confidence")
    return Filled(
        field=name,
        label=str(facts.get("label") or name),
        value=str(facts.get("value") if facts.get("value") is not None else ""),
        confidence=float(sure) if isinstance(sure, int | float) else None,
    )


def history_event(row: ListedHistoryEntry) -> HistoryEvent:
    """A row of queue_history with its sentence."""
    mark, text = words_of(row.event, row.details)
    return HistoryEvent(**shared_fields(HistoryEvent, row), mark=mark, text=text)
