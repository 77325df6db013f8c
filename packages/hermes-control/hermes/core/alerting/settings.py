"""Channels and routes as admins enter them, and as they read."""

from datetime import datetime, time
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from hermes.core.alerting.wire import Kind
from hermes.core.schedules import zone_of
from hermes.core.sites.addresses import refused
from hermes_base.alerts.model import Product, Severity
from hermes_base.view import View

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
SecretName = Annotated[str, StringConstraints(pattern=r"^(HERMES_[A-Z0-9_]{1,80})?$")]
Day = Annotated[int, Field(ge=1, le=7)]
Minutes = Annotated[int, Field(ge=5, le=14 * 24 * 60)]


class ChannelInput(View):
    """A channel over which alerts are delivered."""

    model_config = ConfigDict(extra="forbid")

    name: Name = Field(examples=["Slack #seo"])
    kind: Kind
    target: str = Field(
        default="",
        max_length=500,
        validate_default=True,
        description="E-mail addresses, or the chat of a Telegram bot",
    )
    secret: SecretName = Field(
        default="",
        validate_default=True,
        description="The name of the secret that holds address and key",
        examples=["HERMES_CHANNEL_SLACK_SEO"],
    )

    @field_validator("target")
    @classmethod
    def _somebody(cls, target: str, known: ValidationInfo) -> str:
        if known.data.get("kind") in ("email", "telegram") and not target.strip():
            raise refused("enter the addresses or the chat that is told")
        return target.strip()

    @field_validator("secret")
    @classmethod
    def _kept(cls, secret: str, known: ValidationInfo) -> str:
        if known.data.get("kind") != "notifications" and not secret:
            raise refused("enter the name of the secret that holds address and key")
        return secret


class RouteInput(View):
    """Who is told of which alerts, and when. What is left out fits everything."""

    model_config = ConfigDict(extra="forbid")

    product: Product | None = None
    site_id: UUID | None = None
    service: str | None = Field(default=None, max_length=64)
    severity: Severity | None = None
    days: list[Day] = Field(
        default=[1, 2, 3, 4, 5, 6, 7], min_length=1, description="1 is Monday, 7 is Sunday"
    )
    starts: time | None = None
    ends: time | None = Field(default=None, validate_default=True)
    time_zone: Annotated[str, AfterValidator(zone_of)] = "UTC"
    channels: list[UUID] = Field(min_length=1, max_length=20)
    remind_after: Minutes | None = Field(default=1440, description="Minutes; null: no reminders")
    escalate_after: Minutes | None = Field(
        default=None, description="Minutes after which, if nobody takes it, others are told"
    )
    escalate_to: list[UUID] = Field(default=[], max_length=20, validate_default=True)

    @field_validator("ends")
    @classmethod
    def _hours(cls, ends: time | None, known: ValidationInfo) -> time | None:
        if (known.data.get("starts") is None) != (ends is None):
            raise refused("enter both, from and to, or neither")
        return ends

    @field_validator("escalate_to")
    @classmethod
    def _next(cls, told: list[UUID], known: ValidationInfo) -> list[UUID]:
        if (known.data.get("escalate_after") is None) != (not told):
            raise refused("enter both, after how many minutes and who is told then, or neither")
        return told


class ChannelView(View):
    """A channel, and whether it delivers."""

    id: UUID
    name: str
    kind: Kind
    kind_name: str
    target: str
    secret: str
    state: Literal["delivers", "fails", "unused"]
    fault: str
    delivered: int = Field(description="In the last 30 days")
    kept: int = Field(description="What waits to be delivered")
    last_at: datetime | None


class RouteView(View):
    """A route, in the order in which they are looked at."""

    id: UUID
    product: Product | None
    site_id: UUID | None
    site: str | None
    service: str | None
    severity: Severity | None
    when: str = Field(examples=["Mon to Fri, 08:00 to 18:00 (Europe/Berlin)"])
    channels: list[str]
    remind_after: int | None
    escalate_after: int | None
    escalate_to: list[str]
    used: int = Field(description="Alerts in the last 30 days")


class PingView(View):
    """Whether the watcher outside, which notices a dead Hermes, answered."""

    sent_at: datetime
    answered_at: datetime | None
    fault: str


class AlertSetup(View):
    """Channels, routes and the watcher outside."""

    channels: list[ChannelView]
    routes: list[RouteView]
    ping: PingView | None


DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def spoken(days: tuple[int, ...], starts: time | None, ends: time | None, time_zone: str) -> str:
    """When a route is used, in words.

    >>> spoken((1, 2, 3, 4, 5), time(8), time(18), "Europe/Berlin")
    'Mon to Fri, 08:00 to 18:00 (Europe/Berlin)'
    >>> spoken((1, 2, 3, 4, 5, 6, 7), None, None, "UTC")
    'Always'
    """
    every = len(set(days)) == len(DAYS)
    if every and starts is None:
        return "Always"
    hours = f"{starts:%H:%M} to {ends:%H:%M} ({time_zone})" if starts and ends else ""
    return ", ".join(part for part in ("" if every else _named(sorted(set(days))), hours) if part)


def _named(days: list[int]) -> str:
    names = [DAYS[day - 1] for day in days]
    in_a_row = days == list(range(days[0], days[-1] + 1))
    return f"{names[0]} to {names[-1]}" if in_a_row and len(days) > 2 else ", ".join(names)
