"""What is known of the processes and of problems: heartbeats, alerts, history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ProcessHeartbeat:
    """The last heartbeat of a process (table worker_heartbeats); `state` is what it says of itself."""

    worker_id: str
    process: str
    state: dict[str, Any]
    started_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class OrderAlert:
    """A problem (table order_alerts); `key` is its kind and subject, so that it is one alert."""

    key: str
    kind: str
    text: str
    job_id: UUID | None
    opened_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """An event of an order (table queue_history)."""

    id: int
    job_id: UUID
    directory_name: str | None
    event: str
    details: dict[str, Any]
    worker_id: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ListedHistoryEntry(HistoryEntry):
    """An event with the business of its order."""

    business_name: str
