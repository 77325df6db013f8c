"""Ctrl K: search over sites, services, runs, orders, directories, settings and actions."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from hermes_base.people.roles import READ_ANY
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.rendering import fragment, is_htmx, page
from hermes_base.web.pages.settings import SECTIONS
from hermes_base.web.routing import Router
from hermes_base.web.search import Found, found_for, matches

router = Router(route_class=PageRoute)


@router.get("/search", READ_ANY)
async def search(request: Request, q: Annotated[str, Query()] = "") -> HTMLResponse:
    """What was found: inside the palette with a script, as a page without one."""
    groups = await found_for(request, q)
    if is_htmx(request):
        return fragment("parts/found.html", q=q, groups=groups)
    return await page(request, "search.html", q=q, groups=groups)


async def settings_found(request: Request, query: str) -> Sequence[Found]:
    """The sections of the settings."""
    return [
        Found("Settings", name, "", "gear", path)
        for name, path in SECTIONS
        if query and matches(query, name, "settings")
    ]
