"""Which directories and results a page of the staff shows: told in its address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from directory_bolt.core.orders.order_filter import STATUSES
from directory_bolt.core.views.order_work import DirectoryView, Summary
from directory_bolt.core.views.orders import NOT_SUBMITTED, ResultView
from hermes_base.row_filter import Chip, RowFilter, chips, holds, row_filter_of

PAGE = 20
RESULT_STATES = {
    "all": "All",
    "needs_manual": "Needs a person",
    "failed": "Failed",
    "skipped": "Skipped",
    "submitted": "Submitted",
    "submitting": "Submitting",
    "waiting": "Waiting",
    "not_submitted": "Not submitted",
}
DIRECTORY_STATES: dict[str, tuple[str, Callable[[DirectoryView], bool]]] = {
    "all": ("All", lambda d: not d.retired_at),
    "used": ("In use", lambda d: d.is_used),
    "undecided": (
        "Terms not reviewed",
        lambda d: d.terms_decision == "unknown" and not d.retired_at,
    ),
    "refused": ("Not allowed", lambda d: d.terms_decision == "refused" and not d.retired_at),
    "off": ("Disabled", lambda d: not d.enabled and not d.retired_at),
    "retired": ("Retired", lambda d: d.retired_at is not None),
}
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Shown(Generic[Item]):
    """A page of what was chosen; `found` is how many there are, `pages` at least 1."""

    rows: Sequence[Item]
    found: int
    pages: int


def filter_of(query: Mapping[str, str], known: Mapping[str, object]) -> RowFilter:
    """`?show=failed&q=yellow&page=2`; what is not known counts as not chosen."""
    return row_filter_of(query, known, parameter="show")


def paged(items: Sequence[Item], page: int) -> Shown[Item]:
    """The items of one page (from 1), with how many items and pages there are."""
    first = (page - 1) * PAGE
    return Shown(items[first : first + PAGE], len(items), max(1, -(-len(items) // PAGE)))


def order_chips(summary: Summary, choice: RowFilter) -> list[Chip]:
    """The states of orders, with how many orders are in each; the sums of several only when chosen."""
    shown = {n: s for n, s in STATUSES.items() if n not in ("active", "over") or n == choice.status}
    labels = {name: label for name, (label, _) in shown.items()}
    numbers = {n: sum(summary.orders[s] for s in statuses) for n, (_, statuses) in shown.items()}
    return chips(choice, labels, numbers, {*labels} - {"all"})


def shown_state(result: ResultView) -> str:
    """The state that is written beside a directory: what its order closed before is not submitted."""
    return "not_submitted" if result.status_text == NOT_SUBMITTED else result.status


def results(found: Sequence[ResultView], choice: RowFilter) -> Shown[ResultView]:
    """The directories of an order to show."""
    return paged([r for r in found if choice.status in ("all", shown_state(r))], choice.page)


def result_chips(found: Sequence[ResultView], choice: RowFilter) -> list[Chip]:
    """The states of an order's directories; those without one are left out."""
    numbers = {name: sum(shown_state(r) == name for r in found) for name in RESULT_STATES}
    return chips(choice, RESULT_STATES, {**numbers, "all": len(found)}, {*RESULT_STATES} - {"all"})


def directories(found: Sequence[DirectoryView], choice: RowFilter) -> Shown[DirectoryView]:
    """The directories of the catalog to show."""
    _, fits = DIRECTORY_STATES[choice.status]
    return paged([d for d in _matching(found, choice) if fits(d)], choice.page)


def directory_chips(found: Sequence[DirectoryView], choice: RowFilter) -> list[Chip]:
    """The states of directories among those that match the text."""
    matching = _matching(found, choice)
    labels = {name: label for name, (label, _) in DIRECTORY_STATES.items()}
    numbers = {name: sum(map(fits, matching)) for name, (_, fits) in DIRECTORY_STATES.items()}
    return chips(choice, labels, numbers, {*labels} - {"all"})


def _matching(found: Sequence[DirectoryView], choice: RowFilter) -> list[DirectoryView]:
    return [d for d in found if holds(f"{d.name}\n{d.submission_url}\n{d.category}", choice.q)]
