"""What is shown around orders: their figures, the queue, dead letters, directories, processes, alerts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from directory_bolt.core.orders.labels import alert_label
from directory_bolt.core.orders.processes import PROCESSES, SILENT_SECONDS
from directory_bolt.core.orders.states import DONE, JobStatus, ResultStatus
from directory_bolt.core.rows.deliveries import ListedDeadLetter, WaitingMessage
from directory_bolt.core.rows.directories import MeasuredDirectory
from directory_bolt.core.rows.operations import ProcessHeartbeat
from directory_bolt.core.views.orders import share
from directory_bolt.core.views.shared import shared_fields
from hermes_base.alerts.model import AlertRecord
from hermes_base.view import View

ORDER_STATES: tuple[JobStatus, ...] = (
    "pending", "in_progress", "waiting", "completed", "failed", "cancelled",
)  # fmt: skip
RESULT_STATES: tuple[ResultStatus, ...] = (
    "submitted", "failed", "skipped", "needs_manual", "submitting",
)  # fmt: skip


class Summary(View):
    """Counted from rows. `success_rate` is submitted of done in per cent; null while nothing is done."""

    orders: dict[str, int] = Field(examples=[{"pending": 1, "in_progress": 2, "completed": 7}])
    directories: dict[str, int] = Field(examples=[{"submitted": 120, "failed": 4, "submitting": 3}])
    done: int
    success_rate: float | None
    catalog: dict[str, int] = Field(examples=[{"all": 480, "used": 455, "undecided": 20}])
    generated_at: datetime


class OutboxItem(View):
    """An order that the brain does not have yet."""

    job_id: UUID
    business_name: str
    attempts: int
    last_error: str | None
    due_at: datetime
    created_at: datetime


class QueueView(View):
    """The queue of orders. Its figures are null while it does not respond; `fault` says why."""

    provider: str = Field(examples=["postgres"])
    fault: str | None
    visible: int | None
    in_flight: int | None
    dead: int | None
    oldest_since: datetime | None
    flows_scheduled: int
    flows_running: int
    outbox_waiting: int
    outbox: list[OutboxItem]


class DeadLetterView(View):
    """A dead letter; `obstacle` says why it cannot be replayed, or is null."""

    id: UUID
    source: str = Field(examples=["queue"])
    reason: str
    body: str
    job_id: UUID | None
    business_name: str | None
    receive_count: int
    obstacle: str | None
    created_at: datetime


class DirectoryView(View):
    """A directory. `tried` leaves out what was skipped; `success_rate` is submitted of tried, in per cent."""

    id: UUID
    name: str
    submission_url: str
    category: str
    tier: int
    domain_authority: int | None
    requires_login: bool | None
    has_captcha: bool | None
    terms_decision: str = Field(examples=["allowed"])
    terms_note: str
    terms_by: str | None
    terms_at: datetime | None
    enabled: bool
    retired_at: datetime | None
    is_demo: bool
    pacing_seconds: float
    lookup_url: str | None
    verified_at: datetime | None
    submitted: int
    failed: int
    skipped: int
    needs_manual: int
    tried: int
    success_rate: float | None
    is_used: bool


class ProcessView(View):
    """A background process; `state` is alive, silent or absent. `told` is what it says of itself."""

    process: str = Field(examples=["brain"])
    worker_id: str | None
    state: str = Field(examples=["alive"])
    age_seconds: float | None
    seen_at: datetime | None
    started_at: datetime | None
    told: dict[str, Any]


class Alert(View):
    """An open problem; one of `closes_itself` closes when it is resolved, others when staff close them."""

    key: str
    kind: str = Field(examples=["stuck"])
    kind_label: str = Field(examples=["No progress"])
    text: str
    job_id: UUID | None
    closes_itself: bool
    opened_at: datetime
    seen_at: datetime


def summary(
    orders: Mapping[str, int], results: Mapping[str, int], catalog: Mapping[str, int], now: datetime
) -> Summary:
    """The figures of all orders, from counts by state. What is under way is in none but its own."""
    done = sum(results.get(state, 0) for state in DONE)
    return Summary(
        orders={state: orders.get(state, 0) for state in ORDER_STATES},
        directories={state: results.get(state, 0) for state in RESULT_STATES},
        done=done,
        success_rate=share(results.get("submitted", 0), done),
        catalog=dict(catalog),
        generated_at=now,
    )


def outbox_item(row: WaitingMessage) -> OutboxItem:
    """A row of the outbox with its business."""
    return OutboxItem(**shared_fields(OutboxItem, row))


def dead_letter(row: ListedDeadLetter) -> DeadLetterView:
    """A dead letter with the state of its order."""
    return DeadLetterView(**shared_fields(DeadLetterView, row), obstacle=_obstacle(row))


def _obstacle(row: ListedDeadLetter) -> str | None:
    if row.job_id is None:
        return "It does not name a known order. Fix the sender."
    if row.order_status not in ("failed", "pending"):
        return f"Its order is now {(row.order_status or '').replace('_', ' ')}."
    return None


def directory_view(row: MeasuredDirectory) -> DirectoryView:
    """A directory with the counts of its results."""
    tried = row.submitted + row.failed + row.needs_manual
    return DirectoryView(
        **shared_fields(DirectoryView, row),
        tried=tried,
        success_rate=share(row.submitted, tried),
        is_used=row.enabled and row.terms_decision == "allowed",
    )


def processes(heartbeats: Sequence[ProcessHeartbeat], now: datetime) -> list[ProcessView]:
    """Every process that was heard of, and those of the pipeline that never were."""
    found = [_process(row, now) for row in heartbeats]
    known = {view.process for view in found}
    absent = [_absent(name) for name in PROCESSES if name not in known]
    places = {name: place for place, name in enumerate(PROCESSES)}
    return sorted(found + absent, key=lambda view: places.get(view.process, len(places)))


def _process(row: ProcessHeartbeat, now: datetime) -> ProcessView:
    age = max(0.0, (now - row.seen_at).total_seconds())
    return ProcessView(
        process=row.process,
        worker_id=row.worker_id,
        state="silent" if age > SILENT_SECONDS else "alive",
        age_seconds=round(age, 1),
        seen_at=row.seen_at,
        started_at=row.started_at,
        told=row.state,
    )


def _absent(process: str) -> ProcessView:
    return ProcessView(
        process=process, worker_id=None, state="absent", age_seconds=None, seen_at=None,
        started_at=None, told={},
    )  # fmt: skip


def alert(row: AlertRecord, by_itself: Sequence[str]) -> Alert:
    """An open alert; `by_itself` are the kinds that the monitor closes."""
    return Alert(
        **shared_fields(Alert, row),
        kind_label=alert_label(row.kind),
        closes_itself=row.kind in by_itself,
    )
