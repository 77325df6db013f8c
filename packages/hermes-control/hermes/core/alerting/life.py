"""An alert as its rules see it, and what is said of it over a channel."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from hermes_base.alerts.model import Product, Severity

What = Literal["opened", "flapping", "reminder", "escalation", "recovered"]
Place = tuple[UUID, str]
"""A site and the slug of a service."""


@dataclass(frozen=True, slots=True)
class Life:
    """An alert and what of it was handed to the outbox. `places` are the services that its cause fails
    now; empty for alerts of orders and of Hermes itself, and of one that is closed."""

    id: UUID
    product: Product
    severity: Severity
    opened_at: datetime
    closed_at: datetime | None
    flaps: int
    acknowledged_at: datetime | None
    snoozed_until: datetime | None
    told_at: datetime | None
    told_services: int
    told_flaps: int
    told_closed_at: datetime | None
    reminded_at: datetime | None
    reminders: int
    escalated_at: datetime | None
    places: tuple[Place, ...] = ()
    told_channels: tuple[UUID, ...] = ()
    """The channels that were given something of it."""
    about_channel: UUID | None = None
    """The channel that does not deliver, where it is about one: that one is not told."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message over one channel. `id` is its own and never changes, however often it is tried: whoever
    takes it twice can see that. `alert` is the same for all that is said of one alert."""

    id: str
    alert: str
    what: What
    is_open: bool
    severity: Severity
    subject: str
    text: str
    url: str
    at: datetime
