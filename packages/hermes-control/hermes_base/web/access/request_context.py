"""Who makes the current request, and what they may do: for handlers, templates and the audit log."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request

from hermes_base.people import Caller, Session
from hermes_base.people.roles import Person
from hermes_base.problems import Problem

ADDRESS_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RequestContext:
    """The person of a request (None: nobody signed in), with a session only when they use a browser."""

    person: Person | None = None
    session: Session | None = None
    allows: Callable[[str, str], bool] = lambda method, path: False

    @property
    def csrf(self) -> str:
        """The CSRF token that forms of this session carry; "" without a session."""
        return self.session.csrf if self.session else ""


NOBODY = RequestContext()
_context: ContextVar[RequestContext] = ContextVar("request_context", default=NOBODY)


def remember(context: RequestContext) -> None:
    """Set the context of the current request."""
    _context.set(context)


def request_context() -> RequestContext:
    """The context of the current request; of nobody outside a request."""
    return _context.get()


def may(path: str, method: str = "POST") -> bool:
    """Whether the person of this request may do this: what a template asks before it shows a button."""
    return request_context().allows(method, path)


def csrf_field() -> Markup:
    """The hidden field that every form of a page carries."""
    token = request_context().csrf
    return (
        Markup('<input type="hidden" name="csrf" value="{}">').format(token) if token else Markup()
    )


def person_of(request: Request) -> Person | None:
    """The person who makes the request; None on routes that need no sign-in."""
    found: RequestContext = request.scope.get("hermes.request_context", NOBODY)
    return found.person


def session_of(request: Request) -> Session:
    """The session of a person with a browser. Raises `session_needed`, as tokens have none."""
    found: RequestContext = request.scope.get("hermes.request_context", NOBODY)
    if found.session is None:
        hint = "Open this page in a browser and sign in there."
        raise Problem("session_needed", "This page needs a signed-in user, not an API token.", hint)
    return found.session


def actor_of(request: Request) -> str:
    """The name of who makes the request, for the audit log."""
    person = person_of(request)
    return person.actor if person else "anyone"


def caller_of(request: Request) -> Caller:
    """Network address and user agent of a request."""
    address = request.client.host if request.client else ADDRESS_UNKNOWN
    return Caller(address, request.headers.get("user-agent", "")[:200] or "unknown program")
