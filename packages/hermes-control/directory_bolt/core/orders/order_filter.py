"""Which orders are listed, and in which order: told in an address."""

from collections.abc import Mapping

from hermes_base.row_filter import RowFilter, row_filter_of

PAGE = 20
STATUSES: dict[str, tuple[str, tuple[str, ...]]] = {
    "all": ("All", ("pending", "in_progress", "waiting", "completed", "failed", "cancelled")),
    "active": ("Active", ("pending", "in_progress", "waiting")),
    "pending": ("Pending", ("pending",)),
    "in_progress": ("In progress", ("in_progress",)),
    "waiting": ("Waiting", ("waiting",)),
    "completed": ("Completed", ("completed",)),
    "failed": ("Failed", ("failed",)),
    "cancelled": ("Cancelled", ("cancelled",)),
    "over": ("Closed", ("completed", "failed", "cancelled")),
}
SORTS = {
    "urgency": "Most urgent first",
    "newest": "Newest first",
    "oldest": "Oldest first",
    "least": "Least progress first",
    "most": "Most progress first",
    "business": "Business, A to Z",
}


def order_filter_of(query: Mapping[str, str]) -> RowFilter:
    """From an address; what is not known counts as not chosen."""
    return row_filter_of(query, STATUSES, SORTS)
