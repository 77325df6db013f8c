"""Whether a message goes out now: quiet hours, the same key twice, and too many at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Annotated, Self, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from hermes_fleet.notifications.channels.channel import Throttle
from hermes_fleet.notifications.message import Message

HOUR = 3600.0


def known_zone(name: str) -> str:
    """The name of a time zone. Raises ValueError."""
    try:
        ZoneInfo(name) if name != "UTC" else UTC
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(
            f"{name!r} is not a time zone. Enter one such as UTC or Europe/Berlin"
        ) from error
    return name


class QuietHours(BaseModel):
    """From one time of day to another, over midnight too; the first belongs to them, the last does not."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: Annotated[time, Field(alias="from")]
    end: Annotated[time, Field(alias="to")]
    time_zone: Annotated[str, AfterValidator(known_zone)] = "UTC"

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.start.tzinfo or self.end.tzinfo or self.start == self.end:
            raise ValueError("from and to must be two different times of day, such as 22:00")
        return self

    def hold(self, now: datetime) -> bool:
        zone = UTC if self.time_zone == "UTC" else ZoneInfo(self.time_zone)
        here = now.astimezone(zone).time()
        if self.start < self.end:
            return self.start <= here < self.end
        return here >= self.start or here < self.end


@dataclass(frozen=True, slots=True)
class Past:
    """What a channel accepted before: when within the last hour, oldest first; when this key last."""

    within_hour: Sequence[float] = ()
    same_key: float | None = None


@dataclass(frozen=True, slots=True)
class Go:
    """It may go out, after so many seconds."""

    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Hold:
    """It does not go out: a reason of Hermes' list, and why in words."""

    reason: str
    words: str


Decision: TypeAlias = Go | Hold


def decide(
    message: Message,
    past: Past,
    throttle: Throttle,
    now: datetime,
    quiet: QuietHours | None = None,
    same_key_seconds: float = HOUR,
) -> Decision:
    """What happens to a message on one channel."""
    moment = now.timestamp()
    if message.key and past.same_key is not None and moment - past.same_key < same_key_seconds:
        ago = max(0.0, moment - past.same_key) / 60
        words = f"the same key was sent {ago:.0f} min ago, and is sent once in {same_key_seconds / 60:g} min"
        return Hold("outputs_missing", words)
    if quiet and quiet.hold(now) and not message.urgent:
        words = f"quiet hours last until {quiet.end:%H:%M} ({quiet.time_zone}). To send it anyway, mark it urgent"
        return Hold("outputs_missing", words)
    if len(past.within_hour) >= throttle.most_an_hour and not message.urgent:
        words = f"{len(past.within_hour)} messages went out within an hour, the most allowed"
        return Hold("rate_limited", words)
    latest = past.within_hour[-1] if past.within_hour else moment - throttle.apart
    return Go(min(throttle.apart, max(0.0, latest + throttle.apart - moment)))
