"""The two buttons, the full run, and the test jobs they start. Both documents' paths lead here."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import Body
from pydantic import ConfigDict, Field, StringConstraints, model_validator
from pydantic.alias_generators import to_camel

from hermes.core.sites.addresses import refused
from hermes.core.views import JobView, RunView, Started, View
from hermes.web.dependencies import Room, ServiceName, SiteId
from hermes.web.watching import watched
from hermes_base.people.roles import ACT, READ
from hermes_base.web.api import EXAMPLE_ID, Actor, problems
from hermes_base.web.routing import Router

router = Router(tags=["tests"])
STARTS = problems(400, 404, 409, 413, 422)


class StartTest(View):
    """Which site to test; one service only, if named."""

    model_config = ConfigDict(
        frozen=True, alias_generator=to_camel, populate_by_name=True, extra="forbid"
    )

    site_id: UUID = Field(examples=[EXAMPLE_ID])
    service: str | None = Field(default=None, max_length=64, examples=["crawl_render"])


Slug = Annotated[str, StringConstraints(max_length=64)]


class StartSmoke(StartTest):
    """Which site to test; one service only, or several, if named."""

    services: list[Slug] | None = Field(
        default=None, min_length=1, max_length=100, examples=[["crawl_render", "content_qa"]]
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        """Whoever names one service and several means one of the two."""
        if self.service and self.services:
            raise refused("use either service or services, not both")
        return self


class StartFull(StartTest):
    """Which service's whole job to run for a site."""

    service: str = Field(max_length=64, examples=["crawl_render"])  # pyright: ignore[reportIncompatibleVariableOverride]


Start = Annotated[StartTest, Body(examples=[{"siteId": EXAMPLE_ID}])]
Smoke = Annotated[StartSmoke, Body(examples=[{"siteId": EXAMPLE_ID}])]
Full = Annotated[StartFull, Body(examples=[{"siteId": EXAMPLE_ID, "service": "crawl_render"}])]


@router.post("/api/tests/connections/start", ACT, status_code=202, responses=STARTS)
async def start_connections(asked: Start, hermes: Room, actor: Actor) -> Started:
    """Test Connections: check that each worker is reachable and accepts the key."""
    return await hermes.jobs.start_connections(asked.site_id, actor, asked.service)


@router.post("/api/tests/smoke/start", ACT, status_code=202, responses=STARTS)
async def start_smoke(asked: Smoke, hermes: Room, actor: Actor) -> Started:
    """Run Smoke Tests: run a small real job on each ready service (or on those named) and check its outputs."""
    return await hermes.jobs.start_smoke(asked.site_id, actor, asked.services or asked.service)


@router.post("/api/tests/full/start", ACT, status_code=202, responses=STARTS)
async def start_full(asked: Full, hermes: Room, actor: Actor) -> Started:
    """Start a full run of one service, with progress."""
    return await hermes.jobs.start_full(asked.site_id, actor, asked.service)


@router.post("/api/integrations/test-connections", ACT, status_code=202, responses=STARTS)
async def connections_of_integrations(
    site_id: SiteId, hermes: Room, actor: Actor, service: ServiceName = None
) -> Started:
    """The same as POST /api/tests/connections/start."""
    return await hermes.jobs.start_connections(site_id, actor, service)


@router.post("/api/integrations/run-smoke-tests", ACT, status_code=202, responses=STARTS)
async def smoke_of_integrations(
    site_id: SiteId, hermes: Room, actor: Actor, service: ServiceName = None
) -> Started:
    """The same as POST /api/tests/smoke/start."""
    return await hermes.jobs.start_smoke(site_id, actor, service)


@router.get("/api/tests/{job_id}", READ, responses=problems(404, 422))
async def job(job_id: UUID, hermes: Room) -> JobView:
    """A test job: status, counts, per-service states, elapsed time. Poll it every 2-5 seconds."""
    found = await hermes.jobs.one(job_id)
    await watched(hermes, found)
    return found


@router.get("/api/tests/{job_id}/runs", READ, responses=problems(404, 422))
async def runs_of_job(job_id: UUID, hermes: Room) -> list[RunView]:
    """The runs of a test job."""
    return await hermes.runs.of_job(job_id)


@router.post(
    "/api/tests/{job_id}/cancel", ACT, status_code=202, responses=problems(403, 404, 409, 422)
)
async def cancel_job(job_id: UUID, hermes: Room, actor: Actor) -> JobView:
    """Cancel a test job. Runs that have not finished are stopped, and their workers are asked to stop."""
    return await hermes.jobs.cancel(job_id, actor)
