"""What Hermes itself stands on: a measurement, and how it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hermes.core.catalog import Service
from hermes_base.view import View


class PlatformView(View):
    """A platform dependency, as measured at `measured_at`; not counted in the fleet."""

    slug: str
    display_name: str
    state: str
    text: str
    measured_at: datetime
    outputs: dict[str, Any]
    reason: str | None
    next_step: str


@dataclass(frozen=True, slots=True)
class Measured:
    """`outputs` as the catalog names them. `reason` and `next_step` are empty when nothing is wrong."""

    state: str
    text: str
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    reason: str = ""
    next_step: str = ""
    at: datetime | None = None
    """When it was measured; None for just now."""


def platform_view(service: Service, measured: Measured, now: datetime) -> PlatformView:
    """A platform dependency as people and programs read it."""
    return PlatformView(
        slug=service.slug,
        display_name=service.name,
        state=measured.state,
        text=measured.text,
        measured_at=measured.at or now,
        outputs=dict(measured.outputs),
        reason=measured.reason or None,
        next_step=measured.next_step,
    )


def database_answered(milliseconds: float) -> Measured:
    """One small query there and back."""
    outputs = {"db_connected": True, "query_latency": round(milliseconds, 2)}
    return Measured("ok", f"Connected, {milliseconds:.1f} ms per query", outputs)


def database_away(reason: str, text: str) -> Measured:
    """No answer: there is no latency to tell."""
    step = "Check that the database is running and not overloaded, and check HERMES_DATABASE_URL."
    return Measured("failed", text, {"db_connected": False}, reason, step)
