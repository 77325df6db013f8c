"""What the flow needs of a submitter: the seam between the order's work and the browser."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from directory_bolt.core.orders.profile import BusinessProfile
from directory_bolt.core.orders.states import ResultReason, ResultStatus


@dataclass(frozen=True, slots=True)
class Task:
    """What a submitter needs to send one order to one directory."""

    job_id: UUID
    result_id: UUID
    directory_id: UUID
    directory_name: str
    submission_url: str
    lookup_url: str | None
    is_demo: bool
    profile: BusinessProfile
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended. `retry`: a passing trouble before anything was sent.

    `payload` is what was filled in (field -> label, kind, value, confidence, signals),
    `response_log` what the directory answered; `screenshot` a file below the evidence folder.
    """

    status: ResultStatus
    reason: ResultReason | None = None
    message: str = ""
    payload: dict[str, Any] = field(default_factory=dict[str, Any])
    response_log: dict[str, Any] = field(default_factory=dict[str, Any])
    screenshot: str | None = None
    listing_url: str | None = None
    confirmation: str | None = None
    retry: bool = False


BeforeClick = Callable[[dict[str, Any]], Awaitable[bool]]
"""Awaited with what was filled in directly before the click that may send it; False: do not click."""


class Submitter(Protocol):
    """The seam to the browser: submits to directories, several at a time."""

    async def submit(self, task: Task, before_click: BeforeClick) -> Outcome:
        """Read the form, fill it in, send it once, and judge the answer."""
        ...

    async def look_up(self, task: Task) -> str | None:
        """The address of the business's listing, where the directory can be asked for it."""
        ...

    def left_behind(self, task: Task) -> str | None:
        """The picture that an attempt left which was cut off after its click, by its name."""
        ...
