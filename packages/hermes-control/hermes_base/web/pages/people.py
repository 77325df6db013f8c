"""Users and their roles."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from hermes_base.people.roles import ROLE_WORDS, RULE
from hermes_base.people.views import UserView
from hermes_base.problems import Problem
from hermes_base.web.access import actor_of, person_of
from hermes_base.web.html.context import link_of, people_of
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.forms import read_form
from hermes_base.web.pages.settings import settings_page
from hermes_base.web.problems import status_of
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
USERS = "/settings/users"


@router.get("/settings/users", RULE)
async def users(request: Request) -> HTMLResponse:
    """All users."""
    return await _users(request)


@router.post("/settings/users", RULE)
async def add_user(request: Request) -> HTMLResponse:
    """Add a user, and show the link with which they choose a password."""
    form = await read_form(request)
    people = people_of(request)
    try:
        user = await people.users.add(
            form.get("email", ""), form.get("name", ""), form.get("role", ""), actor_of(request)
        )
    except Problem as problem:
        if problem.field is None:
            raise
        return await _users(request, status_of(problem.code), typed=form, problem=problem)
    return await _with_link(request, user)


@router.post("/settings/users/{user_id}/role", RULE)
async def change_role(request: Request, user_id: UUID) -> RedirectResponse:
    """Give another role, from now on."""
    form = await read_form(request)
    await people_of(request).users.set_role(user_id, form.get("role", ""), actor_of(request))
    return RedirectResponse(USERS, 303)


@router.post("/settings/users/{user_id}/disable", RULE)
async def disable(request: Request, user_id: UUID) -> RedirectResponse:
    """Shut a user out, from now on."""
    await people_of(request).users.disable(user_id, actor_of(request))
    return RedirectResponse(USERS, 303)


@router.post("/settings/users/{user_id}/enable", RULE)
async def enable(request: Request, user_id: UUID) -> RedirectResponse:
    """Let a user in again."""
    await people_of(request).users.enable(user_id, actor_of(request))
    return RedirectResponse(USERS, 303)


@router.post("/settings/users/{user_id}/link", RULE)
async def make_link(request: Request, user_id: UUID) -> HTMLResponse:
    """A one-time link with which a user sets a new password; shown once."""
    return await _with_link(request, await people_of(request).users.one(user_id))


async def _with_link(request: Request, user: UserView) -> HTMLResponse:
    token = await people_of(request).sign_in.password_link(user.id, actor_of(request))
    return await _users(request, link=link_of(request, token), link_for=user)


async def _users(
    request: Request,
    status: int = 200,
    *,
    typed: dict[str, str] | None = None,
    problem: Problem | None = None,
    link: str = "",
    link_for: UserView | None = None,
) -> HTMLResponse:
    person = person_of(request)
    return await settings_page(
        request,
        "settings/users.html",
        status,
        users=await people_of(request).users.all(),
        me=person.user_id if person else None,
        role_words=ROLE_WORDS,
        role_options=[(role, role) for role in ROLE_WORDS],
        typed=typed or {},
        problem=problem,
        link=link,
        link_for=link_for,
        with_factor=await people_of(request).second_factors.owners(),
    )
