"""Which orders are listed, and in which order: told in an address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

LONGEST_SEARCH = 100
PAGE = 20
STATUSES: dict[str, tuple[str, tuple[str, ...]]] = {
    "all": ("All", ("pending", "in_progress", "completed", "failed", "cancelled")),
    "active": ("Active", ("pending", "in_progress")),
    "pending": ("Pending", ("pending",)),
    "in_progress": ("In progress", ("in_progress",)),
    "completed": ("Completed", ("completed",)),
    "failed": ("Failed", ("failed",)),
    "cancelled": ("Cancelled", ("cancelled",)),
    "over": ("Over", ("completed", "failed", "cancelled")),
}
SORTS = {
    "urgency": "Most urgent first",
    "newest": "Newest first",
    "oldest": "Oldest first",
    "least": "Least progress first",
    "most": "Most progress first",
    "business": "Business, A to Z",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """`?status=failed&q=bakery&sort=oldest&page=2`; `page` counts from 1."""

    status: str = "all"
    q: str = ""
    sort: str = ""
    page: int = 1

    @property
    def statuses(self) -> list[str]:
        """The states of orders that are meant."""
        return list(STATUSES[self.status][1])

    @property
    def query(self) -> str:
        """As in an address; empty where nothing is chosen."""
        chosen = {"status": self.status, "q": self.q, "sort": self.sort, "page": self.page}
        plain = {("status", "all"), ("page", 1)}
        text = urlencode({n: v for n, v in chosen.items() if v and (n, v) not in plain})
        return f"?{text}" if text else ""

    def with_status(self, status: str) -> str:
        """The address of the same with another state, from its first page on."""
        return replace(self, status=status, page=1).query or "?"

    def on_page(self, page: int) -> str:
        """The address of another page of the same."""
        return replace(self, page=page).query or "?"

    def within(self, status: str, otherwise: str) -> "Choice":
        """The same among some states; `otherwise` is the order where none is chosen."""
        return replace(self, status=status, sort=self.sort or otherwise)


def choice_of(query: Mapping[str, str]) -> Choice:
    """From an address; what is not known counts as not chosen."""
    status, sort, page = query.get("status", ""), query.get("sort", ""), query.get("page", "1")
    return Choice(
        status if status in STATUSES else "all",
        " ".join(query.get("q", "").split())[:LONGEST_SEARCH],
        sort if sort in SORTS else "",
        max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,
    )
