"""Which directories and results a page of the staff shows: told in its address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from hermes.core.submissions.choosing import LONGEST_SEARCH, STATUSES, Choice
from hermes.core.views.order_work import DirectoryView, Summary
from hermes.core.views.orders import ResultView

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


@dataclass(frozen=True, slots=True)
class Chip:
    """A state to choose, with how many there are in it."""

    name: str
    label: str
    number: int
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Shown[T]:
    """A page of what was chosen; `found` is how many there are."""

    items: Sequence[T]
    found: int
    earlier: str
    later: str


@dataclass(frozen=True, slots=True)
class Show:
    """`?show=failed&q=yellow&page=2`."""

    show: str = "all"
    q: str = ""
    page: int = 1

    def address(self, **changes: str | int) -> str:
        """The address of the same with changes."""
        chosen = replace(self, **changes)  # pyright: ignore[reportArgumentType]
        facts = {"show": chosen.show, "q": chosen.q, "page": chosen.page}
        plain = {("show", "all"), ("page", 1)}
        text = urlencode({n: v for n, v in facts.items() if v and (n, v) not in plain})
        return f"?{text}" if text else "?"
