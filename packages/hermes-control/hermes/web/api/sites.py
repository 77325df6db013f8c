"""Sites and what is known of them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from hermes.core.catalog import RunType
from hermes.core.runs.run_filter import EARLIEST_DAY, LATEST_DAY, RunFilter, Verdict
from hermes.core.sites.input import SiteChange, SiteInput
from hermes.core.views import (
    DeliveredRun,
    HealthSummary,
    IntegrationsView,
    JobView,
    RunView,
    ServiceView,
    SiteView,
)
from hermes.web.dependencies import Room, ServiceName
from hermes_base.people.roles import ACT, ACT_ALL, READ, READ_ANY
from hermes_base.web.api import Actor, problems
from hermes_base.web.routing import Router

router = Router(tags=["sites"])
Limit = Annotated[int, Query(ge=1, le=500)]
Day = Annotated[date, Field(ge=EARLIEST_DAY, le=LATEST_DAY)]


@router.get("/api/sites", READ_ANY, responses=problems())
async def sites(hermes: Room) -> list[SiteView]:
    """All sites."""
    return await hermes.sites.all()


@router.post("/api/sites", ACT_ALL, status_code=201, responses=problems(400, 403, 409, 413, 422))
async def add_site(wanted: SiteInput, hermes: Room, actor: Actor) -> SiteView:
    """Add a site."""
    return await hermes.sites.add(wanted, actor)


@router.get("/api/sites/{site_id}", READ, responses=problems(404, 422))
async def site(site_id: UUID, hermes: Room) -> SiteView:
    """One site."""
    return await hermes.sites.one(site_id)


@router.patch("/api/sites/{site_id}", ACT, responses=problems(400, 403, 404, 409, 413, 422))
async def change_site(site_id: UUID, change: SiteChange, hermes: Room, actor: Actor) -> SiteView:
    """Change the fields you send. Send `updatedAt` as you read it, so that later changes are not overwritten."""
    return await hermes.sites.change(site_id, change, actor)


@router.delete("/api/sites/{site_id}", ACT, status_code=204, responses=problems(403, 404, 409, 422))
async def delete_site(
    site_id: UUID,
    name: Annotated[
        str, Query(max_length=120, description="The site's name, to confirm the deletion")
    ],
    hermes: Room,
    actor: Actor,
) -> Response:
    """Delete a site and all its runs. Refused while runs are open."""
    await hermes.sites.delete(site_id, name, actor)
    return Response(status_code=204)


@router.get("/api/sites/{site_id}/integrations", READ, responses=problems(404, 422))
async def integrations(site_id: UUID, hermes: Room) -> IntegrationsView:
    """The Integrations table: every service with connection, smoke status and missing outputs."""
    return await hermes.integrations.table(site_id)


@router.get("/api/sites/{site_id}/services/{slug}", READ, responses=problems(404, 422))
async def service(site_id: UUID, slug: str, hermes: Room) -> ServiceView:
    """The inspector of one service."""
    return await hermes.integrations.service(site_id, slug)


@router.get("/api/sites/{site_id}/services/{slug}/outputs", READ, responses=problems(404, 422))
async def delivered(
    site_id: UUID,
    slug: str,
    hermes: Room,
    run_type: Annotated[RunType | None, Query(alias="runType")] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> list[DeliveredRun]:
    """The outputs of a service's newest runs, with the artifacts its worker stored."""
    return await hermes.runs.delivered(site_id, slug, run_type, limit)


@router.get("/api/sites/{site_id}/health-summary", READ, responses=problems(404, 422))
async def health_summary(site_id: UUID, hermes: Room) -> HealthSummary:
    """Services failing, services partial with their missing outputs, and the top missing outputs."""
    return await hermes.integrations.health(site_id)


@router.get("/api/sites/{site_id}/tests", READ, responses=problems(404, 422))
async def jobs(site_id: UUID, hermes: Room, limit: Limit = 20) -> list[JobView]:
    """The newest test jobs of a site."""
    return await hermes.jobs.of(site_id, limit)


@router.get("/api/sites/{site_id}/runs", READ, responses=problems(404, 422))
async def runs(
    site_id: UUID,
    hermes: Room,
    service: ServiceName = None,
    run_type: Annotated[RunType | None, Query(alias="runType")] = None,
    verdict: Annotated[Verdict | None, Query(description="`open`: queued or running")] = None,
    since: Annotated[Day | None, Query(alias="from", description="First day, UTC")] = None,
    until: Annotated[Day | None, Query(alias="to", description="Last day, UTC")] = None,
    limit: Limit = 50,
    before: Annotated[UUID | None, Query(description="Only runs older than this one")] = None,
) -> list[RunView]:
    """The newest runs of a site. For older runs, send the last run's id as `before`.

    The day of a run is the one on which it ended.
    """
    wanted = RunFilter(service, run_type, verdict, since, until)
    return await hermes.runs.of(site_id, wanted, limit, before)
