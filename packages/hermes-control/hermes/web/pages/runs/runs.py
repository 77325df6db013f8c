"""The Runs page: every run of a site, to find one by its service, its verdict and its day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from itertools import groupby
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse

from hermes.core.runs.run_filter import Verdict
from hermes.core.views import RunView
from hermes.core.views.days import DaysView, DayView
from hermes.web.dependencies import hermes_of
from hermes.web.pages.runs.run_choice import RunChoice, choice_of
from hermes_base.people.roles import READ
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.rendering import page
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
SHOWN = 50
DAYS = 8
"""Days to choose from at one press: a week back to the same weekday."""

VERDICTS: tuple[tuple[Verdict | None, str], ...] = (
    (None, "All"),
    ("failed", "Failed"),
    ("partial", "Partial"),
    ("passed", "Passed"),
    ("cancelled", "Cancelled"),
    ("open", "Running"),
)


@dataclass(frozen=True, slots=True)
class Day:
    """The runs of a page that were created on one day (UTC)."""

    day: date
    words: str
    runs: list[RunView]


@dataclass(frozen=True, slots=True)
class DayLink:
    """A day to choose, with what its smoke tests came to."""

    label: str
    words: str
    address: str
    state: str
    current: bool


@router.get("/sites/{site_id}/runs", READ)
async def runs(request: Request, site_id: UUID) -> HTMLResponse:
    """All runs of a site, newest first, 50 a page; filters live in the address."""
    hermes = hermes_of(request)
    choice = choice_of(request.query_params, hermes.catalog)
    async with hermes.snapshot() as then:
        site = await then.sites.one(site_id)
        found = await then.runs.of(site_id, choice.wanted, SHOWN + 1, choice.before, brief=True)
        history = (await then.history.of_sites([site_id]))[site_id]
    shown = found[:SHOWN]
    return await page(
        request,
        "runs.html",
        site=site,
        choice=choice,
        here=request.url.path + choice.query,
        days=days_of(shown),
        day_links=day_links(history, choice),
        history=history,
        older=choice.older_than(shown[-1].id) if len(found) > SHOWN else None,
        verdicts=[
            (label, choice.with_verdict(v), choice.wanted.verdict == v) for v, label in VERDICTS
        ],
        services=hermes.catalog.services,
    )


def days_of(found: Sequence[RunView]) -> list[Day]:
    """Runs, newest first, under the days on which they were created."""
    by_day: Iterable[tuple[date, Iterable[RunView]]] = groupby(
        found, lambda run: run.created_at.astimezone(UTC).date()
    )
    return [Day(day, day_words(day), list(group)) for day, group in by_day]


def day_words(day: date) -> str:
    """`Tuesday 24 November 2026`."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def day_links(history: DaysView, choice: RunChoice) -> list[DayLink]:
    """The last days, today first: the one that is chosen leads back to all days."""
    return [_link(day, choice) for day in reversed(history.days[-DAYS:])]


def _link(day: DayView, choice: RunChoice) -> DayLink:
    current = choice.wanted.since == choice.wanted.until == day.day
    label = f"{day.day:%a} {day.day.day} {day.day:%b}"
    address = choice.on_day(None if current else day.day)
    return DayLink(label, day.words, address, day.state, current)
