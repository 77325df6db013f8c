"""Who may ask: a person with a session, or a program with a token. Around the whole application.

Everything is refused but what the needs of the routes allow. Also kept out: other sites in somebody's
browser (cross-site posts, DNS rebinding).
"""

import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import quote, urlsplit

import structlog
from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from hermes_base.people import People
from hermes_base.people import roles as rules
from hermes_base.people.roles import Need, Person
from hermes_base.people.rules import digest, own_path
from hermes_base.postgres.database import LOST_DATABASE
from hermes_base.problems import Problem, not_found
from hermes_base.web import locales, problems
from hermes_base.web.access.headers import (
    TLS_ONLY,
    request_id,
    require_host,
    require_size,
    require_text,
    same_origin,
    with_headers,
)
from hermes_base.web.access.own_form import require_own_form
from hermes_base.web.access.request_context import (
    RequestContext,
    actor_of,
    caller_of,
    person_of,
    remember,
    session_of,
)
from hermes_base.web.access.routes import Routes
from hermes_base.web.below import inner, inner_scope, outer_answer

__all__ = [
    "LOOPBACK",
    "Access",
    "AccessSettings",
    "actor_of",
    "caller_of",
    "person_of",
    "session_of",
    "still_admitted",
]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
NEVER_BY_HEAD = ("/sign-in/", "/api/events", "/api/realtime", "/orders/", "/sandbox/")
"""GET uses a one-time link up, or is a stream that does not end."""
FOR_PROGRAMS = ("/api/", "/openapi.json", "/metrics")


@dataclass(frozen=True)
class AccessSettings:
    """What the settings say about access: tokens in files, host names, and the address people open."""

    tokens: Mapping[bytes, Person] = field(default_factory=dict[bytes, Person])
    """By digest."""
    hosts: frozenset[str] = LOOPBACK
    public_url: str = ""
    metrics: bytes = b""
    """Digest of the token that opens /metrics and nothing else; empty: there is none."""
    browser_key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    """Signs the cookies of browsers in which somebody has signed in before."""
    port: int = 0
    """Where this server listens; 0: not told."""
    dev_pages: bool = False
    """Whether /dev/components is there."""

    def may_scrape(self, headers: Headers) -> bool:
        """Whether the request carries the token that may read /metrics."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        given = digest(token.strip())
        return (
            scheme.lower() == "bearer"
            and bool(token.strip())
            and hmac.compare_digest(given, self.metrics)
        )

    @property
    def tls(self) -> bool:
        """Whether the public address is https."""
        return self.public_url.startswith("https://")

    @property
    def below(self) -> str:
        """The path of the public address, such as /hermes; "" where Hermes has the host to itself."""
        return urlsplit(self.public_url).path

    @property
    def cookie(self) -> str:
        """The name of the session's cookie. Browsers keep one jar for all ports of a host, so the port
        that people open stands in it; with TLS they bind it to this host alone."""
        return self._cookie("hermes_session")

    @property
    def known_cookie(self) -> str:
        """The name of the cookie of a browser in which somebody has signed in before."""
        return self._cookie("hermes_known")

    def _cookie(self, name: str) -> str:
        port = urlsplit(self.public_url).port if self.public_url else self.port
        name = f"{name}_{port}" if port else name
        if not self.tls:
            return name
        return f"__Secure-{name}" if self.below else f"__Host-{name}"  # that one wants the path /


class Access:
    """ASGI middleware around the whole application, put on when all its routes are there."""

    def __init__(self, app: FastAPI, people: People, settings: AccessSettings) -> None:
        self._app = app
        self._people = people
        self._settings = settings
        self.routes = Routes(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give the request an id and a person, or refuse it with a problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        below = self._settings.below
        scope = inner_scope(scope, below)
        if scope["method"] == "HEAD" and not scope["path"].startswith(NEVER_BY_HEAD):
            scope = {**scope, "method": "GET"}  # the server, which has the old scope, sends no body
        headers = Headers(scope=scope)
        scope["hermes.request_id"] = given = request_id(headers)
        structlog.contextvars.bind_contextvars(requestId=given)
        sending = with_headers(send, given, TLS_ONLY if self._settings.tls else {})
        scope["hermes.still_admitted"] = partial(self._still_admitted, headers)
        remember(RequestContext())
        locales.remember(headers.get("accept-language", ""))
        try:
            receive = await self._admit(scope, headers, receive)
        except (Problem, *LOST_DATABASE) as error:
            scope["app"] = self._app
            refusal = await _refused(Request(scope), error, below)
            await refusal(scope, receive, outer_answer(sending, headers, below))
            return
        await self._app(scope, receive, sending)

    async def _admit(self, scope: Scope, headers: Headers, receive: Receive) -> Receive:
        """Raises what stands against the request. Returns the `receive` to go on with."""
        require_host(headers, self._settings.hosts)
        require_size(headers)
        require_text(scope["path"], scope["query_string"])
        path, changes = scope["path"], scope["method"] not in SAFE_METHODS
        route, site_id = self.routes.of(scope["method"], path)
        need = self._need(route)
        if need is not None and need.role is None:
            # What is open in the API is signed by a program; it comes from no browser.
            _require_own_page(headers, needed=changes and not path.startswith("/api/"))
            return receive
        if route == "GET /metrics" and self._settings.may_scrape(headers):
            return receive
        context = await self._context(headers)
        if context.person is None and changes and not path.startswith(FOR_PROGRAMS):
            _require_own_page(headers, needed=True)
        scope["hermes.request_context"] = context
        _require(context.person, need, headers, path)
        _require_site(context.person, site_id)
        remember(context)
        if context.session is None or not changes:
            return receive
        _require_own_page(headers, needed=True)
        return await require_own_form(headers, receive, context.session)

    async def _context(self, headers: Headers, *, used: bool = True) -> RequestContext:
        """The person of a bearer token, else of the session cookie, else nobody. Raises `token_wrong`."""
        if "authorization" in headers:
            person = await self._token_person(headers["authorization"])
            return RequestContext(person, None, partial(self._allows, person))
        token = Request({"type": "http", "headers": headers.raw}).cookies.get(self._settings.cookie)
        session = await self._people.sessions.find(token, used=used) if token else None
        person = session.person if session else None
        return RequestContext(person, session, partial(self._allows, person))

    async def _token_person(self, given: str) -> Person:
        scheme, _, token = given.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:  # the digest of nothing is a digest, too
            raise _token_wrong()
        known = self._settings.tokens.get(digest(token))
        person = known or await self._people.tokens.person(token)
        if person is None:
            raise _token_wrong()
        return person

    async def _still_admitted(self, headers: Headers) -> bool:
        """Whether a stream may go on: asked again, without keeping the session open by it."""
        try:
            context = await self._context(headers, used=False)
        except Problem:
            return False
        except LOST_DATABASE:  # nobody was shut out; ask again later
            return True
        return context.person is not None

    def _allows(self, person: Person | None, method: str, path: str) -> bool:
        route, _ = self.routes.of(method, urlsplit(path).path)
        return rules.may(person, self.routes.needs.get(route))

    def _need(self, route: str) -> Need | None:
        """What the route needs; None where no route answers. Raises `not_listed`: refused by default."""
        need = self.routes.needs.get(route)
        if route and need is None:
            hint = "Declare the route with its need: see hermes_base/web/routing.py."
            raise Problem("not_listed", f"Nobody has decided yet who may {route}.", hint)
        return need


def _token_wrong() -> Problem:
    hint = "It may have expired or been revoked. A valid token is in the file `token` in the server's HERMES_HOME."
    return Problem("token_wrong", "The API token is not valid.", hint)


async def still_admitted(request: Request) -> bool:
    """Whether the person who opened this stream is still signed in, or their token still valid."""
    again: Callable[[], Awaitable[bool]] = request.scope["hermes.still_admitted"]
    return await again()


def _require(person: Person | None, need: Need | None, headers: Headers, path: str) -> None:
    """Raises `token_missing`, `sign_in_needed`, `role_too_low`, `site_only`."""
    if person is None and path.startswith(FOR_PROGRAMS) and "hx-request" not in headers:
        hint = "Send Authorization: Bearer <token>. A token is in the file `token` in HERMES_HOME."
        raise Problem("token_missing", "Sign in or send an API token.", hint)
    refusal = rules.refusal(
        person, need or rules.READ_ANY
    )  # what does not exist is told to those inside
    if refusal is not None:
        raise refusal


def _require_site(person: Person | None, site_id: str | None) -> None:
    """To a token limited to one site every other site is unknown. Raises `unknown_site`."""
    if person is None or person.site_id is None or site_id is None:
        return
    if site_id.lower() != str(person.site_id):
        raise not_found("unknown_site", site_id, "Take an id from GET /api/sites.")


def _require_own_page(headers: Headers, *, needed: bool) -> None:
    if needed and not same_origin(headers):
        hint = "Use the buttons on Hermes' own pages, or the API with its token."
        raise Problem("cross_site", "This request came from another website.", hint)


async def _refused(request: Request, error: BaseException, below: str) -> Response:
    """A problem for programs and people; to people without a session the way to the sign-in."""
    if not isinstance(error, Problem):
        return await problems.away(request, error)
    if error.code != "sign_in_needed":
        return await problems.respond(request, error)
    if "hx-request" in request.headers:
        current = urlsplit(request.headers.get("hx-current-url", ""))
        to = _sign_in(inner(current.path, below), current.query)
        return Response(status_code=401, headers={"HX-Redirect": to})
    if request.method in SAFE_METHODS:
        return RedirectResponse(_sign_in(request.url.path, request.url.query), 303)
    came_from = urlsplit(request.headers.get("referer", ""))
    return RedirectResponse(_sign_in(inner(came_from.path, below), came_from.query), 303)


def _sign_in(path: str, query: str) -> str:
    """The sign-in page with the way back."""
    back = own_path(f"{path}?{query}" if query else path)
    return "/sign-in" if back == "/" else f"/sign-in?back={quote(back, safe='/')}"
