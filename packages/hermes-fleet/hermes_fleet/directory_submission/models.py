"""The shapes of what Hermes answers about the way of orders."""

from datetime import datetime
from typing import Literal

from hermes_fleet import hermes_api


class Hop(hermes_api.ApiModel):
    """One hop as Hermes measured it."""

    hop: str
    name: str
    state: Literal["ready", "not ready", "not set"]
    text: str
    next_step: str

    @property
    def problem(self) -> str:
        """What is wrong there, and what to do."""
        return f"{self.name}: {self.text}. {self.next_step}"


class Pipeline(hermes_api.ApiModel):
    """All hops; `demo_directories` is to how many a test order may go."""

    hops: list[Hop]
    demo_directories: int

    @property
    def broken(self) -> list[Hop]:
        """The hops that do not answer."""
        return [hop for hop in self.hops if hop.state == "not ready"]

    def is_ready(self, slug: str) -> bool:
        """Whether this hop is known to be ready."""
        return any(hop.hop == slug and hop.state == "ready" for hop in self.hops)


class Directory(hermes_api.ApiModel):
    """One directory of an order."""

    directory_name: str
    status: str
    reason: str | None
    reason_text: str | None
    error_message: str | None
    listing_url: str | None
    confirmation: str | None
    worker_id: str | None


class Event(hermes_api.ApiModel):
    """One thing that happened to an order."""

    event: str
    text: str
    directory_name: str | None
    created_at: datetime


class Order(hermes_api.ApiModel):
    """An order with all that happened to it, the oldest first."""

    id: str
    status: str
    directories_total: int
    directories_done: int
    submitted: int
    failed: int
    skipped: int
    needs_manual: int
    error_message: str | None
    results: list[Directory]
    timeline: list[Event]

    @property
    def is_open(self) -> bool:
        return self.status in ("pending", "in_progress")

    @property
    def is_busy(self) -> bool:
        """Whether a flow worker still fills in a form of it."""
        return any(each.status == "submitting" and each.worker_id for each in self.results)
