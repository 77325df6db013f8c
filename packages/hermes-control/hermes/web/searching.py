"""What search finds in the control room: sites, services, runs, and what one can start."""

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from fastapi import Request

from hermes.core.views import SiteView
from hermes.web.dependencies import hermes_of
from hermes_base.problems import Problem
from hermes_base.web.navigation import site_in_view
from hermes_base.web.search import Found, matches


async def found(request: Request, query: str) -> Sequence[Found]:
    """Sites by name and address, services and actions of the site in view, runs and test jobs by ID."""
    hermes = hermes_of(request)
    sites = await hermes.sites.all()
    in_view = site_in_view(request)
    site = next((each for each in sites if each.id == in_view), sites[0] if sites else None)
    return [
        *(_site(each) for each in sites if matches(query, each.name, each.base_url)),
        *(_services(request, query, site) if site else []),
        *(await _by_id(request, query)),
        *_actions(query, site),
    ]


def _site(site: SiteView) -> Found:
    return Found("Sites", site.name, site.base_url, "grid", f"/sites/{site.id}/integrations")


def _services(request: Request, query: str, site: SiteView) -> list[Found]:
    return [
        Found("Services", service.name, site.name, "plug", f"/sites/{site.id}/services/{service.slug}")
        for service in hermes_of(request).catalog
        if query and matches(query, service.name, service.slug)
    ]  # fmt: skip


async def _by_id(request: Request, query: str) -> list[Found]:
    """The run or test job of a whole ID."""
    try:
        wanted = UUID(query)
    except ValueError:
        return []
    hermes, things = hermes_of(request), list[Found]()
    with suppress(Problem):  # no run of this ID that one may see
        run = await hermes.runs.one(wanted)
        things.append(Found("Runs", run.service_name, run.status_text, "clock", f"/runs/{wanted}"))
    with suppress(Problem):  # no test job of this ID either
        job = await hermes.jobs.one(wanted)
        things.append(Found("Test jobs", job.summary, "", "flask", f"/jobs/{wanted}"))
    return things


def _actions(query: str, site: SiteView | None) -> list[Found]:
    offered = [Found("Actions", "Add a site", "", "plus", "/sites/new")]
    if site is not None:
        base = f"/sites/{site.id}"
        offered += [
            Found("Actions", "Run Smoke Tests", site.name, "flask", press=f"{base}/smoke-tests"),
            Found("Actions", "Test Connections", site.name, "plug", press=f"{base}/test-connections"),
            Found("Actions", "Edit site", site.name, "pen", f"{base}/edit"),
        ]  # fmt: skip
    return [each for each in offered if matches(query, each.label, each.detail)]
