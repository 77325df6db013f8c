"""Rows of the Integrations table by need: what has to be looked at first, what is fine last."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hermes.core.views import ServiceRow
from hermes.core.views.next_actions import lost_connection, stale_days
from hermes.core.views.services import MOVING

TITLES = {
    "trouble": "Failed or partial",
    "setup": "Needs setup",
    "untested": "Not tested yet",
    "told": "Passed, with something to know",
    "running": "Running now",
    "passed": "Passed, all outputs returned",
    "planned": "Planned, not built yet",
}
"""The groups in the order in which they stand."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that stand together. `outdated`: how many of them would stand elsewhere by now."""

    name: str
    title: str
    rows: list[ServiceRow]
    outdated: int


def need_of(row: ServiceRow, now: datetime) -> str:
    """The group of a row, a name of `TITLES`."""
    if row.readiness == "blocked":
        return "planned"
    if any(test.state in MOVING for test in (row.connection, row.smoke, row.full)):
        return "running"
    if row.readiness == "needs_config":
        return "setup"
    if row.smoke.state in ("failed", "partial") or lost_connection(row):
        return "trouble"
    if row.smoke.state != "success":
        return "untested"
    return "told" if _has_something_to_tell(row, now) else "passed"


def _has_something_to_tell(row: ServiceRow, now: datetime) -> bool:
    """Stale, waived, with a failed connection, or with a full run that did not pass."""
    return (
        stale_days(row, now) is not None
        or bool(row.missing.waived)
        or row.connection.state == "failed"
        or row.full.state in ("failed", "partial")
    )


def grouped(
    rows: Sequence[ServiceRow], now: datetime, held: Mapping[str, str], *, by_need: bool
) -> list[Group]:
    """The groups that have rows; one without a title where the reader chose an order (`by_need` is False).

    `held` says where rows stood, by slug and in their order: a row that stands there keeps its place
    though its state has changed, so that nothing jumps under the reader's eyes. See `places`.
    """
    needs = {row.slug: need_of(row, now) if by_need else "" for row in rows}
    place = {slug: number for number, slug in enumerate(held)}
    steady = sorted(
        rows, key=lambda row: (place.get(row.slug, len(place)), _is_later(row, by_need))
    )
    stands = {row.slug: held.get(row.slug, needs[row.slug]) for row in rows}
    return [
        Group(name, TITLES.get(name, ""), found, sum(needs[row.slug] != name for row in found))
        for name in (*TITLES, "")
        if (found := [row for row in steady if stands[row.slug] == name])
    ]


def _is_later(row: ServiceRow, by_need: bool) -> bool:
    """Within a group what failed comes before what is partial; an order that was chosen is kept."""
    return by_need and row.smoke.state != "failed"


def places(groups: Iterable[Group], at: datetime) -> str:
    """Where each row stands, and since when, for the next refresh to hold: `2026-..Z;trouble=a,b;passed=c`."""
    found = [f"{group.name}={','.join(row.slug for row in group.rows)}" for group in groups]
    return ";".join([at.isoformat(), *found])


def held_places(told: str) -> tuple[datetime | None, dict[str, str]]:
    """(since when, group by slug) of what `places` wrote; (None, {}) for anything else."""
    at, *parts = told.split(";")
    try:
        since = datetime.fromisoformat(at)
    except ValueError:
        return None, {}
    pairs = [part.partition("=") for part in parts]
    known = [(name, slugs) for name, _, slugs in pairs if name in TITLES or not name]
    return since, {slug: name for name, slugs in known for slug in slugs.split(",") if slug}
