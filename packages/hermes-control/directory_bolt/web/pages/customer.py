"""The customer's page: their own order, behind a signed link."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from directory_bolt.web.dependencies import queries_of
from hermes_base.people.roles import OPEN
from hermes_base.problems import Problem
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.rendering import framed
from hermes_base.web.problems import status_of
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)


@router.get("/orders/{token}", OPEN)  # the link itself is signed
async def order(request: Request, token: str) -> HTMLResponse:
    """The order of this link, or why the link does not work; never with the navigation of staff."""
    try:
        found = await queries_of(request).customer_order(token)
    except Problem as problem:
        answer = framed(
            request, "customer_away.html", status=status_of(problem.code), problem=problem
        )
    else:
        answer = framed(request, "customer.html", order=found, token=token)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
