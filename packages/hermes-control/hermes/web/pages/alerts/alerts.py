"""The Alerts page: what is open, what recovers, what closed last, and who is on it."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hermes.core.views.alerts import AlertView
from hermes.web.dependencies import hermes_of
from hermes_base.people.roles import ACT, READ_ANY
from hermes_base.web.access import actor_of
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.forms import read_form
from hermes_base.web.html.rendering import page
from hermes_base.web.routing import Router
from hermes_base.web.tables import csv_of

router = Router(route_class=PageRoute)
PAGE = "/alerts"
SNOOZE = 240
"""Minutes."""
HEADINGS = (
    "alert", "product", "severity", "state", "sites", "services", "text", "why", "opened", "closed",
    "taken by", "flaps", "delivery",
)  # fmt: skip


@router.get(PAGE, READ_ANY)
async def alerts(request: Request) -> HTMLResponse:
    """Alerts in sight: the open ones, newest first, and the last closed ones."""
    hermes = hermes_of(request)
    found = await hermes.alerts.all()
    return await page(
        request,
        "alerts.html",
        open_alerts=[each for each in found if each.state == "open"],
        closed=[each for each in found if each.state == "closed"],
        rule=await hermes.maintenance.rule(),
    )


@router.get(f"{PAGE}.csv", READ_ANY)
async def as_csv(request: Request) -> Response:
    """The same alerts as a table."""
    found = await hermes_of(request).alerts.all()
    return csv_of("alerts", HEADINGS, [_row(each) for each in found])


@router.post(f"{PAGE}/{{alert_id}}/acknowledge", ACT)
async def acknowledge(request: Request, alert_id: UUID) -> RedirectResponse:
    """Take an alert."""
    form = await read_form(request)
    note = form.get("note", "")
    await hermes_of(request).alerts.acknowledge(alert_id, actor_of(request), note)
    return RedirectResponse(PAGE, 303)


@router.post(f"{PAGE}/{{alert_id}}/snooze", ACT)
async def snooze(request: Request, alert_id: UUID) -> RedirectResponse:
    """Say nothing more of it for four hours."""
    await hermes_of(request).alerts.snooze(alert_id, SNOOZE, actor_of(request))
    return RedirectResponse(PAGE, 303)


@router.post(f"{PAGE}/{{alert_id}}/wake", ACT)
async def wake(request: Request, alert_id: UUID) -> RedirectResponse:
    """End a snooze."""
    await hermes_of(request).alerts.snooze(alert_id, 0, actor_of(request))
    return RedirectResponse(PAGE, 303)


def _row(alert: AlertView) -> tuple[object, ...]:
    sites = dict.fromkeys(each.site for each in alert.affected)
    return (
        alert.id, alert.product, alert.severity, alert.state, ", ".join(sites),
        ", ".join(each.service for each in alert.affected), alert.text, alert.why, alert.opened_at,
        alert.closed_at, alert.acknowledged_by, alert.flaps, alert.delivery,
    )  # fmt: skip
