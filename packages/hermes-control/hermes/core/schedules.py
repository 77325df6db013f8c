"""When a schedule is due: cron expressions in a time zone, checked and told in plain words."""

from datetime import UTC, datetime, tzinfo
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from hermes.core.catalog import RunType
from hermes.core.sites.addresses import refused
from hermes_base.view import View

FIELDS = {
    "minute": "minute (0-59)",
    "hour": "hour (0-23)",
    "day-of-month": "day of the month (1-31)",
    "month": "month (1-12 or JAN-DEC)",
    "day-of-week": "day of the week (0-7 or SUN-SAT, 0 and 7 are Sunday)",
}
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
AT_LOCAL_TIME = "%a %d %b %Y, %H:%M"


def cron_of(text: str) -> str:
    """A cron expression of five fields with single blanks between them, or what is wrong with it."""
    parts = text.split()
    if len(parts) != len(FIELDS):
        names = ", ".join(name.replace("-", " ") for name in FIELDS)
        raise refused(f"needs five fields ({names}), such as 0 6 * * 1-5; this has {len(parts)}")
    expression = " ".join(parts)
    try:
        next(CronSim(expression, SOME_DAY))
    except CronSimError as fault:
        raise refused(_words(str(fault).removeprefix("Bad "), parts)) from None
    except StopIteration:
        raise refused("never matches a real date") from None
    return expression


def _words(field: str, parts: list[str]) -> str:
    """What is wrong, with the text of the field; a day like 31 February passes field by field."""
    place = list(FIELDS).index(field) if field in FIELDS else None
    if place is None:
        return "is not a cron expression"
    if field == "day-of-month" and parts[place].isdecimal() and 1 <= int(parts[place]) <= 31:
        return "never matches a real date"
    return f"{parts[place]!r} does not fit the {FIELDS[field]}"


def zone_of(name: str) -> str:
    """The name of a time zone, or what is wrong with it."""
    name = name.strip()
    try:
        _zone(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        known = "such as Europe/Zurich" if zones() else "and this machine knows none but UTC"
        raise refused(f"is not a time zone; write an Area/City name, {known}, or UTC") from None
    return name


@cache
def _zone(name: str) -> tzinfo:
    """UTC needs no database of time zones."""
    return UTC if name == "UTC" else ZoneInfo(name)


@cache
def zones() -> tuple[str, ...]:
    """Area/City names of this machine's database, UTC first."""
    areas = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/")
    named = (*areas, "Indian/", "Pacific/")
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(named)))


class ScheduleInput(View):
    """A test that starts at the times of a cron expression. Leave `service` empty for all services."""

    model_config = ConfigDict(extra="forbid")

    cron: Annotated[
        str,
        Field(max_length=120, examples=["0 6 * * 1-5"], description="Five fields"),
        AfterValidator(cron_of),
    ]
    time_zone: Annotated[
        str, Field(max_length=60, examples=["Europe/Zurich"]), AfterValidator(zone_of)
    ] = "UTC"
    mode: RunType = Field(default="smoke", description="What to run")
    service: Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)] | None = None
    enabled: bool = True


class ScheduleChange(View):
    """What of a schedule is to change; what is not named stays as it is. `service` "": all."""

    model_config = ConfigDict(extra="forbid")

    cron: str | None = None
    time_zone: str | None = None
    mode: RunType | None = None
    service: str | None = None
    enabled: bool | None = None


def next_time(cron: str, time_zone: str, after: datetime) -> datetime:
    """The first due time after a moment, in UTC. However many times were missed, it is one."""
    return next(CronSim(cron, after.astimezone(_zone(time_zone)))).astimezone(UTC)


def explained(cron: str) -> str:
    """`At 06:00 on Monday through Friday`."""
    return CronSim(cron, SOME_DAY).explain()


def local_time(at: datetime, time_zone: str) -> str:
    """`Mon 23 Nov 2026, 06:00 (Europe/Zurich)`."""
    return f"{at.astimezone(_zone(time_zone)).strftime(AT_LOCAL_TIME)} ({time_zone})"


def moment(text: str, time_zone: str) -> datetime:
    """`2026-11-23T06:00` on the clocks of a time zone, as UTC. ValueError for anything else."""
    return datetime.fromisoformat(text).replace(tzinfo=_zone(time_zone)).astimezone(UTC)
