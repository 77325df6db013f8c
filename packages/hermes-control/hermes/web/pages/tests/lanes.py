"""The runs of a job side by side in time: how long each waited, and how long it ran."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from hermes.core.views import JobView, RunView
from hermes_base.web.html.formatting import duration

WIDTH = 1000  # of the drawing; it is stretched to the room there is
THINNEST = 4
FELT = 0.1
"""Seconds of waiting that are worth a word: a few milliseconds are no news, and were told in every row."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One run, in parts of WIDTH from the press of the button to the end, or to now."""

    run: RunView
    began: int
    width: int
    waited_seconds: float

    @property
    def said(self) -> str:
        """What is worth a word beside the bar: a wait that is felt, repeated attempts, status checks, a sleeping host."""
        return ", ".join(_said(self))


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


def _said(lane: Lane) -> Iterator[str]:
    run = lane.run
    if lane.waited_seconds >= FELT:
        yield f"waited {duration(lane.waited_seconds)}"
    if run.attempts > 1:
        yield f"{run.attempts} attempts"
    if run.polls:
        yield f"{run.polls} status {'check' if run.polls == 1 else 'checks'}"
    if isinstance(warm_up := run.metrics.get("warmUp"), dict):
        seconds = cast("dict[str, Any]", warm_up).get("seconds")
        yield "warming up" if seconds is None else f"woke in {duration(seconds)}"
