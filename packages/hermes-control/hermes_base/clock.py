"""The time, passed in wherever it matters so that tests can hold it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol, runtime_checkable

Clock = Callable[[], datetime]


@runtime_checkable
class MeasuredClock(Protocol):
    """A clock that knows how far this machine's own is ahead of it."""

    skew: timedelta


def skew_of(clock: Clock) -> timedelta:
    """How far this machine's clock is ahead of this one; none of a clock that does not measure."""
    return clock.skew if isinstance(clock, MeasuredClock) else timedelta()


def utc_now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)
