"""The Integrations page and the inspector of one service."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from hermes.core.views import JobView, RollUp
from hermes.web.pages.context import hermes_of
from hermes.web.pages.explaining import PageRoute
from hermes.web.pages.order import in_order
from hermes.web.pages.rendering import page

router = APIRouter(route_class=PageRoute)
Tile = tuple[str, int, str]


@router.get("/sites/{site_id}/integrations")
async def integrations(request: Request, site_id: UUID) -> HTMLResponse:
    """Every service of a site: connection, smoke status, what is missing, what to do."""
    hermes = hermes_of(request)
    view = await hermes.integrations(site_id)
    return page(
        request,
        "integrations.html",
        view=view,
        site=view.site,
        banners=[in_order(job, hermes.catalog) for job in banners(view.jobs)],
        tiles=tiles(view.roll_up),
        built=[row for row in view.services if row.readiness != "blocked"],
        planned=[row for row in view.services if row.readiness == "blocked"],
    )


def banners(jobs: Sequence[JobView]) -> list[JobView]:
    """The jobs going on; when there is none, the one that ended last (newest first)."""
    return [job for job in jobs if job.open] or list(jobs[:1])


def tiles(counts: RollUp) -> list[Tile]:
    """(word, number, state) of each tile; states that nobody is in now are left out."""
    rare = (
        ("Needs config", counts.needs_config, "needs_config"),
        ("Under way", counts.running, "running"),
        ("Cancelled", counts.cancelled, "cancelled"),
    )
    return [
        ("Built", counts.built, "plain"),
        ("Ready", counts.ready, "plain"),
        *[tile for tile in rare[:1] if tile[1]],
        ("Passed", counts.passed, "success"),
        ("Partial", counts.partial, "partial"),
        ("Failed", counts.failed, "failed"),
        *[tile for tile in rare[1:] if tile[1]],
        ("Not tested", counts.not_tested, "not_tested"),
        ("Blocked", counts.blocked, "blocked"),
    ]


@router.get("/sites/{site_id}/services/{slug}")
async def service(request: Request, site_id: UUID, slug: str) -> HTMLResponse:
    """What one service does, what it promised, what it returned, and what is in its way."""
    hermes = hermes_of(request)
    view = await hermes.service(site_id, slug)
    return page(request, "service.html", site=await hermes.site(site_id), row=view)
