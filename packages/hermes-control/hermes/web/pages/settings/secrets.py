"""The status of secrets. Never a value."""

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from hermes.web.dependencies import hermes_of
from hermes_base.people.roles import RULE
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.pages.settings import settings_page
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)


@router.get("/settings/secrets", RULE)
async def secrets(request: Request) -> HTMLResponse:
    """Which secrets are there, from which source, and whose key. Only Bitwarden is kept in memory."""
    view = await hermes_of(request).secrets.status()
    return await settings_page(request, "settings/secrets.html", view=view)


@router.post("/settings/secrets/refresh", RULE)
async def refresh(request: Request) -> RedirectResponse:
    """Read Bitwarden now, past what is in memory."""
    await hermes_of(request).platform.refresh_secrets()
    return RedirectResponse("/settings/secrets", 303)
