"""Every page of the application, found in its routes, on data with good, bad, running and unasked services."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from directory_bolt.reading import OrderQueries
from tests.support.catalog import outputs_of
from tests.support.pages import PARAMETER, filled, pages_of
from tests.support.served import Served
from tests.support.worker import done

Values = Mapping[str, Sequence[str]]

ON_TOP: dict[str, Sequence[str]] = {
    "/sites/{site_id}/integrations": ("?status=failed", "?q=no+such+service", "?status=blocked"),
    "/sites/{site_id}/services/{slug}": ("?type=connection",),
    "/sites/{site_id}/runs": ("?verdict=failed", "?day=2020-01-01"),
    "/sign-in": ("?back=/settings/account",),
}
"""Queries that make another screen of a page."""


@dataclass(frozen=True)
class Screen:
    """One page as somebody sees it: signed in, or as a stranger."""

    path: str
    template: str
    stranger: bool = False
    status: int = 200


def templates(served: Served) -> list[str]:
    """The pages of the application that is served."""
    return pages_of(served.routes)


async def screens(served: Served) -> list[Screen]:
    """All screens. A KeyError names a parameter of a new page: give it a value in `values`."""
    known = await values(served)
    found = [screen for template in templates(served) for screen in _of(template, known, served)]
    missing = Screen(f"/jobs/{'0' * 8}-0000-4000-8000-{'0' * 12}", "/jobs/{job_id}", status=404)
    return [*found, missing]


def _of(template: str, known: Mapping[str, Values], served: Served) -> list[Screen]:
    """The screens of one page: each value of each parameter, and each query on the first of them."""
    names = PARAMETER.findall(template)
    of_page = {**known[""], **known.get(template, {})}
    stranger = served.needs[f"GET {template}"].role is None
    chosen = itertools.product(*(of_page[name] for name in names))
    paths = [filled(template, dict(zip(names, some, strict=True))) for some in chosen]
    paths += [paths[0] + query for query in ON_TOP.get(template, ())]
    return [Screen(path, template, stranger) for path in paths]


async def values(served: Served) -> dict[str, Values]:
    """Values of the parameters in paths: for all pages (""), or for the page of one template."""
    room, people = served.room, served.people
    await _unwell(served)
    connections = await room.hermes.jobs.start_connections(room.site.id, "tests")
    await room.runner().drain()
    smoke = await room.hermes.jobs.start_smoke(room.site.id, "tests")
    await room.runner().drain()
    room.clock.forward(90)
    runs = {run.service_slug: str(run.id) for run in await room.hermes.runs.of_job(smoke.job_id)}
    new = await people.users.add("new@example.com", "New", "operator", "tests")
    token = await people.sign_in.password_link(new.id, "tests")
    slugs = ("content_qa", "content_generator", "seo_kbase", "serp_intel", "google_data_connector")
    everywhere = {
        "site_id": [str(room.site.id)],
        "job_id": [str(smoke.job_id), str(connections.job_id)],
        "run_id": [runs[slug] for slug in slugs if slug in runs],
        "slug": [*slugs, "site_executor"],
        "token": [token],
    }
    order, link = await _order(served)
    directories = [str(each.id) for each in await OrderQueries(served.orders).directories()]
    return {
        "": everywhere,
        "/jobs/{job_id}/report": {"job_id": everywhere["job_id"][:1]},
        "/staff/jobs/{job_id}": {"job_id": [order]},
        "/staff/jobs/{job_id}/profile": {"job_id": [order]},
        "/staff/directories/{directory_id}": {"directory_id": directories},
        "/orders/{token}": {"token": [link]},
        "/orders/{token}/profile": {"token": [link]},
    }


async def _order(served: Served) -> tuple[str, str]:
    """(id, token of its customer's link) of an order that waits."""
    directories = [
        {"name": name, "submission_url": f"https://{name}.example/submit", "tier": 1,
         "domain_authority": 50, "pacing_seconds": 0} for name in ("north", "south")
    ]  # fmt: skip
    await served.orders.directories.put_demo(directories)
    job_id = await served.orders.intake.create_test_order("tests", 2)
    token, _ = await OrderQueries(served.orders).customer_link(job_id, "tests")
    return str(job_id), token


async def _unwell(served: Served) -> None:
    """One service each that lacks outputs, fails at length, goes on, and has no secret."""
    room = served.room
    room.all_succeed()
    del room.variables[room.catalog.service("google_data_connector").secret]
    generator = room.catalog.service("content_generator")
    room.worker.script("content_generator").final = done(
        outputs_of(generator, "drafts", "faq_schema")
    )
    room.worker.script("seo_kbase").final = {"status": "failed", "error": "x" * 300}
    room.worker.script("serp_intel").polls = 500
