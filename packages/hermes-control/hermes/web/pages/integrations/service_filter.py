"""Which rows of the Integrations table are shown, and in which order: told in the page's address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hermes.core.views import ServiceRow
from hermes_base.row_filter import Chip, RowFilter, chips, holds, row_filter_of

WORST_FIRST = (
    "failed",
    "partial",
    "cancelled",
    "running",
    "queued",
    "not_tested",
    "not_configured",
    "success",
)
Test = Callable[[ServiceRow], bool]

STATUSES: dict[str, tuple[str, Test]] = {
    "all": ("All", lambda row: True),
    "failed": ("Failed", lambda row: row.smoke.state == "failed"),
    "partial": ("Partial", lambda row: row.smoke.state == "partial"),
    "not_tested": ("Not tested", lambda row: row.smoke.state == "not_tested"),
    "needs_config": ("Needs setup", lambda row: row.readiness == "needs_config"),
    "passed": ("Passed", lambda row: row.smoke.state == "success"),
    "running": ("Running", lambda row: row.smoke.state in ("queued", "running")),
    "cancelled": ("Cancelled", lambda row: row.smoke.state == "cancelled"),
    "no_connection": ("Connection failed", lambda row: row.connection.state == "failed"),
    "blocked": ("Planned", lambda row: row.readiness == "blocked"),
}
"""The same states as in the roll-up; what is planned is in none of them but blocked, and in all."""

RARE = frozenset({"cancelled", "no_connection"})

SORTS: dict[str, tuple[str, Callable[[ServiceRow], Any]]] = {
    "service": ("Service", lambda row: row.display_name.casefold()),
    "connection": ("Connection", lambda row: WORST_FIRST.index(row.connection.state)),
    "smoke": ("Smoke status", lambda row: WORST_FIRST.index(row.smoke.state)),
    "full": ("Full", lambda row: WORST_FIRST.index(row.full.state) if row.full.run else None),
    "missing": ("Missing", lambda row: -row.missing.count if row.missing.count else None),
    "last": ("Last run", lambda row: -row.last_run_at.timestamp() if row.last_run_at else None),
}
"""What is useful first: A to Z, worst, most, newest. What has no such value comes last."""


def filter_of(query: Mapping[str, str]) -> RowFilter:
    """From the address; what is not known counts as not chosen."""
    return row_filter_of(query, STATUSES, {*SORTS, *(f"-{name}" for name in SORTS)})


def chosen(rows: Sequence[ServiceRow], choice: RowFilter) -> list[ServiceRow]:
    """The rows to show, in order; without an order as they come."""
    _, fits = STATUSES[choice.status]
    found = [row for row in matching(rows, choice.q) if _counts(row, choice.status) and fits(row)]
    if not choice.sort:
        return found
    _, key = SORTS[choice.sort.removeprefix("-")]
    known = sorted((row for row in found if key(row) is not None), key=key)
    unknown = [row for row in found if key(row) is None]
    return [*(reversed(known) if choice.sort.startswith("-") else known), *unknown]


def matching(rows: Sequence[ServiceRow], q: str) -> list[ServiceRow]:
    """The rows in which every word of `q` occurs: name, slug, category, summary or missing outputs."""
    return [row for row in rows if holds(_text(row), q)]


def _text(row: ServiceRow) -> str:
    missing = [output.label for output in row.missing.outputs]
    return "\n".join([row.display_name, row.slug, row.category, row.summary, *missing])


def _counts(row: ServiceRow, status: str) -> bool:
    """What is planned was never meant to be tested: it is blocked, and nothing else."""
    return row.readiness != "blocked" or status in ("all", "blocked")


def service_chips(rows: Sequence[ServiceRow], choice: RowFilter) -> list[Chip]:
    """Every state with its number among the rows that match the text; rare ones only when there."""
    labels = {status: label for status, (label, _) in STATUSES.items()}
    numbers = {s: len(chosen(rows, replace(choice, status=s, sort=""))) for s in STATUSES}
    return chips(choice, labels, numbers, RARE)
