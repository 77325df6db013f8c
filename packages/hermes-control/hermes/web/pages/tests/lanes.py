"""The runs of a job side by side in time: how long each waited, and how long it ran."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hermes.core.views import JobView, RunView

WIDTH = 1000  # of the drawing; it is stretched to the room there is
THINNEST = 4


@dataclass(frozen=True, slots=True)
class Lane:
    """One run, in parts of WIDTH from the press of the button to the end, or to now."""

    run: RunView
    began: int
    width: int
    waited_seconds: float


def lanes(job: JobView, runs: Sequence[RunView], now: datetime) -> list[Lane]:
    """A lane each. What has not begun has no width; what is over in no time can still be seen."""
    whole = max(0.001, ((job.finished_at or now) - job.created_at).total_seconds())
    return [_lane(run, whole, now) for run in runs]


def _lane(run: RunView, whole: float, now: datetime) -> Lane:
    ended = run.finished_at or now
    started = run.started_at or ended
    waited = max(0.0, (started - run.created_at).total_seconds())
    if run.started_at is None:
        return Lane(run, WIDTH, 0, waited)
    ran = max(0.0, (ended - started).total_seconds())
    width = min(WIDTH, max(THINNEST, round(ran / whole * WIDTH)))
    return Lane(run, min(round(waited / whole * WIDTH), WIDTH - width), width, waited)
