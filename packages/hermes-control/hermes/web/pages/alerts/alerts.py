"""The Alerts page: what is open, what recovers, and what closed last."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from hermes.web.dependencies import hermes_of
from hermes_base.people.roles import READ_ANY
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.rendering import page
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)


@router.get("/alerts", READ_ANY)
async def alerts(request: Request) -> HTMLResponse:
    """Alerts of all sites in sight: the open ones, newest first, and the last closed ones."""
    hermes = hermes_of(request)
    found = await hermes.alerts.all()
    return await page(
        request,
        "alerts.html",
        open_alerts=[each for each in found if each.state == "open"],
        closed=[each for each in found if each.state == "closed"],
        rule=await hermes.maintenance.rule(),
    )
