"""One press of a button, and one service asked once."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from hermes.control import Hermes
from hermes.core.views import JobView, MissingOutput, RunView
from hermes.core.views.jobs import verdict_of
from hermes.web.dependencies import hermes_of
from hermes.web.pages.integrations.order import place_in
from hermes.web.pages.tests.findings import findings_of
from hermes.web.pages.tests.lanes import lanes
from hermes.web.pages.tests.proofs import proofs_of
from hermes.web.pages.tests.run_facts import (
    diagnostics,
    elapsed,
    outputs_of,
    progress_of,
    stages_of,
)
from hermes.web.watching import watched
from hermes_base.people.roles import ACT, READ
from hermes_base.web.access import actor_of
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.rendering import page
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
EXCHANGES = ("connection", "start", "poll", "result", "cancel")


@router.get("/jobs/{job_id}", READ)
async def job(request: Request, job_id: UUID) -> HTMLResponse:
    """A test job with its runs, side by side in time."""
    hermes = hermes_of(request)
    async with hermes.snapshot() as then:
        found = await then.jobs.one(job_id)
        runs = await _runs_of(then, job_id)
        site = await then.sites.one(found.site_id)
    await watched(hermes, found)
    drawn = lanes(found, runs, hermes.clock())
    return await page(request, "job.html", job=found, lanes=drawn, site=site)


@router.get("/jobs/{job_id}/report", READ)
async def report(request: Request, job_id: UUID) -> HTMLResponse:
    """A test job on paper: the verdict, and per service what was expected, came, and is missing."""
    hermes = hermes_of(request)
    async with hermes.snapshot() as then:
        found = await then.jobs.one(job_id)
        runs = await _runs_of(then, job_id)
        site = await then.sites.one(found.site_id)
    return await page(
        request,
        "report.html",
        job=found,
        runs=runs,
        verdict=verdict_of(found, runs),
        outputs={run.id: outputs_of(hermes, run) for run in runs},
        missing={run.id: _missing_of(run) for run in runs},
        site=site,
    )


async def _runs_of(hermes: Hermes, job_id: UUID) -> list[RunView]:
    place = place_in(hermes.catalog)
    return sorted(await hermes.runs.of_job(job_id), key=lambda run: place(run.service_slug))


@router.post("/jobs/{job_id}/again", ACT)
async def again(request: Request, job_id: UUID) -> RedirectResponse:
    """The same test of the same services, once more."""
    hermes = hermes_of(request)
    found = await hermes.jobs.one(job_id)
    started = await hermes.jobs.start(
        found.run_type, found.site_id, actor_of(request), _only(found)
    )
    return RedirectResponse(f"/jobs/{started.job_id}", 303)


def _only(found: JobView) -> str | Sequence[str] | None:
    """What a job was narrowed to: one service, some, or none in particular."""
    if found.job_type.endswith("_all"):
        return None
    return found.service_slug or [service.slug for service in found.services]


@router.get("/runs/{run_id}", READ)
async def run(request: Request, run_id: UUID) -> HTMLResponse:
    """A run: verdict, progress, outputs, timeline, stages, and what was said to and fro."""
    hermes = hermes_of(request)
    found = await hermes.runs.one(run_id)
    await watched(hermes, found)
    evidence = found.evidence or {}
    outputs = outputs_of(hermes, found)
    return await page(
        request,
        "run.html",
        run=found,
        site=await hermes.sites.one(found.site_id),
        outputs=outputs,
        missing=_missing_of(found),
        proofs=proofs_of(found),
        findings=findings_of(found, outputs),
        progress=progress_of(found),
        elapsed=elapsed(found, hermes.clock()),
        stages=stages_of(found),
        again_here=found.run_type != "full" or _starts_in_full(hermes, found.service_slug),
        exchanges=[(name, evidence[name]) for name in EXCHANGES if name in evidence],
        diagnostics=diagnostics(found),
    )


def _starts_in_full(hermes: Hermes, slug: str) -> bool:
    service = hermes.catalog.find(slug)
    return service is not None and service.supports_full


def _missing_of(found: RunView) -> dict[str, MissingOutput]:
    return {each.slug: each for each in found.missing.outputs}
