"""Sites: a card each with its health, and a form to add one."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from hermes.control import Hermes
from hermes.core.problems import Problem
from hermes.core.site_input import SiteInput
from hermes.core.views import HealthSummary, JobView, SiteView
from hermes.web.access import actor_of
from hermes.web.pages.context import hermes_of
from hermes.web.pages.explaining import PageRoute
from hermes.web.pages.forms import read_form
from hermes.web.pages.rendering import page

router = APIRouter(route_class=PageRoute)
Card = tuple[SiteView, HealthSummary, list[JobView]]


@router.get("/")
async def sites(request: Request) -> HTMLResponse:
    """All sites."""
    return await _sites(request, 200, {}, {})


@router.post("/sites")
async def add_site(request: Request) -> Response:
    """Register a site; what is wrong is said beside its field, and what was typed is kept."""
    form = await read_form(request)
    try:
        wanted = SiteInput(base_url=form.get("base_url", ""), name=form.get("name", ""))
        site = await hermes_of(request).add_site(wanted, actor_of(request))
    except ValidationError as error:
        return await _sites(request, 422, form, _faults(error))
    except Problem as problem:
        if problem.code != "site_exists":
            raise
        return await _sites(request, 409, form, {"base_url": f"{problem.message} {problem.hint}"})
    return RedirectResponse(f"/sites/{site.id}/integrations", 303)


async def _sites(
    request: Request, status: int, typed: dict[str, str], faults: dict[str, str]
) -> HTMLResponse:
    hermes = hermes_of(request)
    cards = [await _card(hermes, site) for site in await hermes.sites()]
    return page(request, "sites.html", status, cards=cards, typed=typed, faults=faults)


async def _card(hermes: Hermes, site: SiteView) -> Card:
    jobs = await hermes.jobs(site.id, 6)
    return site, await hermes.health_summary(site.id), [job for job in jobs if job.open] or jobs[:1]


def _faults(error: ValidationError) -> dict[str, str]:
    return {_field(f["loc"]): _sentence(f["msg"]) for f in error.errors()}


def _field(location: tuple[int | str, ...]) -> str:
    return "name" if location[0] == "name" else "base_url"


def _sentence(message: str) -> str:
    text = message.removeprefix("Value error, ")
    return f"{text[0].upper()}{text[1:]}."
