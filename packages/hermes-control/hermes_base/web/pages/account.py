"""One's own account: password and open sessions."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hermes_base.people.roles import OWN, ROLE_WORDS
from hermes_base.problems import Problem
from hermes_base.web.access import caller_of, session_of
from hermes_base.web.html.context import people_of
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.forms import read_form
from hermes_base.web.pages.settings import settings_page
from hermes_base.web.pages.sign_in import repeated
from hermes_base.web.problems import status_of
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)


@router.get("/settings/account", OWN)
async def account(request: Request) -> HTMLResponse:
    """Who one is, the password, and where one is signed in."""
    return await show_account(request)


@router.post("/settings/account/password", OWN)
async def change_password(request: Request) -> HTMLResponse:
    """A new password; every other session ends."""
    session, people = session_of(request), people_of(request)
    form = await read_form(request)
    try:
        password = repeated(form)
        await people.sign_in.confirm(session.user_id, form.get("current", ""), caller_of(request))
        await people.users.set_password(session.user_id, password, session.person.actor, session.id)
    except Problem as problem:
        if problem.field is None:
            raise
        return await show_account(request, status_of(problem.code), problem=problem)
    return await show_account(
        request, done="Your password has been changed. Your other sessions have ended."
    )


@router.post("/settings/account/sessions/end", OWN)
async def end_sessions(request: Request) -> Response:
    """End the session that the form names; without a name all others than this."""
    session = session_of(request)
    which = (await read_form(request)).get("session")
    await people_of(request).sessions.end(session, _session_id(which) if which else None)
    return RedirectResponse("/settings/account", 303)


def _session_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        hint = "Use the buttons on the page."
        raise Problem("unknown_session", "There is no such session.", hint) from None


async def show_account(
    request: Request, status: int = 200, problem: Problem | None = None, done: str = ""
) -> HTMLResponse:
    """The page of the account, with what was wrong beside its field, or what has been done."""
    session, people = session_of(request), people_of(request)
    return await settings_page(
        request,
        "settings/account.html",
        status,
        user=await people.users.one(session.user_id),
        role_words=ROLE_WORDS,
        codes_left=await people.second_factors.left(session.user_id),
        sessions=await people.sessions.of(session.user_id),
        this_session=session.id,
        problem=problem,
        done=done,
    )
