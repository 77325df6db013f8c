"""The customer's page: their own order, behind a signed link."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from hermes.core.problems import Problem
from hermes.web.counter import desk_of
from hermes.web.pages.explaining import PageRoute
from hermes.web.pages.rendering import page
from hermes.web.problems import status_of
from hermes.web.realtime import note_position

router = APIRouter(route_class=PageRoute, dependencies=[Depends(note_position)])


@router.get("/orders/{token}")
async def order(request: Request, token: str) -> HTMLResponse:
    """How far the order of this link is, or why it leads nowhere."""
    try:
        found = await desk_of(request).customer_order(token)
    except Problem as problem:
        answer = page(request, "customer_away.html", status_of(problem.code), problem=problem)
    else:
        answer = page(request, "customer.html", order=found, token=token)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
