"""Light, dark, or as the system says: kept in the browser."""

from fastapi import Request
from fastapi.responses import RedirectResponse

from hermes_base.people.roles import READ_ANY
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.forms import read_form, way_back
from hermes_base.web.html.themes import remember_theme, theme_named
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)


@router.post("/theme", READ_ANY)
async def choose_theme(request: Request) -> RedirectResponse:
    """Remember a theme in this browser, and go back to the page it was chosen on."""
    form = await read_form(request)
    response = RedirectResponse(way_back(form, "/"), 303)
    theme = theme_named(form.get("theme", "system"))
    remember_theme(response, theme, tls=request.app.state.access.tls)
    return response
