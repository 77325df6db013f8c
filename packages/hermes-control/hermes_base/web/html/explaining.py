"""What was asked wrongly, as a notice with a message, a hint, and the reason for each service."""

from collections.abc import Callable, Coroutine
from typing import Any, cast

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

from hermes_base.postgres.database import LOST_DATABASE
from hermes_base.problems import Problem
from hermes_base.web.html.rendering import framed, is_htmx, notice
from hermes_base.web.navigation import NO_NAVIGATION, Navigation, navigation_of
from hermes_base.web.problems import status_of

HEADINGS = {
    401: "Sign in first",
    403: "Not allowed",
    404: "Not found",
    409: "Not possible now",
    422: "Not valid",
    503: "Hermes is unavailable",
}
"""Of the page of a problem, by its HTTP status: one for each kind of refusal."""
OTHERWISE = "Hermes could not do this"
Handle = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A route for people: problems are answered as a page or a notice, never as JSON."""

    def get_route_handler(self) -> Handle:
        """The route's handler; a Problem that it raises is answered as a page or a notice."""
        handle = super().get_route_handler()

        async def handle_or_explain(request: Request) -> Response:
            try:
                return await handle(request)
            except Problem as problem:
                return await explain(request, problem)
            except RequestValidationError:  # only ids in the path are validated
                message = f"There is nothing at {request.url.path}."
                hint = "Choose a page on the left, or search with Ctrl K."
                return await explain(request, Problem("not_found", message, hint))

        return handle_or_explain


async def explain(request: Request, problem: Problem) -> HTMLResponse:
    """A page of its own; to htmx a notice above what is already there."""
    facts = {"problem": problem, "reasons": _reasons(problem)}
    status = status_of(problem.code)
    if is_htmx(request):
        return notice("parts/notice.html", status, **facts)
    heading = HEADINGS.get(status, OTHERWISE)
    navigation = await _navigation(request)
    return framed(request, "problem.html", navigation, status, heading=heading, **facts)


async def _navigation(request: Request) -> Navigation:
    """The same frame as on every page; without it where the database is away."""
    try:
        return await navigation_of(request)
    except (Problem, *LOST_DATABASE):
        return NO_NAVIGATION


def _reasons(problem: Problem) -> list[dict[str, Any]]:
    """Per service, where the problem names them (`nothing_selected`)."""
    details: Any = problem.details
    if not isinstance(details, list):
        return []
    return [
        cast("dict[str, Any]", item)
        for item in cast("list[Any]", details)
        if isinstance(item, dict) and "displayName" in item
    ]
