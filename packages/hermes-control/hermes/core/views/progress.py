"""How far a run is, as its worker told it: done of total, rate and time left, or that it has not told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from pydantic import Field

from hermes.core.runs.intervals import seconds_left
from hermes_base.view import View

ETA_NAMES = ("eta_s", "etaSeconds", "eta_seconds", "eta")


class Progress(View):
    """How far a run is. What the worker did not tell is null; rate and time left are worked out where it told
    done and total alone."""

    done: float | None
    total: float | None
    unit: str
    rate: float | None = Field(description="Done per second, as told or over the run so far")
    eta_seconds: float | None = Field(description="Seconds left, as last reported")
    told_at: datetime | None
    text: str = Field(examples=["4 of 10 pages, about 6 s left"])


def progress_of(
    metrics: Mapping[str, Any], status: str, started_at: datetime | None, polls: int
) -> Progress | None:
    """The progress of a run that goes on, from its `metrics_json`; None for one that is queued or over, or whose
    worker has not taken a job."""
    if status != "running" or "jobId" not in metrics:
        return None
    told: dict[str, Any] = cast("dict[str, Any]", metrics.get("progress") or {})
    done, total = _number(told.get("done")), _number(told.get("total"))
    at = datetime.fromisoformat(metrics["toldAt"]) if "toldAt" in metrics else None
    elapsed = (at - started_at).total_seconds() if at and started_at else 0.0
    rate = _number(told.get("rate"))
    if rate is None and done and elapsed > 0:
        rate = round(done / elapsed, 3)
    eta = next((n for name in ETA_NAMES if (n := _number(told.get(name))) is not None), None)
    if eta is None and elapsed > 0:
        eta = seconds_left(told, elapsed)
    unit = str(told.get("unit") or "")
    text = _text(done, total, unit, eta, asked=polls > 0)
    return Progress(
        done=done, total=total, unit=unit, rate=rate,
        eta_seconds=None if eta is None else round(eta, 1), told_at=at, text=text,
    )  # fmt: skip


def _text(
    done: float | None, total: float | None, unit: str, eta: float | None, *, asked: bool
) -> str:
    if done is None:
        return (
            "The worker has not reported progress yet."
            if asked
            else "Hermes has not asked the worker for its progress yet."
        )
    of = f" of {total:g}" if total is not None else ""
    left = f", about {eta:.0f} s left" if eta is not None else ""
    return f"{done:g}{of} {unit}".strip() + left


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
