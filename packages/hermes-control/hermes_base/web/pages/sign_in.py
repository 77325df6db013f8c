"""The door: sign in with a password, or once with a link; sign out."""

from dataclasses import replace
from datetime import datetime
from typing import Any, cast
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hermes_base.people import Caller
from hermes_base.people.known_browsers import LASTS, browser_of, cookie_of
from hermes_base.people.roles import OPEN, OWN
from hermes_base.people.rules import LONGEST, email_of, own_path
from hermes_base.people.second_factors import CodeNeededError
from hermes_base.people.views import UserView
from hermes_base.problems import Problem
from hermes_base.web.access import AccessSettings, caller_of, session_of
from hermes_base.web.html.context import people_of
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.forms import read_form
from hermes_base.web.html.rendering import page
from hermes_base.web.problems import status_of
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)


@router.get("/sign-in", OPEN)
async def sign_in_page(request: Request) -> Response:
    """E-mail and password; who is signed in already goes on."""
    back = own_path(request.query_params.get("back", ""))
    if await _is_signed_in(request):
        return RedirectResponse(back, 303)
    return await _page(request, 200, {"back": back})


@router.post("/sign-in", OPEN)
async def sign_in(request: Request) -> Response:
    """A session for whoever knows the password."""
    form = await read_form(request)
    email, password = form.get("email", ""), form.get("password", "")
    try:
        token = await people_of(request).sign_in.with_password(
            email, password, _caller(request, email), _cookie(request)
        )
    except CodeNeededError as needed:
        return await _code(request, needed.pending, form)
    except Problem as problem:
        answer = await _page(request, status_of(problem.code), form, problem)
        answer.headers.update(_retry_after(problem))
        return answer
    return _known(request, email, _entered(request, token, own_path(form.get("back", ""))))


@router.get("/sign-in/{token}", OPEN)
async def link(request: Request, token: str) -> Response:
    """A one-time link: lets the operator of this machine in; others choose a password first."""
    try:
        user = await people_of(request).sign_in.link(token)
    except Problem:
        if await _is_signed_in(request):  # the printed link, opened once more
            return RedirectResponse("/", 303)
        raise
    if not user.is_local:
        return await _choose(request, 200, user, token)
    entered, leads_to = await people_of(request).sign_in.with_link(
        token, caller_of(request), old=_cookie(request)
    )
    return _entered(request, entered, own_path(leads_to))


@router.post("/sign-in/{token}", OPEN)
async def choose_password(request: Request, token: str) -> Response:
    """Set the password of the link's user, and sign in."""
    form = await read_form(request)
    user = await people_of(request).sign_in.link(token)
    try:
        password = repeated(form)
        entered, leads_to = await people_of(request).sign_in.with_link(
            token, caller_of(request), password, _cookie(request)
        )
    except CodeNeededError as needed:
        return await _code(request, needed.pending, form)
    except Problem as problem:
        if problem.field is None:
            raise
        return await _choose(request, status_of(problem.code), user, token, problem)
    answer = _entered(request, entered, own_path(leads_to))
    return _known(request, user.email or "", answer)


@router.post("/second-factor", OPEN)
async def second_factor(request: Request) -> Response:
    """A session for whoever knew the password and now types the code."""
    form, people = await read_form(request), people_of(request)
    pending = form.get("pending", "")
    user = await people.users.one(await people.second_factors.user_of(pending))
    email = user.email or ""
    try:
        token = await people.sign_in.with_code(
            pending, form.get("code", ""), _caller(request, email), _cookie(request)
        )
    except Problem as problem:
        answer = await _code(request, pending, form, problem)
        answer.headers.update(_retry_after(problem))
        return answer
    return _known(request, email, _entered(request, token, own_path(form.get("back", ""))))


@router.post("/sign-out", OWN)
async def sign_out(request: Request) -> Response:
    """End this session."""
    session = session_of(request)
    await people_of(request).sessions.sign_out(_cookie(request) or "", session.person.actor)
    answer = RedirectResponse("/sign-in", 303)
    access = _access(request)
    answer.delete_cookie(access.cookie, secure=access.tls, httponly=True, samesite="lax")
    return answer


def repeated(form: dict[str, str]) -> str:
    """The new password, typed twice. Raises `password_refused`."""
    if form.get("password", "") != form.get("again", ""):
        hint = "Type the same password in both fields."
        raise Problem("password_refused", "The two passwords differ.", hint, field="again")
    return form.get("password", "")


async def _page(
    request: Request, status: int, form: dict[str, str], problem: Problem | None = None
) -> HTMLResponse:
    typed = {"email": form.get("email", ""), "back": own_path(form.get("back", ""))}
    by_password = await people_of(request).users.have_passwords()
    return await page(
        request, "sign_in.html", status, typed=typed, problem=problem, by_password=by_password
    )


async def _choose(
    request: Request, status: int, user: UserView, token: str, problem: Problem | None = None
) -> HTMLResponse:
    action = f"/sign-in/{quote(token, safe='')}"
    return await page(
        request, "choose_password.html", status, user=user, action=action, problem=problem
    )


async def _code(
    request: Request, pending: str, form: dict[str, str], problem: Problem | None = None
) -> HTMLResponse:
    """Ask for the code of the second factor."""
    status, back = status_of(problem.code) if problem else 200, own_path(form.get("back", ""))
    return await page(
        request, "enter_code.html", status, pending=pending, back=back, problem=problem
    )


def _entered(request: Request, token: str, to: str) -> Response:
    answer, access = RedirectResponse(to, 303), _access(request)
    seconds = int(LONGEST.total_seconds())
    answer.set_cookie(
        access.cookie, token, max_age=seconds, secure=access.tls, httponly=True, samesite="lax"
    )
    return answer


def _caller(request: Request, email: str) -> Caller:
    """Who tries to sign in as this user, and whether it is a browser that did so before."""
    access, caller = _access(request), caller_of(request)
    cookie = request.cookies.get(access.known_cookie, "")
    name = email_of(email) or ""
    return replace(caller, known=browser_of(access.browser_key, name, cookie, _now(request)))


def _known(request: Request, email: str, answer: Response) -> Response:
    """The answer, with the browser known to this user from now on."""
    access = _access(request)
    cookie = cookie_of(access.browser_key, email_of(email) or "", _now(request))
    answer.set_cookie(
        access.known_cookie, cookie, max_age=int(LASTS.total_seconds()), secure=access.tls,
        httponly=True, samesite="lax",
    )  # fmt: skip
    return answer


def _now(request: Request) -> datetime:
    return request.app.state.clock()


async def _is_signed_in(request: Request) -> bool:
    token = _cookie(request)
    return token is not None and await people_of(request).sessions.find(token) is not None


def _cookie(request: Request) -> str | None:
    return request.cookies.get(_access(request).cookie)


def _access(request: Request) -> AccessSettings:
    return request.app.state.access


def _retry_after(problem: Problem) -> dict[str, str]:
    details = problem.details
    if not isinstance(details, dict):
        return {}
    return {"Retry-After": str(cast("dict[str, Any]", details)["retryAfter"])}
