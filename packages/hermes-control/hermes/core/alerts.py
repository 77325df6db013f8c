"""Alerts: after several failed smoke runs in a row one opens, after several that passed it closes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AwareDatetime,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from hermes.core.schedules import zone_of
from hermes.core.sites.addresses import refused
from hermes_base.view import View

CHANNEL = "notifications"
"""The service that delivers alerts."""

MOST_MESSAGES = 50
"""How many messages one job of the channel takes."""

LONGEST_WINDOW = timedelta(days=90)
InARow = Annotated[int, Field(ge=1, le=20)]
Repeats = Literal["once", "daily", "weekly"]
SPELLS: dict[Repeats, timedelta | None] = {
    "once": None,
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
}
Zone = Annotated[str, AfterValidator(zone_of)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=300)]


class AlertRule(View):
    """How many smoke runs in a row turn an alert."""

    model_config = ConfigDict(extra="forbid")

    fail_after: InARow = Field(default=2, description="Failed runs in a row that open an alert")
    partial_after: InARow = Field(
        default=3,
        description="Runs in a row that did not pass, partial ones included, that open one too",
    )
    recover_after: InARow = Field(default=2, description="Passed runs in a row that close it")


@dataclass(frozen=True, slots=True)
class Judged:
    """A smoke run that has a verdict."""

    id: UUID
    status: str
    created_at: datetime
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """An alert opens or closes, by this run."""

    to: Literal["open", "closed"]
    run: Judged


def turns(runs: Iterable[Judged], rule: AlertRule, *, is_open: bool) -> list[Turn]:
    """What runs, oldest first, do to an alert. A partial run breaks the row of failed and that of passed
    ones; several that were partial or failed open an alert of their own."""
    found: list[Turn] = []
    failed = passed = unwell = 0
    for run in runs:
        failed = failed + 1 if run.status == "failed" else 0
        passed = passed + 1 if run.status == "success" else 0
        unwell = unwell + 1 if run.status != "success" else 0
        opens = failed >= rule.fail_after or unwell >= rule.partial_after
        if opens and not is_open:
            found.append(Turn("open", run))
            is_open = True
        elif passed >= rule.recover_after and is_open:
            found.append(Turn("closed", run))
            is_open = False
    return found


class WindowInput(View):
    """A maintenance window: its alerts are shown, and nobody is called."""

    model_config = ConfigDict(extra="forbid")

    site_id: UUID | None = Field(
        default=None, description="Limit to one site; leave out for all sites"
    )
    service: str | None = Field(
        default=None, max_length=64, description="Limit to one service; leave out for all services"
    )
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    repeats: Repeats = Field(
        default="once", description="Whether it comes again, at the same time of day in its zone"
    )
    time_zone: Zone = Field(default="UTC", examples=["Europe/Berlin"])
    reason: Reason = Field(examples=["The shop moves to its new host."])

    @field_validator("ends_at")
    @classmethod
    def _in_order(cls, ends_at: datetime, known: ValidationInfo) -> datetime:
        starts_at = known.data.get("starts_at")
        if starts_at is None:  # wrong itself, which is said already
            return ends_at
        if ends_at <= starts_at:
            raise refused("a window must end after it starts")
        if ends_at - starts_at > LONGEST_WINDOW:
            raise refused(f"a window can last at most {LONGEST_WINDOW.days} days")
        return ends_at

    @model_validator(mode="after")
    def _apart(self) -> "WindowInput":
        spell = SPELLS[self.repeats]
        if spell is not None and self.ends_at - self.starts_at >= spell:
            raise refused("a window that repeats must end before it comes again")
        return self


@dataclass(frozen=True, slots=True)
class Window:
    """A maintenance window. None: all sites, all services."""

    id: UUID
    site_id: UUID | None
    service_slug: str | None
    starts_at: datetime
    ends_at: datetime
    reason: str


def muting(windows: Sequence[Window], site_id: UUID, service: str, now: datetime) -> Window | None:
    """The window that mutes the alerts of a service of a site now; the one that lasts longest."""
    fit = [
        w
        for w in windows
        if w.starts_at <= now < w.ends_at
        and w.site_id in (None, site_id)
        and w.service_slug in (None, service)
    ]
    return max(fit, key=lambda w: w.ends_at, default=None)


def next_of(
    starts_at: datetime, ends_at: datetime, repeats: Repeats, time_zone: str, now: datetime
) -> tuple[datetime, datetime]:
    """The start and the end of a window as it is open at `now`, else as it comes next.

    It keeps to its time of day where clocks are changed in between.
    """
    spell = SPELLS[repeats]
    if spell is None or now < ends_at:
        return starts_at, ends_at
    zone = ZoneInfo(time_zone)
    first, last = starts_at.astimezone(zone), ends_at.astimezone(zone)
    passed = max(0, (now.astimezone(zone) - last) // spell - 1)
    while True:
        start, end = (
            first + passed * spell,
            last + passed * spell,
        )  # wall clock, as datetime adds it
        if end.astimezone(UTC) > now:
            return start.astimezone(UTC), end.astimezone(UTC)
        passed += 1
