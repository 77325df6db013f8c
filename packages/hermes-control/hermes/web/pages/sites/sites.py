"""Sites: a card each, with its health and what goes on."""

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse

from hermes.control import Hermes
from hermes.core.views import HealthSummary, JobView, SiteView
from hermes.core.views.alerts import AlertView
from hermes.web.dependencies import hermes_of
from hermes_base.people.roles import READ_ANY
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.rendering import page
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
RECENT = 20


@dataclass(frozen=True, slots=True)
class Card:
    """A site as its card shows it: open jobs, else the last job of each kind of test."""

    site: SiteView
    health: HealthSummary
    jobs: list[JobView]
    alerts: list[AlertView]


@router.get("/", READ_ANY)
async def sites(request: Request) -> HTMLResponse:
    """All sites."""
    async with hermes_of(request).snapshot() as then:
        cards = [await _card(then, site) for site in await then.sites.all()]
    return await page(request, "sites.html", cards=cards)


async def _card(hermes: Hermes, site: SiteView) -> Card:
    jobs = await hermes.jobs.of(site.id, RECENT)
    alerts = await hermes.alerts.of(site.id)
    return Card(site, await hermes.integrations.health(site.id), worth_showing(jobs), alerts)


def worth_showing(jobs: list[JobView]) -> list[JobView]:
    """What goes on; else the last of each kind of test that is among these (newest first)."""
    last = {job.run_type: job for job in reversed(jobs)}
    return [job for job in jobs if job.open] or [job for job in jobs if job in last.values()]
