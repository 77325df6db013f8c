"""Schedules: tests that start by themselves."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hermes.core.schedules import ScheduleChange, ScheduleInput, zones
from hermes.core.views.schedules import MODES, ScheduleView
from hermes.web.dependencies import hermes_of
from hermes_base.people.roles import ACT_ALL, READ_ALL
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
PAGE = "/settings/schedules"
FIELDS = ("cron", "timeZone", "mode", "service")
USUAL = (
    ("0 6 * * *", "every day at 06:00"),
    ("0 6 * * 1-5", "Monday to Friday at 06:00"),
    ("0 * * * *", "every hour"),
    ("*/15 * * * *", "every 15 minutes"),
    ("0 3 * * 0", "Sundays at 03:00"),
    ("0 4 1 * *", "the first of each month at 04:00"),
)


@router.get(PAGE, READ_ALL)
async def schedules(request: Request, edit: UUID | None = None) -> HTMLResponse:
    """All schedules; the form shows the one to `edit`."""
    return await _schedules(request, edit)


@router.post(PAGE, ACT_ALL)
async def add(request: Request) -> Response:
    """A new schedule."""
    form = await read_form(request)
    try:
        wanted = typed(ScheduleInput, {name: form.get(name, "") for name in FIELDS})
        hermes = hermes_of(request)
        await hermes.schedules.add(_site(form.get("siteId", "")), wanted, actor_of(request))
    except Problem as problem:
        faults = faults_of(problem)
        return await _schedules(request, None, form, faults, status_of(problem.code))
    return RedirectResponse(PAGE, 303)


@router.post(f"{PAGE}/{{schedule_id}}", ACT_ALL)
async def change(request: Request, schedule_id: UUID) -> Response:
    """Another plan for a schedule."""
    form = await read_form(request)
    try:
        wanted = typed(ScheduleChange, {name: form.get(name, "") for name in FIELDS})
        await hermes_of(request).schedules.change(schedule_id, wanted, actor_of(request))
    except Problem as problem:
        faults = faults_of(problem)
        return await _schedules(request, schedule_id, form, faults, status_of(problem.code))
    return RedirectResponse(PAGE, 303)


@router.post(f"{PAGE}/{{schedule_id}}/pause", ACT_ALL)
async def pause(request: Request, schedule_id: UUID) -> RedirectResponse:
    """Pause a schedule until you resume it."""
    return await _enable(request, schedule_id, enabled=False)


@router.post(f"{PAGE}/{{schedule_id}}/resume", ACT_ALL)
async def resume(request: Request, schedule_id: UUID) -> RedirectResponse:
    """Resume a paused schedule at its next due time."""
    return await _enable(request, schedule_id, enabled=True)


@router.post(f"{PAGE}/{{schedule_id}}/delete", ACT_ALL)
async def delete(request: Request, schedule_id: UUID) -> RedirectResponse:
    """Forget a schedule."""
    await hermes_of(request).schedules.delete(schedule_id, actor_of(request))
    return RedirectResponse(PAGE, 303)


async def _enable(request: Request, schedule_id: UUID, *, enabled: bool) -> RedirectResponse:
    wanted = ScheduleChange(enabled=enabled)
    await hermes_of(request).schedules.change(schedule_id, wanted, actor_of(request))
    return RedirectResponse(PAGE, 303)


def _site(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        hint = "Choose a site from the list."
        raise Problem("site_id_missing", "A schedule needs a site.", hint, field="siteId") from None


async def _schedules(
    request: Request,
    edit: UUID | None,
    given: dict[str, str] | None = None,
    faults: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    hermes = hermes_of(request)
    edited = await hermes.schedules.one(edit) if edit else None
    sites = await hermes.sites.all()
    return await settings_page(
        request,
        "settings/schedules.html",
        status,
        schedules=await hermes.schedules.all(),
        edited=edited,
        given=given or _stored(edited),
        faults=faults or {},
        sites=[(str(site.id), site.name) for site in sites],
        modes=[(mode, words) for mode, words in MODES.items()],
        services=[("", "All services"), *[(s.slug, s.name) for s in hermes.catalog.workers]],
        zones=zones(),
        usual=USUAL,
    )


def _stored(edited: ScheduleView | None) -> dict[str, str]:
    """What the form shows at first: the schedule to edit, else a daily smoke test."""
    if edited is None:
        return {"cron": "0 6 * * *", "timeZone": "UTC", "mode": "smoke"}
    return {
        "cron": edited.cron,
        "timeZone": edited.time_zone,
        "mode": edited.mode,
        "service": edited.service or "",
        "siteId": str(edited.site_id),
    }
