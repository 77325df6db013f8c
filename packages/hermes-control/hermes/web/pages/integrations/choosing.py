"""Which rows of the Integrations table are shown, and in which order: told in the page's address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from hermes.core.views import ServiceRow

LONGEST_SEARCH = 100
WORST_FIRST = ("failed", "partial", "cancelled", "running", "queued", "not_tested", "success")
Test = Callable[[ServiceRow], bool]

STATUSES: dict[str, tuple[str, Test]] = {
    "all": ("All", lambda row: True),
    "failed": ("Failed", lambda row: row.smoke.state == "failed"),
    "partial": ("Partial", lambda row: row.smoke.state == "partial"),
    "not_tested": ("Not tested", lambda row: row.smoke.state == "not_tested"),
    "needs_config": ("Needs config", lambda row: row.readiness == "needs_config"),
    "passed": ("Passed", lambda row: row.smoke.state == "success"),
    "running": ("Under way", lambda row: row.smoke.state in ("queued", "running")),
    "cancelled": ("Cancelled", lambda row: row.smoke.state == "cancelled"),
    "no_connection": ("No connection", lambda row: row.connection.state == "failed"),
    "blocked": ("Blocked", lambda row: row.readiness == "blocked"),
}
"""The same states as in the roll-up; what is planned is in none of them but blocked, and in all."""

RARE = frozenset({"running", "cancelled", "no_connection"})

SORTS: dict[str, tuple[str, Callable[[ServiceRow], Any]]] = {
    "service": ("Service", lambda row: row.display_name.casefold()),
    "connection": ("Connection", lambda row: WORST_FIRST.index(row.connection.state)),
    "smoke": ("Smoke status", lambda row: WORST_FIRST.index(row.smoke.state)),
    "missing": ("Missing", lambda row: -row.missing.count if row.missing.count else None),
    "last": ("Last run", lambda row: -row.last_run_at.timestamp() if row.last_run_at else None),
}
"""What is useful first: A to Z, worst, most, newest. What has no such value comes last."""


@dataclass(frozen=True, slots=True)
class Choice:
    """`?status=failed&q=google&sort=-missing`; `-` turns an order round."""

    status: str = "all"
    q: str = ""
    sort: str = ""

    @property
    def query(self) -> str:
        """As in an address; empty where nothing is chosen."""
        chosen = {"status": self.status, "q": self.q, "sort": self.sort}
        text = urlencode({n: v for n, v in chosen.items() if v and (n, v) != ("status", "all")})
        return f"?{text}" if text else ""

    def with_status(self, status: str) -> str:
        """The address of the same with another state."""
        return replace(self, status=status).query or "?"

    def sorted_by(self, name: str) -> str:
        """The address of the next press on a column: its order, the reverse, the catalog's order."""
        after = {name: f"-{name}", f"-{name}": ""}.get(self.sort, name)
        return replace(self, sort=after).query or "?"

    def direction(self, name: str) -> str:
        """`aria-sort` of a column."""
        if self.sort.removeprefix("-") != name:
            return "none"
        falling = self.sort.startswith("-") == (name == "service")
        return "descending" if falling else "ascending"


def choice_of(query: Mapping[str, str]) -> Choice:
    """From the address; what is not known counts as not chosen."""
    status, sort = query.get("status", "all"), query.get("sort", "")
    return Choice(
        status if status in STATUSES else "all",
        " ".join(query.get("q", "").split())[:LONGEST_SEARCH],
        sort if sort.removeprefix("-") in SORTS else "",
    )


def chosen(rows: Sequence[ServiceRow], choice: Choice) -> list[ServiceRow]:
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
    words = q.casefold().split()
    return [row for row in rows if all(word in _text(row) for word in words)]


def _text(row: ServiceRow) -> str:
    missing = [output.label for output in row.missing.outputs]
    return "\n".join([row.display_name, row.slug, row.category, row.summary, *missing]).casefold()


def _counts(row: ServiceRow, status: str) -> bool:
    """What is planned was never meant to be tested: it is blocked, and nothing else."""
    return row.readiness != "blocked" or status in ("all", "blocked")


@dataclass(frozen=True, slots=True)
class Chip:
    """A state to choose, with how many rows are in it."""

    status: str
    label: str
    number: int
    address: str
    current: bool


def chips(rows: Sequence[ServiceRow], choice: Choice) -> list[Chip]:
    """Every state with its number among the rows that match the text; rare ones only when there."""
    found = [
        Chip(
            status,
            label,
            len(chosen(rows, replace(choice, status=status, sort=""))),
            choice.with_status(status),
            status == choice.status,
        )
        for status, (label, _) in STATUSES.items()
    ]
    return [c for c in found if c.number or c.current or c.status not in RARE]
