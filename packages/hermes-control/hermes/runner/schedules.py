"""The clock of the schedules: starts what is due, in every runner; each due time is run by one of them."""

import asyncio
from datetime import datetime

import structlog

from hermes.upkeep.schedules import Schedules
from hermes_base.clock import Clock, utc_now
from hermes_base.postgres.database import LOST_DATABASE

log = structlog.get_logger()

LONGEST_WAIT = 5.0
"""Seconds until a schedule that was added meanwhile is noticed."""


async def keep_schedules(schedules: Schedules, clock: Clock = utc_now) -> None:
    """Run what is due until cancelled; a lost database is waited for."""
    while True:
        seconds = await turn(schedules, clock)
        await asyncio.sleep(seconds)


async def turn(schedules: Schedules, clock: Clock) -> float:
    """Start what is due. Returns the seconds to wait."""
    try:
        await schedules.run_due()
        return seconds_to(await schedules.next_due(), clock())
    except LOST_DATABASE as error:
        log.warning("database away, schedules wait", error=type(error).__name__)
    except Exception:
        log.exception("schedules failed")
    return LONGEST_WAIT


def seconds_to(due: datetime | None, now: datetime) -> float:
    """At most LONGEST_WAIT, and never nothing at all."""
    if due is None:
        return LONGEST_WAIT
    return min(LONGEST_WAIT, max(0.05, (due - now).total_seconds()))
