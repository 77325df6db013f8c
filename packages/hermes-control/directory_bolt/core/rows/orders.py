"""Orders (table jobs)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from directory_bolt.core.orders.states import JobStatus, WaitsFor


@dataclass(frozen=True, slots=True)
class Order:
    """One order. `priority` 1 is worked on first, 4 last; `progress` is in per cent.

    `directories_promised` were paid for, `directories_total` stand in its work list, and
    `directories_done` of those have a result. `message_id` is its message in the queue, or None.
    `live`: paid for with real money, so it reaches real directories; others reach the demo's alone.
    """

    id: UUID
    customer_id: UUID
    status: JobStatus
    waits_for: WaitsFor | None
    package_type: str
    priority: int
    directories_promised: int
    directories_total: int
    directories_done: int
    progress: float
    error_message: str | None
    source: str
    live: bool
    message_id: str | None
    queue_provider: str | None
    created_at: datetime
    enqueued_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimedOrder(Order):
    """An order with what its directories are told of its customer.

    `identity` is the SHA-256 of the business (see `profile.identity_of`); `profile` is empty once the
    customer was erased.
    """

    profile: dict[str, Any]
    identity: str


@dataclass(frozen=True, slots=True)
class ListedOrder(Order):
    """An order in a list, with its customer and how many of its directories are in each state.

    `found` is how many orders fit in all; `submitting_to` are the directories being visited, or None.
    """

    business_name: str
    email: str
    erased_at: datetime | None
    found: int
    submitted: int
    failed: int
    skipped: int
    needs_manual: int
    submitting: int
    submitting_to: list[str] | None


@dataclass(frozen=True, slots=True)
class StuckOrder:
    """An open order of which nothing was recorded for a while; `heard_at` is its last event."""

    id: UUID
    status: JobStatus
    progress: float
    heard_at: datetime
