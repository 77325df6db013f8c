"""What pages say of one run: the outputs it promised, how far it is, and all of it to hand on."""

from datetime import datetime
from typing import Any, cast

from hermes.control import Hermes
from hermes.core.catalog import Output
from hermes.core.views import RunView


def outputs_of(hermes: Hermes, found: RunView) -> list[Output]:
    """The promised outputs as the catalog describes them; none once it has left the catalog."""
    entry = hermes.catalog.find(found.service_slug)
    return list(entry.outputs) if entry and found.run_type != "connection" else []


def stages_of(found: RunView) -> list[dict[str, Any]]:
    """`[{name, outcome, seconds?, detail}]` of the last exchange with the worker."""
    return (found.evidence or {}).get("stages", [])


def elapsed(found: RunView, now: datetime) -> float | None:
    """Seconds since the run was started, while it goes on."""
    if found.started_at is None or found.finished_at is not None:
        return None
    return max(0.0, (now - found.started_at).total_seconds())


def progress_of(found: RunView) -> dict[str, Any] | None:
    """`{done, total, unit, rate, eta, findings, latest, queued, blocked}` as the worker told it; else None."""
    progress = found.metrics.get("progress")
    if found.finished_at is not None or not isinstance(progress, dict):
        return None
    progress = cast("dict[str, Any]", progress)
    latest: list[dict[str, str]] = progress.get("latest") or []
    findings: Any = progress.get("findings")
    figures = {name: _number(progress.get(name)) for name in ("done", "total", "queued", "blocked")}
    return {
        **figures,
        "rate": found.progress.rate if found.progress else None,
        "eta": found.progress.eta_seconds if found.progress else None,
        "unit": str(progress.get("unit") or ""),
        "findings": findings if isinstance(findings, dict) else {},
        "latest": [_found(each) for each in reversed(latest)],
    }


def _found(entry: dict[str, str]) -> tuple[str, str]:
    """(kind, where) of one finding, newest first."""
    return entry.get("type", ""), " ".join(text for name, text in entry.items() if name != "type")


def _number(value: Any) -> float | int | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def diagnostics(found: RunView) -> dict[str, Any]:
    """The run as JSON for a bug report: everything but the values of the outputs."""
    facts = found.model_dump(
        mode="json", by_alias=True, exclude={"missing": True, "outputs": {"metrics"}}
    )
    return {name: value for name, value in facts.items() if value is not None}
