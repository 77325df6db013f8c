"""The second factor of one's own account: turned on with an authenticator app, and off."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hermes_base.people.roles import OWN, RULE
from hermes_base.problems import Problem
from hermes_base.web.access import actor_of, caller_of, session_of
from hermes_base.web.html.context import people_of
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.forms import read_form
from hermes_base.web.pages.account import show_account
from hermes_base.web.pages.people import USERS
from hermes_base.web.pages.settings import settings_page
from hermes_base.web.problems import status_of
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
PAGE = "/settings/account/second-factor"


@router.post(PAGE, OWN)
async def begin(request: Request) -> Response:
    """A new key for the app, for whoever types the password once more: a stolen session shuts nobody out."""
    session, people = session_of(request), people_of(request)
    form = await read_form(request)
    try:
        await people.sign_in.confirm(
            session.user_id, form.get("factor-password", ""), caller_of(request)
        )
        await people.second_factors.begin(session.user_id, session.person.actor)
    except Problem as problem:
        return await _again(request, problem)
    return RedirectResponse(PAGE, 303)


@router.get(PAGE, OWN)
async def key(request: Request) -> Response:
    """The key that waits for its first code; without one, the account."""
    return await _key(request)


@router.post(f"{PAGE}/confirm", OWN)
async def confirm(request: Request) -> Response:
    """Turn it on with a code of the app; shows the recovery codes, once."""
    session, people = session_of(request), people_of(request)
    code = (await read_form(request)).get("code", "")
    try:
        codes = await people.second_factors.confirm(session.user_id, code, session.person.actor)
    except Problem as problem:
        if problem.field is None:
            raise
        return await _key(request, problem)
    return await settings_page(request, "settings/second_factor.html", codes=codes, problem=None)


@router.post(f"{PAGE}/remove", OWN)
async def remove(request: Request) -> Response:
    """Turn it off, for whoever types the password once more."""
    session, people = session_of(request), people_of(request)
    form = await read_form(request)
    try:
        await people.sign_in.confirm(
            session.user_id, form.get("factor-password", ""), caller_of(request)
        )
    except Problem as problem:
        return await _again(request, problem)
    await people.second_factors.remove(session.user_id, session.person.actor)
    return RedirectResponse("/settings/account", 303)


@router.post("/settings/users/{user_id}/second-factor/remove", RULE)
async def remove_of(request: Request, user_id: UUID) -> RedirectResponse:
    """Remove the second factor of a user who has lost phone and recovery codes."""
    await people_of(request).second_factors.remove(user_id, actor_of(request))
    return RedirectResponse(USERS, 303)


async def _key(request: Request, problem: Problem | None = None) -> Response:
    session = session_of(request)
    set_up = await people_of(request).second_factors.begun(session.user_id, session.person.actor)
    if set_up is None:
        return RedirectResponse("/settings/account", 303)
    status = status_of(problem.code) if problem else 200
    return await settings_page(
        request, "settings/second_factor.html", status, set_up=set_up, codes=[], problem=problem
    )


async def _again(request: Request, problem: Problem) -> HTMLResponse:
    """The account, with what was wrong beside the field of this form."""
    if problem.field is None:
        raise problem
    problem.field = "factor-password"
    return await show_account(request, status_of(problem.code), problem=problem)
