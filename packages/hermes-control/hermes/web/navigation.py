"""What the control room shows in the navigation: all sites, and the one in view."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import Request

from hermes.control import Hermes
from hermes.core.views import SiteView
from hermes.web.dependencies import hermes_of
from hermes_base.web.navigation import Choice, Count, Group, Link

SWITCHABLE = 30
"""Sites in the switch; the rest are found by search and on the overview."""


async def navigation(request: Request, site_id: UUID | None) -> Sequence[Group]:
    """Overview and alerts, then the pages of a site: the one in view, else the first by name."""
    async with hermes_of(request).snapshot() as then:
        sites = await then.sites.all()
        groups = [_everywhere(await then.alerts.open_count())]
        site = next((each for each in sites if each.id == site_id), sites[0] if sites else None)
        if site is not None:
            groups.append(await _of_site(then, site, sites))
    return groups


def _everywhere(alerts: int) -> Group:
    count = Count(alerts, f"{alerts} open alert{'' if alerts == 1 else 's'}", "bad")
    links = (
        Link("Overview", "/", "home"),
        Link("Alerts", "/alerts", "bell", count),
    )
    return Group("", links)


async def _of_site(hermes: Hermes, site: SiteView, sites: Sequence[SiteView]) -> Group:
    base = f"/sites/{site.id}"
    unwell = await hermes.integrations.unwell(site.id)
    count = Count(unwell, f"{unwell} of its services failed or partial")
    links = (
        Link("Integrations", f"{base}/integrations", "grid", count, also=(f"{base}/services",)),
        Link("Runs", f"{base}/runs", "clock", also=("/runs", "/jobs")),
        Link("Edit site", f"{base}/edit", "pen"),
    )
    others = tuple((each.name, f"/sites/{each.id}/integrations") for each in sites[:SWITCHABLE])
    return Group("", links, Choice(site.id, site.name, others, len(sites)))
