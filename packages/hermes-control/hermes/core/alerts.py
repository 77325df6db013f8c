"""Alerts: after several failed smoke runs in a row one opens, after several that passed it closes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AwareDatetime,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from hermes.core.sites.addresses import refused
from hermes_base.view import View

CHANNEL = "notifications"
"""The service that delivers alerts."""

MOST_MESSAGES = 50
"""How many messages one job of the channel takes."""

LONGEST_WINDOW = timedelta(days=90)
InARow = Annotated[int, Field(ge=1, le=20)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=300)]


class AlertRule(View):
    """How many smoke runs in a row turn an alert."""

    model_config = ConfigDict(extra="forbid")

    fail_after: InARow = Field(default=2, description="Failed runs in a row that open an alert")
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
    """What runs, oldest first, do to an alert. A partial run is neither: it breaks either row."""
    found: list[Turn] = []
    failed = passed = 0
    for run in runs:
        failed = failed + 1 if run.status == "failed" else 0
        passed = passed + 1 if run.status == "success" else 0
        if failed >= rule.fail_after and not is_open:
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


def message(service: str, site: str, failures: int, why: str, key: str, url: str) -> dict[str, Any]:
    """An alert as the notifications worker takes it: one line of subject; by its `key` it goes out once."""
    subject = "".join(c if c.isprintable() else " " for c in f"{service} is failing on {site}")[
        :200
    ]
    text = f"{service} on {site} failed its last {failures} smoke tests. {why}".strip()
    return {"subject": subject, "text": f"{text}\n{url}".strip(), "key": key}
