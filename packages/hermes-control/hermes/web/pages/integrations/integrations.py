"""The Integrations page: every service of a site, and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse

from hermes.core.views import IntegrationsView, NextAction
from hermes.core.views.next_actions import KINDS, stale_days
from hermes.web.dependencies import hermes_of
from hermes.web.pages.integrations import presses
from hermes.web.pages.integrations.groups import grouped, held_places, places
from hermes.web.pages.integrations.headline import headline
from hermes.web.pages.integrations.notes import note_of
from hermes.web.pages.integrations.service_filter import (
    SORTS,
    chosen,
    filter_of,
    service_chips,
)
from hermes_base.people.roles import READ
from hermes_base.row_filter import RowFilter
from hermes_base.web.access import actor_of
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.rendering import page
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)

PLACES = "Hermes-Places"
"""The header in which an open page tells where its rows stand, so that a refresh leaves them there."""

TITLES = {
    "not_tested": ("Ready, not tested yet", "not_tested", "Run smoke tests"),
    "needs_config": ("Needs setup", "needs_config", ""),
    "no_connection": ("Connection failed", "failed", ""),
    "failed": ("Failed", "failed", "Run smoke tests again"),
    "missing": ("Outputs missing", "partial", "Run smoke tests again"),
    "stale": ("Stale", "stale", "Run smoke tests again"),
}
"""(title, state, words of the button that smoke-tests them together) of each kind of action."""


@dataclass(frozen=True, slots=True)
class Todo:
    """Next actions of one kind."""

    kind: str
    title: str
    state: str
    words: str
    actions: list[NextAction]

    @property
    def services(self) -> list[str]:
        """Names of the services, each once: one may have two things to do."""
        return list(dict.fromkeys(action.display_name for action in self.actions))

    @property
    def together(self) -> list[str]:
        """Slugs of those that one job can smoke-test; none where there is only one thing to do."""
        slugs = [action.slug for action in self.actions if action.press == "smoke"]
        return slugs if len(slugs) > 1 or self.kind == "failed" else []


@router.get("/sites/{site_id}/integrations", READ)
async def integrations(request: Request, site_id: UUID) -> HTMLResponse:
    """Every service of a site: connection, smoke status, what is missing, what to do."""
    hermes = hermes_of(request)
    async with hermes.snapshot() as then:
        view = await then.integrations.table(site_id)
        days = await then.history.of_services(site_id)
        pressed = await then.jobs.presses(site_id)
        alerts = await then.alerts.of(site_id)
    choice = filter_of(request.query_params)
    return await page(
        request,
        "integrations.html",
        view=view,
        site=view.site,
        choice=choice,
        here=request.url.path + choice.query,
        chips=service_chips(view.services, choice),
        sorts=SORTS,
        banners=presses.shown_presses(pressed, actor_of(request), view.generated_at),
        press=presses,
        headline=headline(view.roll_up),
        alerts={each.service: a for a in alerts for each in a.affected if each.state == "open"},
        todos=todos(view.next_actions),
        days=days,
        **_rows(view, choice, request.headers.get(PLACES, "")),
    )


def _rows(view: IntegrationsView, choice: RowFilter, told: str) -> dict[str, Any]:
    """The rows to show, in groups, with what each says below its name."""
    shown = chosen(view.services, choice)
    since, held = held_places(told)
    groups = grouped(shown, view.generated_at, held, by_need=not choice.sort)
    first = {action.slug: action for action in reversed(view.next_actions)}
    since = since or view.generated_at
    return {
        "groups": groups,
        "shown": len(shown),
        "places": places(groups, since),
        "since": since,
        "outdated": sum(group.outdated for group in groups),
        "notes": {row.slug: note_of(row, first) for row in shown},
        "stale": {row.slug for row in shown if stale_days(row, view.generated_at) is not None},
        "is_configured": any(row.configured_from for row in view.services),
    }


def todos(actions: Sequence[NextAction]) -> list[Todo]:
    """Next actions by kind, in the order in which they come."""
    found = {kind: [a for a in actions if a.kind == kind] for kind in KINDS}
    return [Todo(kind, *TITLES[kind], actions=some) for kind, some in found.items() if some]
