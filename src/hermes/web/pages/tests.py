"""One press of a button, and one service asked once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from hermes.core.catalog import Output
from hermes.core.views import RunView
from hermes.web.pages.context import hermes_of
from hermes.web.pages.explaining import PageRoute
from hermes.web.pages.order import place_in
from hermes.web.pages.rendering import page

router = APIRouter(route_class=PageRoute)
EXCHANGES = ("connection", "start", "poll", "result", "cancel")
ETA_NAMES = ("eta_s", "etaSeconds", "eta_seconds", "eta")


@router.get("/jobs/{job_id}")
async def job(request: Request, job_id: UUID) -> HTMLResponse:
    """A test job with its runs."""
    hermes = hermes_of(request)
    found = await hermes.job(job_id)
    place = place_in(hermes.catalog)
    runs = await hermes.runs_of_job(job_id)
    return page(
        request,
        "job.html",
        job=found,
        runs=sorted(runs, key=lambda run: place(run.service_slug)),
        site=await hermes.site(found.site_id),
    )


@router.get("/runs/{run_id}")
async def run(request: Request, run_id: UUID) -> HTMLResponse:
    """A run: verdict, progress, outputs, stages, and what was said to and fro."""
    hermes = hermes_of(request)
    found = await hermes.run(run_id)
    evidence = found.evidence or {}
    return page(
        request,
        "run.html",
        run=found,
        site=await hermes.site(found.site_id),
        outputs=await _outputs(request, found),
        progress=progress_of(found),
        elapsed=elapsed(found, hermes.clock()),
        stages=evidence.get("stages", []),
        exchanges=[(name, evidence[name]) for name in EXCHANGES if name in evidence],
        diagnostics=diagnostics(found),
    )


async def _outputs(request: Request, found: RunView) -> list[Output]:
    """The promised outputs as the catalog describes them; none once it has left the catalog."""
    entry = hermes_of(request).catalog.find(found.service_slug)
    return list(entry.outputs) if entry and found.run_type != "connection" else []


def elapsed(found: RunView, now: datetime) -> float | None:
    """Seconds since the run was started, while it goes on."""
    if found.started_at is None or found.finished_at is not None:
        return None
    return max(0.0, (now - found.started_at).total_seconds())


def progress_of(found: RunView) -> dict[str, Any] | None:
    """`{done, total, unit, rate, eta, findings}` as the worker told it; what it did not tell is None."""
    told = found.metrics.get("progress")
    if found.finished_at is not None or not isinstance(told, dict):
        return None
    eta = next((told[name] for name in ETA_NAMES if name in told), None)
    findings: Any = told.get("findings")
    return {
        "done": _number(told.get("done")),
        "total": _number(told.get("total")),
        "unit": str(told.get("unit") or ""),
        "rate": _number(told.get("rate")),
        "eta": _number(eta),
        "findings": findings if isinstance(findings, dict) else {},
    }


def _number(value: Any) -> float | int | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def diagnostics(found: RunView) -> dict[str, Any]:
    """The run as JSON for a bug report: everything but the values of the outputs."""
    said = found.model_dump(
        mode="json", by_alias=True, exclude={"missing": True, "outputs": {"metrics"}}
    )
    return {name: value for name, value in said.items() if value is not None}
