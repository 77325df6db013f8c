"""An order on its way: webhook inbox, outbox, queue, flow run, and what was given up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from directory_bolt.core.orders.letters import LetterKind


@dataclass(frozen=True, slots=True)
class InboxEvent:
    """What became of a webhook event (table webhook_inbox)."""

    event_id: str
    outcome: str
    detail: str
    job_id: UUID | None


@dataclass(frozen=True, slots=True)
class RefusedEvent:
    """A webhook event of which no order was made; `payload` is as Stripe sent it."""

    event_id: str
    payload: dict[str, Any]
    detail: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class UnsentLetter:
    """A letter that a customer is to get (table letters), with where it goes."""

    id: int
    job_id: UUID
    kind: LetterKind
    attempts: int
    email: str
    business_name: str


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """What the relay must hand to the brain (table outbox); `payload` is the body of the request."""

    id: int
    job_id: UUID
    payload: dict[str, Any]
    attempts: int
    last_error: str | None


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """A message of the outbox that the brain does not have yet; `found` is how many there are."""

    job_id: UUID
    business_name: str
    attempts: int
    last_error: str | None
    due_at: datetime
    created_at: datetime
    found: int


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """One delivery of a message of the embedded queue (table queue_messages)."""

    id: UUID
    receipt: UUID
    body: str
    receive_count: int


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """How many messages of the embedded queue can be received, and how many are being worked on."""

    visible: int
    in_flight: int


@dataclass(frozen=True, slots=True)
class FlowRun:
    """The hand-over of an order to a flow engine (table flow_runs).

    `leased_by` holds it until `due_at`; `attempts` counts workers that claimed it without getting on;
    `external_id` is the engine's own name of the run.
    """

    id: UUID
    job_id: UUID
    engine: str
    external_id: str | None
    state: str
    attempts: int
    leased_by: str | None
    due_at: datetime | None
    detail: str | None
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class FlowCounts:
    """Open flow runs by state; `oldest` is since when an order stands in the queue, or None."""

    scheduled: int
    running: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message or flow run that was given up (table dead_letters)."""

    id: UUID
    source: str
    body: str
    job_id: UUID | None
    reason: str
    receive_count: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ListedDeadLetter(DeadLetter):
    """A dead letter with its order; both are None where it names no known order."""

    order_status: str | None
    business_name: str | None
