"""Alerts and what people do about them, channels and routes, the rule, and maintenance windows."""

from uuid import UUID

from fastapi import Response
from pydantic import ConfigDict, Field

from hermes.core.alerting.settings import (
    AlertSetup,
    ChannelInput,
    ChannelView,
    RouteInput,
    RouteView,
)
from hermes.core.alerts import AlertRule, WindowInput
from hermes.core.views import View
from hermes.core.views.alerts import AlertView, WindowView
from hermes.web.dependencies import Room
from hermes_base.people.roles import ACT, ACT_ALL, READ, READ_ALL, READ_ANY, RULE
from hermes_base.web.api import Actor, problems
from hermes_base.web.routing import Router

router = Router(tags=["upkeep"])
ALERT, WINDOWS = "/api/alerts/{alert_id}", "/api/maintenance-windows"
CHANNELS, ROUTES = "/api/alert-channels", "/api/alert-routes"


class Acknowledgement(View):
    """What whoever takes an alert says of it."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field(default="", max_length=300)


class Snooze(View):
    """For how long nothing more is said of an alert."""

    model_config = ConfigDict(extra="forbid")

    minutes: float = Field(ge=0, le=30 * 24 * 60, description="0 ends it")


class ChannelTest(View):
    """What came of a test."""

    text: str = Field(examples=["Slack #seo accepted the test."])


@router.get("/api/alerts", READ_ANY, responses=problems())
async def all_alerts(hermes: Room) -> list[AlertView]:
    """Open alerts of sites, orders and Hermes itself, then the newest closed ones."""
    return await hermes.alerts.all()


@router.get("/api/sites/{site_id}/alerts", READ, responses=problems(404, 422))
async def alerts_of_site(site_id: UUID, hermes: Room) -> list[AlertView]:
    """Open alerts of a site, then the newest closed ones."""
    return await hermes.alerts.of(site_id)


@router.post(f"{ALERT}/acknowledge", ACT, responses=problems(400, 403, 404, 409, 413, 422))
async def acknowledge_alert(
    alert_id: UUID, wanted: Acknowledgement, hermes: Room, actor: Actor
) -> AlertView:
    """Take an alert: nobody is reminded of it any more, until it is over."""
    return await hermes.alerts.acknowledge(alert_id, actor, wanted.note)


@router.post(f"{ALERT}/snooze", ACT, responses=problems(400, 403, 404, 409, 413, 422))
async def snooze_alert(alert_id: UUID, wanted: Snooze, hermes: Room, actor: Actor) -> AlertView:
    """Say nothing more of an alert for a while, unless it is over."""
    return await hermes.alerts.snooze(alert_id, wanted.minutes, actor)


@router.get(CHANNELS, READ_ALL, responses=problems())
async def channels(hermes: Room) -> AlertSetup:
    """List channels, routes, and whether the watcher outside answers."""
    return await hermes.alert_channels.setup()


@router.post(CHANNELS, RULE, status_code=201, responses=problems(400, 403, 413, 422))
async def add_channel(wanted: ChannelInput, hermes: Room, actor: Actor) -> ChannelView:
    """Add a channel. Its secret stays where secrets are; the channel names it."""
    return await hermes.alert_channels.add_channel(wanted, actor)


@router.post(f"{CHANNELS}/{{channel_id}}/test", RULE, responses=problems(403, 404, 422))
async def send_test(channel_id: UUID, hermes: Room, actor: Actor) -> ChannelTest:
    """Send a test over a channel now."""
    return ChannelTest(text=await hermes.alert_channels.test(channel_id, actor))


@router.delete(
    f"{CHANNELS}/{{channel_id}}", RULE, status_code=204, responses=problems(403, 404, 422)
)
async def remove_channel(channel_id: UUID, hermes: Room, actor: Actor) -> Response:
    """Remove a channel, and what waits for it."""
    await hermes.alert_channels.remove_channel(channel_id, actor)
    return Response(status_code=204)


@router.post(ROUTES, RULE, status_code=201, responses=problems(400, 403, 404, 413, 422))
async def add_route(wanted: RouteInput, hermes: Room, actor: Actor) -> RouteView:
    """Add a route. The first that fits an alert is used; the last is for everything else."""
    return await hermes.alert_channels.add_route(wanted, actor)


@router.delete(f"{ROUTES}/{{route_id}}", RULE, status_code=204, responses=problems(403, 404, 422))
async def remove_route(route_id: UUID, hermes: Room, actor: Actor) -> Response:
    """Remove a route."""
    await hermes.alert_channels.remove_route(route_id, actor)
    return Response(status_code=204)


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
    """End a maintenance window now; one that repeats does not come again."""
    await hermes.maintenance.end(window_id, actor)
    return Response(status_code=204)
