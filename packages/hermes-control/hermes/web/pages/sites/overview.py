"""The overview: what is broken on all sites, since when, who is on it, and what changed."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from hermes.operations.overview import SITES
from hermes.web.dependencies import hermes_of
from hermes.web.pages.sites.delivery_chart import delivery_chart
from hermes_base.people.roles import ACT, READ_ANY
from hermes_base.web.access import actor_of
from hermes_base.web.attention import concerns_of
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.forms import read_form, way_back
from hermes_base.web.html.rendering import page
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
MOST_PAGES = 10_000


@router.get("/", READ_ANY)
async def overview(request: Request) -> HTMLResponse:
    """All sites, the most urgent first; `page` is the page of the table."""
    number = _page(request.query_params.get("page", ""))
    async with hermes_of(request).snapshot() as then:
        view = await then.overview.read(number)
    return await page(
        request,
        "overview.html",
        view=view,
        concerns=await concerns_of(request),
        chart=delivery_chart(view.days),
        me=actor_of(request),
        number=number,
        pages=-(-view.all_sites // SITES),
        here=request.url.path + (f"?page={number}" if number > 1 else ""),
    )


def _page(text: str) -> int:
    """What is no page is the first."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return min(max(number, 1), MOST_PAGES)


@router.post("/sites/{site_id}/causes/take", ACT)
async def take(request: Request, site_id: UUID) -> RedirectResponse:
    """The person of this request is on the cause that the form names."""
    form = await read_form(request)
    hermes = hermes_of(request)
    await hermes.overview.take(site_id, form.get("cause", ""), actor_of(request))
    return RedirectResponse(way_back(form, "/"), 303)


@router.post("/sites/{site_id}/causes/give-back", ACT)
async def give_back(request: Request, site_id: UUID) -> RedirectResponse:
    """Nobody is on the cause any more."""
    form = await read_form(request)
    hermes = hermes_of(request)
    await hermes.overview.give_back(site_id, form.get("cause", ""), actor_of(request))
    return RedirectResponse(way_back(form, "/"), 303)
