"""The Integrations page: every service of a site, and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse

from hermes.core.views import JobView, NextAction, RollUp
from hermes.core.views.next_actions import KINDS, stale_days
from hermes.web.dependencies import hermes_of
from hermes.web.pages.integrations.order import in_order
from hermes.web.pages.integrations.service_filter import (
    SORTS,
    chosen,
    filter_of,
    service_chips,
)
from hermes_base.people.roles import READ
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.rendering import page
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
Tile = tuple[str, int, str]

TITLES = {
    "not_tested": ("Ready, not tested yet", "not_tested", "Smoke-test these"),
    "needs_config": ("Needs config", "needs_config", ""),
    "failed": ("Failed", "failed", "Smoke-test the failed ones"),
    "missing": ("Outputs missing", "partial", "Smoke-test these"),
    "stale": ("Stale", "queued", "Smoke-test the stale ones"),
}
"""(title, state, words of the button that smoke-tests them together) of each kind of action."""


@dataclass(frozen=True, slots=True)
class Group:
    """Next actions of one kind."""

    kind: str
    title: str
    state: str
    words: str
    actions: list[NextAction]

    @property
    def together(self) -> list[str]:
        """Slugs of those that one job can smoke-test; none where there is only one thing to do."""
        slugs = [action.slug for action in self.actions if action.press == "smoke"]
        return slugs if len(slugs) > 1 or self.kind == "failed" else []


@router.get("/sites/{site_id}/integrations", READ)
async def integrations(request: Request, site_id: UUID) -> HTMLResponse:
    """Every service of a site: connection, smoke status, what is missing, what to do."""
    hermes = hermes_of(request)
    view = await hermes.integrations.table(site_id)
    choice = filter_of(request.query_params)
    shown = chosen(view.services, choice)
    built = [row for row in view.services if row.readiness != "blocked"]
    return await page(
        request,
        "integrations.html",
        view=view,
        site=view.site,
        choice=choice,
        here=request.url.path + choice.query,
        chips=service_chips(view.services, choice),
        sorts=SORTS,
        banners=[in_order(job, hermes.catalog) for job in banners(view.jobs)],
        tiles=tiles(view.roll_up),
        alerts=await hermes.alerts.of(site_id),
        groups=groups(view.next_actions),
        stale={row.slug for row in built if stale_days(row, view.generated_at) is not None},
        is_configured=any(row.configured_from for row in built),
        built=[row for row in shown if row.readiness != "blocked"],
        planned=[row for row in shown if row.readiness == "blocked"],
    )


def banners(jobs: Sequence[JobView]) -> list[JobView]:
    """The jobs going on; when there is none, the one that ended last (newest first)."""
    return [job for job in jobs if job.open] or list(jobs[:1])


def groups(actions: Sequence[NextAction]) -> list[Group]:
    """Next actions by kind, in the order in which they come."""
    found = {kind: [a for a in actions if a.kind == kind] for kind in KINDS}
    return [Group(kind, *TITLES[kind], actions=some) for kind, some in found.items() if some]


def tiles(counts: RollUp) -> list[Tile]:
    """(word, number, state) of each tile; states that nobody is in now are left out."""
    rare = (
        ("Needs config", counts.needs_config, "needs_config"),
        ("Under way", counts.running, "running"),
        ("Cancelled", counts.cancelled, "cancelled"),
    )
    return [
        ("Built", counts.built, "plain"),
        ("Ready", counts.ready, "plain"),
        *[tile for tile in rare[:1] if tile[1]],
        ("Passed", counts.passed, "success"),
        ("Partial", counts.partial, "partial"),
        ("Failed", counts.failed, "failed"),
        *[tile for tile in rare[1:] if tile[1]],
        ("Not tested", counts.not_tested, "not_tested"),
        ("Blocked", counts.blocked, "blocked"),
    ]
