"""What was asked wrongly, as a notice with a message, a hint, and the reason for each service."""

from collections.abc import Callable, Coroutine
from typing import Any, cast

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

from hermes_base.problems import Problem
from hermes_base.web.html.rendering import is_htmx, notice, page
from hermes_base.web.problems import status_of

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
                return explain(request, problem)
            except RequestValidationError:  # only ids in the path are validated
                message = f"There is nothing at {request.url.path}."
                return explain(
                    request, Problem("not_found", message, "Choose from the list of sites.")
                )

        return handle_or_explain


def explain(request: Request, problem: Problem) -> HTMLResponse:
    """A page of its own; to htmx a notice above what is already there."""
    facts = {"problem": problem, "reasons": _reasons(problem)}
    status = status_of(problem.code)
    if is_htmx(request):
        return notice("parts/notice.html", status, **facts)
    return page(request, "problem.html", status, **facts)


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
