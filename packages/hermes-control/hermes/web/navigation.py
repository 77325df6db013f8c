"""What the control room shows in the navigation: all sites, and the one in view."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import Request

from hermes.control import Hermes
from hermes.web.dependencies import hermes_of
from hermes_base.problems import Problem
from hermes_base.web.navigation import Choice, Count, Group, Link

Named = tuple[UUID, str]
"""The id and the name of a site."""
SWITCHABLE = 30
"""Sites in the switch; the rest are found by search and on the overview."""


async def navigation(request: Request, site_id: UUID | None) -> Sequence[Group]:
    """Overview and alerts, then the pages of a site: the one in view, else the first by name."""
    async with hermes_of(request).snapshot() as then:
        first, total = await then.sites.named(SWITCHABLE)
        groups = [_everywhere(await then.alerts.open_count())]
        if first:
            site = await _named(then, site_id, first)
            groups.append(await _of_site(then, site, first, total))
    return groups


async def _named(hermes: Hermes, site_id: UUID | None, first: Sequence[Named]) -> Named:
    """The site in view with its name; the first where it is gone or not in sight."""
    if site_id is None:
        return first[0]
    try:
        return site_id, (await hermes.sites.one(site_id)).name
    except Problem:
        return first[0]


def _everywhere(alerts: int) -> Group:
    count = Count(alerts, f"{alerts} open alert{'' if alerts == 1 else 's'}", "bad")
    links = (
        Link("Overview", "/", "home"),
        Link("Alerts", "/alerts", "bell", count),
    )
    return Group("", links)


async def _of_site(hermes: Hermes, site: Named, first: Sequence[Named], total: int) -> Group:
    site_id, name = site
    base = f"/sites/{site_id}"
    unwell = await hermes.integrations.unwell(site_id)
    count = Count(unwell, f"{unwell} of its services failed or partial")
    links = (
        Link("Integrations", f"{base}/integrations", "grid", count, also=(f"{base}/services",)),
        Link("Runs", f"{base}/runs", "clock", also=("/runs", "/jobs")),
        Link("Changes", f"{base}/changes", "save"),
        Link("Edit site", f"{base}/edit", "pen"),
    )
    others = tuple((label, f"/sites/{each}/integrations") for each, label in first)
    return Group("", links, Choice(site_id, name, others, total))
