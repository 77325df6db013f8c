"""Which rows of a list are shown, and in which order: read from the page's address, written back into links."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

LONGEST_SEARCH = 100
"""Characters of a search; what is longer is cut off."""


@dataclass(frozen=True, slots=True)
class RowFilter:
    """What an address asks for: `?status=failed&q=bakery&sort=-missing&page=2`.

    `status` is "all" where no state is chosen; `sort` is "" for the list's own order, and a leading `-`
    reverses an order; `page` counts from 1. `parameter` is what the address calls the state.
    """

    status: str = "all"
    q: str = ""
    sort: str = ""
    page: int = 1
    parameter: str = "status"

    @property
    def query(self) -> str:
        """As in an address, with its `?`; "" where nothing is chosen."""
        values = {self.parameter: self.status, "q": self.q, "sort": self.sort, "page": self.page}
        usual = {(self.parameter, "all"), ("page", 1)}
        text = urlencode({n: v for n, v in values.items() if v and (n, v) not in usual})
        return f"?{text}" if text else ""

    def with_status(self, status: str) -> str:
        """The link to the same rows in another state, from the first page on."""
        return replace(self, status=status, page=1).query or "?"

    def on_page(self, page: int) -> str:
        """The link to another page."""
        return replace(self, page=page).query or "?"

    def sorted_by(self, name: str) -> str:
        """The link of a column's head: first its order, then the reverse, then the list's own order."""
        after = {name: f"-{name}", f"-{name}": ""}.get(self.sort, name)
        return replace(self, sort=after, page=1).query or "?"

    def direction(self, name: str, rises: bool) -> str:
        """`aria-sort` of a column; `rises`: its order begins with the smallest value."""
        if self.sort.removeprefix("-") != name:
            return "none"
        return "descending" if self.sort.startswith("-") == rises else "ascending"


def row_filter_of(
    query: Mapping[str, str],
    statuses: Container[str],
    sorts: Container[str] = (),
    parameter: str = "status",
) -> RowFilter:
    """The filter that an address asks for; a state, order or page that does not exist counts as not chosen."""
    status, sort, page = query.get(parameter, ""), query.get("sort", ""), query.get("page", "1")
    return RowFilter(
        status if status in statuses else "all",
        " ".join(query.get("q", "").split())[:LONGEST_SEARCH],
        sort if sort in sorts else "",
        max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,
        parameter,
    )


def holds(text: str, q: str) -> bool:
    """Whether every word of a search occurs in a text, in any case."""
    folded = text.casefold()
    return all(word in folded for word in q.casefold().split())


@dataclass(frozen=True, slots=True)
class Chip:
    """A state to choose, with the number of rows that are in it."""

    name: str
    label: str
    number: int
    address: str
    current: bool


def chips(
    chosen: RowFilter,
    labels: Mapping[str, str],
    numbers: Mapping[str, int],
    rare: Container[str] = (),
) -> list[Chip]:
    """The states of a list; a `rare` one only when a row is in it, or when it is the chosen one."""
    found = [
        Chip(name, label, numbers[name], chosen.with_status(name), name == chosen.status)
        for name, label in labels.items()
    ]
    return [chip for chip in found if chip.number or chip.current or chip.name not in rare]
