"""What runs the work of an order; the hand-over is durable before the queue's message is deleted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


class FlowAwayError(Exception):
    """The flow engine cannot be reached or refuses; the text says why, without credentials."""


@dataclass(frozen=True, slots=True)
class FlowState:
    """`state` is scheduled, running, completed, failed, cancelled, crashed or late, `since` then."""

    state: str
    detail: str = ""
    since: datetime | None = None


class FlowEngine(Protocol):
    """Triggering the same order twice runs it once. Every method may raise FlowAwayError."""

    name: str
    """As flow_runs.engine says it."""
    title: str
    """As the log and people say it."""

    async def trigger(self, job_id: UUID) -> str:
        """Hand an order over, durably; the id of its flow run."""
        ...

    async def state(self, flow_run: str) -> FlowState:
        """The state of a flow run, as its engine knows it now."""
        ...

    async def cancel(self, flow_run: str) -> None:
        """Ask a flow run to end."""
        ...

    async def check(self) -> None:
        """Whether the engine is there and has what it needs to run orders."""
        ...
