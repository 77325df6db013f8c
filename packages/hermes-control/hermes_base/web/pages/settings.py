"""The frame of the settings pages: one list of sections; each is shown to those who may open it."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from hermes_base.people.roles import OWN
from hermes_base.postgres.wrong_clocks import WrongClock
from hermes_base.web.access.request_context import may
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.rendering import page
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
SECTIONS = (
    ("Users & roles", "/settings/users"),
    ("API tokens", "/settings/tokens"),
    ("Secrets", "/settings/secrets"),
    ("Schedules", "/settings/schedules"),
    ("Waivers", "/settings/waivers"),
    ("Alerts", "/settings/alerts"),
    ("Alert channels", "/settings/channels"),
    ("Audit log", "/settings/audit"),
    ("Account", "/settings/account"),
)
"""A section without a page, or that one may not open, is left out of the navigation."""


@router.get("/settings", OWN)
async def settings() -> RedirectResponse:
    """The first section that one may open."""
    return RedirectResponse(_open_sections()[0][1], 303)


async def settings_page(
    request: Request, template: str, status: int = 200, **facts: Any
) -> HTMLResponse:
    """A settings page in its frame; `template` extends settings/layout.html."""
    clocks: Callable[[], Awaitable[list[WrongClock]]] = request.app.state.wrong_clocks
    wrong = [each.text for each in await clocks()]
    return await page(
        request, template, status, sections=_open_sections(), wrong_clocks=wrong, **facts
    )


def _open_sections() -> list[tuple[str, str]]:
    return [(name, path) for name, path in SECTIONS if may(path, "GET")]
