"""What is to be said of an alert now, given what was said of it before. The outbox carries it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from hermes.core.alerting.life import Life, What
from hermes.core.alerting.routes import Route
from hermes_base.alerts.model import CALM


@dataclass(frozen=True, slots=True)
class Saying:
    """One delivery to write into the outbox. `number` tells sayings of one sort apart."""

    what: What
    number: int
    channel: UUID
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What is written, and what of the alert is thereby known to the outbox."""

    sayings: tuple[Saying, ...] = ()
    columns: dict[str, object] = field(default_factory=dict[str, object])
    withdrawn: bool = False
    """Whether a recovery that was not said yet is not true any more."""


NOTHING = Told()


def told_of(life: Life, route: Route | None, now: datetime) -> Told:
    """What to say now. `route` is the one that fits now; without one nobody is told of what is new, and
    those who were told are still told that it is over."""
    if life.closed_at is not None:
        return _closed(life, life.closed_at, now)
    if life.flaps > life.told_flaps:
        return _returned(life, now)
    if route is None:
        return NOTHING
    if life.told_at is None or len(life.places) > life.told_services:
        return _opened(life, route, now)
    if life.acknowledged_at is not None or _sleeps(life, now):
        return NOTHING
    return _escalated(life, route, now) or _reminded(life, route, now) or NOTHING


def _opened(life: Life, route: Route, now: datetime) -> Told:
    """A service that joins the cause tells those who were not told yet, and nobody twice."""
    new = [each for each in route.channels if each not in life.told_channels]
    told = [Saying("opened", 0, each, now) for each in new if each != life.about_channel]
    columns: dict[str, object] = {"told_services": len(life.places), "route_id": route.id}
    if life.told_at is None:
        columns["told_at"] = now
    return Told(tuple(told), columns)


def _closed(life: Life, closed_at: datetime, now: datetime) -> Told:
    """That it is over is said to all who were told; of a flapping one only when it was calm for a while."""
    if life.told_closed_at == closed_at:
        return NOTHING
    due = closed_at + CALM if life.flaps else now
    over = tuple(Saying("recovered", life.flaps, each, due) for each in life.told_channels)
    return Told(over, {"told_closed_at": closed_at, "told_at": life.told_at or now})


def _returned(life: Life, now: datetime) -> Told:
    """That it comes and goes is said once; after that nothing until it is over for good."""
    said = life.told_flaps > 0
    flapping = () if said else tuple(Saying("flapping", 0, c, now) for c in life.told_channels)
    columns: dict[str, object] = {"told_flaps": life.flaps, "told_closed_at": None}
    return Told(flapping, columns, withdrawn=True)


def _sleeps(life: Life, now: datetime) -> bool:
    return life.snoozed_until is not None and now < life.snoozed_until


def _escalated(life: Life, route: Route, now: datetime) -> Told | None:
    if route.escalate_after is None or life.escalated_at is not None or life.told_at is None:
        return None
    if now < life.told_at + route.escalate_after:
        return None
    to = [each for each in route.escalate_to if each != life.about_channel]
    return Told(tuple(Saying("escalation", 0, each, now) for each in to), {"escalated_at": now})


def _reminded(life: Life, route: Route, now: datetime) -> Told | None:
    """After the time of the route; at once when a snooze ends that was longer."""
    last = life.reminded_at or life.told_at
    if route.remind_after is None or last is None or now < last + _spell(life, route, last):
        return None
    number = life.reminders + 1
    said = tuple(Saying("reminder", number, each, now) for each in life.told_channels)
    return Told(said, {"reminded_at": now, "reminders": number})


def _spell(life: Life, route: Route, last: datetime) -> timedelta:
    assert route.remind_after is not None  # noqa: S101 - the caller has looked
    if life.snoozed_until is None or life.snoozed_until <= last:
        return route.remind_after
    return life.snoozed_until - last
