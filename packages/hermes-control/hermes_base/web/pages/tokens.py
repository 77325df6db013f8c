"""API tokens: made here, shown once, revoked."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from hermes_base.people.roles import OWN, ROLES, at_least
from hermes_base.problems import Problem
from hermes_base.web.access import session_of
from hermes_base.web.html.context import people_of
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.forms import read_form
from hermes_base.web.pages.settings import settings_page
from hermes_base.web.problems import status_of
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
LASTS = (("30", "30 days"), ("90", "90 days"), ("365", "1 year"), ("", "Never"))


@router.get("/settings/tokens", OWN)
async def tokens(request: Request) -> HTMLResponse:
    """One's own tokens; everybody's for an admin."""
    return await _tokens(request)


@router.post("/settings/tokens", OWN)
async def add_token(request: Request) -> HTMLResponse:
    """Create a token; this answer alone shows it."""
    session = session_of(request)
    form = await read_form(request)
    try:
        made = await people_of(request).tokens.add(
            session.person,
            form.get("name", ""),
            form.get("role", ""),
            _site(form.get("site", "")),
            _days(form.get("days", "")),
        )
    except Problem as problem:
        if problem.field is None:
            raise
        return await _tokens(request, status_of(problem.code), typed=form, problem=problem)
    return await _tokens(request, made=made, made_name=form.get("name", ""))


@router.post("/settings/tokens/{token_id}/revoke", OWN)
async def revoke(request: Request, token_id: UUID) -> RedirectResponse:
    """Create a token worthless, from now on."""
    await people_of(request).tokens.revoke(session_of(request).person, token_id)
    return RedirectResponse("/settings/tokens", 303)


def _site(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        hint = "Choose a site from the list."
        raise Problem("unknown_site", "This site does not exist.", hint, field="site") from None


def _days(text: str) -> int | None:
    if text and not text.isdecimal():
        hint = "Choose a duration from the list."
        raise Problem("days_wrong", "This is not a valid duration.", hint, field="days")
    return int(text[:9]) if text else None


async def _tokens(
    request: Request,
    status: int = 200,
    *,
    typed: dict[str, str] | None = None,
    problem: Problem | None = None,
    made: str = "",
    made_name: str = "",
) -> HTMLResponse:
    session = session_of(request)
    return await settings_page(
        request,
        "settings/tokens.html",
        status,
        tokens=await people_of(request).tokens.seen_by(session.user_id, session.person.role),
        site_options=[
            ("", "All sites"),
            *[(str(site_id), name) for site_id, name in await people_of(request).tokens.sites()],
        ],
        role_options=[(role, role) for role in ROLES if at_least(session.person.role, role)],
        lasts=LASTS,
        everybodys=session.person.role == "admin",
        typed=typed or {},
        problem=problem,
        made=made,
        made_name=made_name,
    )
