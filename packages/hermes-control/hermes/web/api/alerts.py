"""Alerts, the rule by which they turn, and maintenance windows."""

from uuid import UUID

from fastapi import Response

from hermes.core.alerts import AlertRule, WindowInput
from hermes.core.views.alerts import AlertView, WindowView
from hermes.web.dependencies import Room
from hermes_base.people.roles import ACT_ALL, READ, READ_ANY, RULE
from hermes_base.web.api import Actor, problems
from hermes_base.web.routing import Router

router = Router(tags=["upkeep"])
WINDOWS = "/api/maintenance-windows"


@router.get("/api/sites/{site_id}/alerts", READ, responses=problems(404, 422))
async def alerts_of_site(site_id: UUID, hermes: Room) -> list[AlertView]:
    """Open alerts of a site, then the newest closed ones."""
    return await hermes.alerts.of(site_id)


@router.get("/api/alert-rule", READ_ANY, responses=problems())
async def alert_rule(hermes: Room) -> AlertRule:
    """The alert rule: how many smoke runs in a row open and close an alert."""
    return await hermes.maintenance.rule()


@router.put("/api/alert-rule", RULE, responses=problems(400, 403, 413, 422))
async def set_alert_rule(wanted: AlertRule, hermes: Room, actor: Actor) -> AlertRule:
    """Change the alert rule. It applies from the next verdict."""
    return await hermes.maintenance.set_rule(wanted, actor)


@router.get(WINDOWS, READ_ANY, responses=problems())
async def windows(hermes: Room) -> list[WindowView]:
    """List current and scheduled maintenance windows."""
    return await hermes.maintenance.windows()


@router.post(WINDOWS, ACT_ALL, status_code=201, responses=problems(400, 403, 404, 413, 422))
async def add_window(wanted: WindowInput, hermes: Room, actor: Actor) -> WindowView:
    """Add a maintenance window: alerts are shown but not delivered."""
    return await hermes.maintenance.add(wanted, actor)


@router.delete(
    f"{WINDOWS}/{{window_id}}", ACT_ALL, status_code=204, responses=problems(403, 404, 422)
)
async def end_window(window_id: UUID, hermes: Room, actor: Actor) -> Response:
    """End a maintenance window now."""
    await hermes.maintenance.end(window_id, actor)
    return Response(status_code=204)
