"""The buttons. Each does one thing and sends the browser back to the page it came from."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse

from hermes.core.catalog import RunType
from hermes.web.dependencies import hermes_of
from hermes_base.people.roles import ACT, ACT_ALL
from hermes_base.problems import Problem
from hermes_base.web.access import actor_of
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.forms import read_form, way_back
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)


@router.post("/sites/{site_id}/test-connections", ACT)
async def test_connections(request: Request, site_id: UUID) -> RedirectResponse:
    """Can each worker be reached, and is our key accepted?"""
    return await _start(request, site_id, "connection")


@router.post("/sites/{site_id}/smoke-tests", ACT)
async def smoke_tests(request: Request, site_id: UUID) -> RedirectResponse:
    """A minimal real run of each ready service; of those in `services`, where the form has them."""
    return await _start(request, site_id, "smoke")


@router.post("/sites/{site_id}/full-run", ACT)
async def full_run(request: Request, site_id: UUID) -> RedirectResponse:
    """The whole job of one service; the form names it."""
    return await _start(request, site_id, "full")


@router.post("/smoke-tests", ACT_ALL)
async def smoke_tests_of_all(request: Request) -> RedirectResponse:
    """A minimal real run of each ready service of each site. Sites on which nothing can run are left out;
    raises what the last of them said where that is all of them."""
    form = await read_form(request)
    hermes, actor = hermes_of(request), actor_of(request)
    started, refused = 0, None
    for site in await hermes.sites.all():
        try:
            await hermes.jobs.start_smoke(site.id, actor)
            started += 1
        except Problem as problem:
            refused = problem
    if refused is not None and not started:
        raise refused
    return RedirectResponse(way_back(form, "/"), 303)


async def _start(request: Request, site_id: UUID, mode: RunType) -> RedirectResponse:
    form = await read_form(request)
    service = form.get("service") or None
    if mode == "full" and service is None:
        hint = "Use the Start full run button of a service."
        raise Problem("invalid_request", "A full run needs a service.", hint)
    some = form["services"].split(",") if form.get("services") else None
    started = await hermes_of(request).jobs.start(mode, site_id, actor_of(request), some or service)
    return RedirectResponse(way_back(form, f"/jobs/{started.job_id}"), 303)


@router.post("/jobs/{job_id}/cancel", ACT)
async def cancel_job(request: Request, job_id: UUID) -> RedirectResponse:
    """Cancel what of a job has not ended."""
    form = await read_form(request)
    await hermes_of(request).jobs.cancel(job_id, actor_of(request))
    return RedirectResponse(way_back(form, f"/jobs/{job_id}"), 303)


@router.post("/runs/{run_id}/cancel", ACT)
async def cancel_run(request: Request, run_id: UUID) -> RedirectResponse:
    """Cancel one run."""
    form = await read_form(request)
    await hermes_of(request).runs.cancel(run_id, actor_of(request))
    return RedirectResponse(way_back(form, f"/runs/{run_id}"), 303)
