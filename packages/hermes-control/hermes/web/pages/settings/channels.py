"""Channels and routes of alerts: who is told what, and whether it arrives."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hermes.core.alerting.settings import ChannelInput, RouteInput
from hermes.core.alerting.wire import KINDS
from hermes.core.schedules import zones
from hermes.web.dependencies import hermes_of
from hermes_base.people.roles import READ_ALL, RULE
from hermes_base.problems import Problem
from hermes_base.typed import typed
from hermes_base.web.access import actor_of
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.faults import faults_of
from hermes_base.web.html.forms import read_form
from hermes_base.web.pages.settings import settings_page
from hermes_base.web.problems import status_of
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
PAGE = "/settings/channels"
PRODUCTS = [
    ("", "Everything"),
    ("control_room", "Services"),
    ("orders", "Orders"),
    ("system", "Hermes itself"),
]
SEVERITIES = [("", "All"), ("critical", "Critical"), ("warning", "Warnings")]
SPELLS = {
    "": tuple(range(1, 8)),
    "weekdays": (1, 2, 3, 4, 5),
    "weekend": (6, 7),
}
WHEN = [("", "Every day"), ("weekdays", "Mon to Fri"), ("weekend", "Sat and Sun")]


@router.get(PAGE, READ_ALL)
async def channels(request: Request) -> HTMLResponse:
    """Channels with what they delivered, and routes in their order."""
    return await _channels(request)


@router.post(PAGE, RULE)
async def add_channel(request: Request) -> Response:
    """Add a channel."""
    form = await read_form(request)
    names = ("name", "kind", "target", "secret")
    try:
        wanted = typed(ChannelInput, {name: form.get(name, "") for name in names})
        await hermes_of(request).alert_channels.add_channel(wanted, actor_of(request))
    except Problem as problem:
        return await _channels(request, form, faults_of(problem), status_of(problem.code))
    return RedirectResponse(PAGE, 303)


@router.post(f"{PAGE}/{{channel_id}}/test", RULE)
async def send_test(request: Request, channel_id: UUID) -> HTMLResponse:
    """Send a test now, and say what came of it."""
    try:
        said = await hermes_of(request).alert_channels.test(channel_id, actor_of(request))
    except Problem as problem:
        if problem.code != "channel_failed":
            raise
        return await _channels(request, said=problem.message, status=status_of(problem.code))
    return await _channels(request, said=said)


@router.post(f"{PAGE}/{{channel_id}}/remove", RULE)
async def remove_channel(request: Request, channel_id: UUID) -> RedirectResponse:
    """Remove a channel, and what waits for it."""
    await hermes_of(request).alert_channels.remove_channel(channel_id, actor_of(request))
    return RedirectResponse(PAGE, 303)


@router.post(f"{PAGE}/routes", RULE)
async def add_route(request: Request) -> Response:
    """Add a route."""
    form = await read_form(request)
    try:
        wanted = typed(RouteInput, _route(form))
        await hermes_of(request).alert_channels.add_route(wanted, actor_of(request))
    except Problem as problem:
        return await _channels(request, form, faults_of(problem), status_of(problem.code))
    return RedirectResponse(f"{PAGE}#routes", 303)


@router.post(f"{PAGE}/routes/{{route_id}}/remove", RULE)
async def remove_route(request: Request, route_id: UUID) -> RedirectResponse:
    """Remove a route."""
    await hermes_of(request).alert_channels.remove_route(route_id, actor_of(request))
    return RedirectResponse(f"{PAGE}#routes", 303)


def _route(form: dict[str, str]) -> dict[str, object]:
    """The form as the API would be asked; empty fields fit everything."""
    plain = ("product", "siteId", "service", "severity", "starts", "ends")
    found: dict[str, object] = {name: form.get(name) or None for name in plain}
    numbers = ("remindAfter", "escalateAfter")
    found |= {name: form.get(name) or None for name in numbers}
    then = form.get("escalateTo")
    return found | {
        "timeZone": form.get("timeZone") or "UTC",
        "days": list(SPELLS.get(form.get("days", ""), SPELLS[""])),
        "channels": [form["channel"]] if form.get("channel") else [],
        "escalateTo": [then] if then else [],
    }


async def _channels(
    request: Request,
    given: dict[str, str] | None = None,
    faults: dict[str, str] | None = None,
    status: int = 200,
    said: str = "",
) -> HTMLResponse:
    hermes = hermes_of(request)
    setup = await hermes.alert_channels.setup()
    named = [(str(each.id), each.name) for each in setup.channels]
    return await settings_page(
        request,
        "settings/channels.html",
        status,
        setup=setup,
        said=said,
        given={"timeZone": "UTC", "remindAfter": "1440"} | (given or {}),
        faults=faults or {},
        kinds=[(kind, f"{name}: {holds}" if holds else name) for kind, (name, holds) in KINDS.items()],
        products=PRODUCTS,
        severities=SEVERITIES,
        when=WHEN,
        channels=named,
        then=[("", "Nobody"), *named],
        sites=[("", "All sites"), *[(str(s.id), s.name) for s in await hermes.sites.all()]],
        services=[("", "All services"), *[(s.slug, s.name) for s in hermes.catalog.workers]],
        zones=zones(),
    )  # fmt: skip
