"""What is wrong with Hermes itself, by its own figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

LEAST_FREE = 512 * 1024**2
"""Bytes free on the disk of this installation: below it backups, evidence and soon the database fail."""
LATE = timedelta(minutes=10)
"""How long a run or a schedule may be overdue before nobody seems to be at work."""
MEBIBYTE = 1024**2


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """`free`: bytes on the disk of the home, None where it was not looked at; `runs` and `schedules` that are
    overdue by more than `LATE`."""

    free: int | None
    runs: int
    schedules: int


def troubles(found: OwnFigures) -> Mapping[str, str]:
    """What is wrong, by the key of its alert.

    >>> dict(troubles(OwnFigures(free=None, runs=0, schedules=1)))
    {'schedules': '1 schedule did not run for more than 10 minutes. Is a runner at work?'}
    """
    told: dict[str, str] = {}
    if found.free is not None and found.free < LEAST_FREE:
        free = found.free // MEBIBYTE
        told["disk"] = f"The disk of this installation is nearly full: {free} MiB are free."
    if found.runs:
        noun = "run waits" if found.runs == 1 else "runs wait"
        told["runs"] = f"{found.runs} {noun} for more than 10 minutes. Is a runner at work?"
    if found.schedules:
        noun = "schedule" if found.schedules == 1 else "schedules"
        late = f"{found.schedules} {noun} did not run for more than 10 minutes."
        told["schedules"] = f"{late} Is a runner at work?"
    return told
