"""Which directories and results a page of the staff shows: told in its address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from directory_bolt.core.orders.choosing import LONGEST_SEARCH, STATUSES, Choice
from directory_bolt.core.orders.choosing import choice_of as order_choice
from directory_bolt.core.views.order_work import DirectoryView, Summary
from directory_bolt.core.views.orders import ResultView

PAGE = 50
RESULT_STATES = {
    "all": "All",
    "needs_manual": "Need a person",
    "failed": "Failed",
    "skipped": "Skipped",
    "submitted": "Submitted",
    "submitting": "Submitting",
    "waiting": "Waiting",
}
DIRECTORY_STATES: dict[str, tuple[str, Callable[[DirectoryView], bool]]] = {
    "all": ("All", lambda d: True),
    "used": ("In use", lambda d: d.is_used),
    "undecided": ("Terms undecided", lambda d: d.terms_decision == "unknown"),
    "refused": ("Refused", lambda d: d.terms_decision == "refused"),
    "off": ("Switched off", lambda d: not d.enabled),
}
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Chip:
    """A state to choose, with how many there are in it."""

    name: str
    label: str
    number: int
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Show:
    """`?show=failed&q=yellow&page=2`."""

    show: str = "all"
    q: str = ""
    page: int = 1

    def address(self, show: str = "", page: int = 1) -> str:
        """The address of the same on another page, or of another state."""
        facts = {"show": show or self.show, "q": self.q, "page": page}
        plain = {("show", "all"), ("page", 1)}
        text = urlencode({n: v for n, v in facts.items() if v and (n, v) not in plain})
        return f"?{text}" if text else "?"

    def on_page(self, page: int) -> str:
        """The address of another page of the same."""
        return self.address(page=page)


@dataclass(frozen=True, slots=True)
class Shown(Generic[Item]):
    """A page of what was chosen; `found` is how many there are, `pages` at least 1."""

    rows: Sequence[Item]
    found: int
    pages: int


def show_of(query: Mapping[str, str], known: Mapping[str, object]) -> Show:
    """From an address; what is not known counts as not chosen."""
    read = order_choice({**query, "status": ""})
    show = query.get("show", "all")
    return Show(show if show in known else "all", read.q[:LONGEST_SEARCH], read.page)


def paged(items: Sequence[Item], page: int) -> Shown[Item]:
    """One page of all of them."""
    first = (page - 1) * PAGE
    return Shown(items[first : first + PAGE], len(items), max(1, -(-len(items) // PAGE)))


def chips(summary: Summary, choice: Choice) -> list[Chip]:
    """The states of orders, with how many orders are in each."""
    return [
        Chip(
            name,
            label,
            sum(summary.orders[status] for status in statuses),
            choice.with_status(name),
            name == choice.status,
        )
        for name, (label, statuses) in STATUSES.items()
        if name not in ("active", "over") or name == choice.status
    ]


def results(found: Sequence[ResultView], show: Show) -> Shown[ResultView]:
    """The directories of an order to show."""
    return paged([r for r in found if show.show in ("all", r.status)], show.page)


def result_chips(found: Sequence[ResultView], show: Show) -> list[Chip]:
    """The states of an order's directories; those without one are left out."""
    numbers = {name: sum(r.status == name for r in found) for name in RESULT_STATES}
    numbers["all"] = len(found)
    return [
        Chip(name, label, numbers[name], show.address(name), name == show.show)
        for name, label in RESULT_STATES.items()
        if numbers[name] or name in ("all", show.show)
    ]


def directories(found: Sequence[DirectoryView], show: Show) -> Shown[DirectoryView]:
    """The directories of the catalog to show."""
    _, fits = DIRECTORY_STATES[show.show]
    return paged([d for d in found if fits(d) and _holds(d, show.q)], show.page)


def directory_chips(found: Sequence[DirectoryView], show: Show) -> list[Chip]:
    """The states of directories among those that match the text."""
    matching = [d for d in found if _holds(d, show.q)]
    return [
        Chip(name, label, sum(map(fits, matching)), show.address(name), name == show.show)
        for name, (label, fits) in DIRECTORY_STATES.items()
    ]


def _holds(directory: DirectoryView, q: str) -> bool:
    text = f"{directory.name}\n{directory.submission_url}\n{directory.category}".casefold()
    return all(word in text for word in q.casefold().split())
