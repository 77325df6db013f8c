"""The rule by which alerts open and close, and maintenance windows."""

from datetime import datetime
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic_core import PydanticCustomError

from hermes.core.alerts import AlertRule, WindowInput
from hermes.core.schedules import moment, zone_of, zones
from hermes.web.dependencies import hermes_of
from hermes_base.people.roles import ACT_ALL, READ_ALL, RULE
from hermes_base.problems import Problem
from hermes_base.typed import typed, wrong
from hermes_base.web.access import actor_of
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.faults import faults_of
from hermes_base.web.html.forms import read_form
from hermes_base.web.pages.settings import settings_page
from hermes_base.web.problems import status_of
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
PAGE = "/settings/alerts"


@router.get(PAGE, READ_ALL)
async def alerts(request: Request) -> HTMLResponse:
    """The rule, and maintenance windows that are open or scheduled."""
    return await _alerts(request)


@router.post(f"{PAGE}/rule", RULE)
async def set_rule(request: Request) -> Response:
    """The alert rule: how many smoke runs in a row open and close an alert."""
    form = await read_form(request)
    names = ("failAfter", "partialAfter", "recoverAfter")
    try:
        wanted = typed(AlertRule, {name: form.get(name, "") for name in names})
        await hermes_of(request).maintenance.set_rule(wanted, actor_of(request))
    except Problem as problem:
        return await _alerts(request, form, faults_of(problem), status_of(problem.code))
    return RedirectResponse(PAGE, 303)


@router.post(f"{PAGE}/windows", ACT_ALL)
async def add_window(request: Request) -> Response:
    """A new maintenance window."""
    form = await read_form(request)
    try:
        wanted = typed(WindowInput, _window(form))
        await hermes_of(request).maintenance.add(wanted, actor_of(request))
    except Problem as problem:
        return await _alerts(request, form, faults_of(problem), status_of(problem.code))
    return RedirectResponse(PAGE, 303)


@router.post(f"{PAGE}/windows/{{window_id}}/end", ACT_ALL)
async def end_window(request: Request, window_id: UUID) -> RedirectResponse:
    """End a maintenance window now."""
    await hermes_of(request).maintenance.end(window_id, actor_of(request))
    return RedirectResponse(PAGE, 303)


def _window(form: dict[str, str]) -> dict[str, object]:
    """The form as the API would be asked."""
    zone = form.get("timeZone", "UTC")
    try:
        zone_of(zone)
    except PydanticCustomError as fault:
        raise wrong([("timeZone", fault.message())]) from None
    return {
        "siteId": form.get("siteId") or None,
        "service": form.get("service") or None,
        "startsAt": _moment("startsAt", form, zone),
        "endsAt": _moment("endsAt", form, zone),
        "repeats": form.get("repeats") or "once",
        "timeZone": zone,
        "reason": form.get("reason", ""),
    }


def _moment(name: str, form: dict[str, str], zone: str) -> datetime:
    try:
        return moment(form.get(name, ""), zone)
    except (ValueError, OverflowError):
        raise wrong([(name, "choose a date and a time")]) from None


async def _alerts(
    request: Request,
    given: dict[str, str] | None = None,
    faults: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    hermes = hermes_of(request)
    rule = await hermes.maintenance.rule()
    usual = {
        "timeZone": "UTC",
        "failAfter": str(rule.fail_after),
        "partialAfter": str(rule.partial_after),
        "recoverAfter": str(rule.recover_after),
    }
    return await settings_page(
        request,
        "settings/alerts.html",
        status,
        rule=rule,
        windows=await hermes.maintenance.windows(),
        given=usual | (given or {}),
        faults=faults or {},
        sites=[("", "All sites"), *[(str(s.id), s.name) for s in await hermes.sites.all()]],
        services=[("", "All services"), *[(s.slug, s.name) for s in hermes.catalog.workers]],
        zones=zones(),
    )
