"""Schedules, waivers, the status of secrets, and who did what."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from hermes.core.runs.waiver_input import WaiverInput
from hermes.core.schedules import ScheduleChange, ScheduleInput
from hermes.core.views.audit import AuditPage
from hermes.core.views.schedules import ScheduleView
from hermes.core.views.secrets import SecretsView
from hermes.core.views.waivers import WaiverView
from hermes.web.dependencies import Room
from hermes_base.people.roles import ACT, ACT_ALL, READ, READ_ALL, READ_ANY, RULE
from hermes_base.web.api import Actor, problems
from hermes_base.web.routing import Router

router = Router(tags=["upkeep"])
WRITES = problems(400, 403, 404, 413, 422)
SCHEDULES = "/api/sites/{site_id}/schedules"


@router.get("/api/schedules", READ_ANY, responses=problems())
async def schedules(hermes: Room) -> list[ScheduleView]:
    """The schedules of all sites, those due next first."""
    return await hermes.schedules.all()


@router.get(SCHEDULES, READ, responses=problems(404, 422))
async def schedules_of_site(site_id: UUID, hermes: Room) -> list[ScheduleView]:
    """The schedules of one site."""
    return await hermes.schedules.of(site_id)


@router.post(SCHEDULES, ACT, status_code=201, responses=WRITES)
async def add_schedule(
    site_id: UUID, wanted: ScheduleInput, hermes: Room, actor: Actor
) -> ScheduleView:
    """Add a schedule: a cron expression in a time zone."""
    return await hermes.schedules.add(site_id, wanted, actor)


@router.patch(f"{SCHEDULES}/{{schedule_id}}", ACT, responses=WRITES)
async def change_schedule(
    site_id: UUID, schedule_id: UUID, change: ScheduleChange, hermes: Room, actor: Actor
) -> ScheduleView:
    """Change the fields you send. Use `enabled` to pause and resume the schedule."""
    return await hermes.schedules.change(schedule_id, change, actor, site_id)


@router.delete(
    f"{SCHEDULES}/{{schedule_id}}", ACT, status_code=204, responses=problems(403, 404, 422)
)
async def delete_schedule(site_id: UUID, schedule_id: UUID, hermes: Room, actor: Actor) -> Response:
    """Delete a schedule. Test jobs it started are kept."""
    await hermes.schedules.delete(schedule_id, actor, site_id)
    return Response(status_code=204)


@router.get("/api/waivers", READ_ANY, responses=problems())
async def waivers(hermes: Room) -> list[WaiverView]:
    """All waivers, including past ones."""
    return await hermes.waivers.all()


@router.post(
    "/api/waivers", ACT_ALL, status_code=201, responses=problems(400, 403, 404, 409, 413, 422)
)
async def add_waiver(wanted: WaiverInput, hermes: Room, actor: Actor) -> WaiverView:
    """Add a waiver. From the next run until it expires, this missing output does not count."""
    return await hermes.waivers.add(wanted, actor)


@router.delete(
    "/api/waivers/{waiver_id}", ACT_ALL, status_code=204, responses=problems(403, 404, 422)
)
async def end_waiver(waiver_id: UUID, hermes: Room, actor: Actor) -> Response:
    """End a waiver early. It stays on record."""
    await hermes.waivers.end(waiver_id, actor)
    return Response(status_code=204)


@router.get("/api/secrets", RULE, responses=problems(403))
async def secrets(hermes: Room) -> SecretsView:
    """Status of every secret: its source and key fingerprint, never its value."""
    return await hermes.secrets.status()


@router.post("/api/secrets/refresh", RULE, responses=problems(403))
async def refresh_secrets(hermes: Room) -> SecretsView:
    """Read Bitwarden again instead of using the cached values, then return the same as `GET /api/secrets`."""
    await hermes.platform.refresh_secrets()
    return await hermes.secrets.status()


@router.get("/api/audit", READ_ALL, responses=problems(403, 422))
async def audit(
    hermes: Room,
    actor: Annotated[str, Query(max_length=120, description="A part of the name")] = "",
    action: Annotated[str, Query(max_length=60, examples=["schedule_added"])] = "",
    site_id: Annotated[UUID | None, Query(description="Only this site")] = None,
    before: Annotated[
        int | None, Query(ge=1, le=2**62, description="`nextBefore` of the last answer")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AuditPage:
    """Who did what, newest first."""
    return await hermes.records.events(actor, action, site_id, before, limit)
