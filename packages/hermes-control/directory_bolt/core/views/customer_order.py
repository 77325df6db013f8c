"""What a customer is shown of their own order: figures and listings, nothing from behind the counter."""

from collections.abc import Sequence
from datetime import datetime

from directory_bolt.core.orders.packages import PACKAGES
from directory_bolt.core.orders.states import OPEN
from directory_bolt.core.rows.orders import ListedOrder
from directory_bolt.core.rows.submissions import WorkListEntry
from directory_bolt.core.views.orders import is_not_submitted, reason_text
from hermes_base.view import View

WORDS = {
    "submitted": ("success", "Submitted"),
    "submitting": ("running", "Being submitted"),
    "waiting": ("queued", "Waiting"),
    "needs_manual": ("needs_manual", "With our team"),
    "failed": ("failed", "Could not be submitted"),
    "skipped": ("cancelled", "Skipped"),
    "not_done": ("cancelled", "Not submitted"),
}
STATUS_TEXTS = {
    "pending": "We have received your order. It is waiting to start.",
    "in_progress": "We are submitting your business now.",
    "waiting": "We have received your order and are choosing the directories for it.",
    "completed": "Every directory in your order has been processed.",
    "failed": "Your order has stopped. Our team has been notified.",
    "cancelled": "Your order was cancelled. Nothing more will be sent.",
}
NEEDS_PROFILE = "We need a few facts about your business before we start."
MAY_HAVE_BEEN_SENT = "The form may have been sent before the order stopped."
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "live": ("Live listings", ("submitted",)),
    "submitted": ("Submitted", ("submitted",)),
    "in_progress": ("In progress", ("submitting", "waiting")),
    "with_our_team": ("With our team", ("needs_manual",)),
    "not_submitted": ("Not submitted", ("failed", "skipped", "not_done")),
}
GROUP_TEXTS = {
    "live": "with the address of your listing",
    "submitted": "accepted; the directory has given no address yet",
    "in_progress": "",
    "with_our_team": "a person finishes these by hand",
    "not_submitted": "",
}


class CustomerDirectory(View):
    """One directory as its customer sees it."""

    name: str
    state: str
    mark: str
    text: str
    why: str | None
    listing_url: str | None
    reference: str | None
    finished_at: datetime | None


class CustomerGroup(View):
    """Directories that say the same to a customer. `note` explains the heading; "" for none."""

    name: str
    title: str
    note: str
    directories: list[CustomerDirectory]


class CustomerOrder(View):
    """An order as its customer sees it. `good_until` is the end of the link."""

    business_name: str
    package_name: str
    status: str
    status_text: str
    needs_profile: bool
    is_open: bool
    promised: int
    total: int
    counts: dict[str, int]
    groups: list[CustomerGroup]
    ordered_at: datetime
    completed_at: datetime | None
    good_until: datetime


def customer_order(
    order: ListedOrder, results: Sequence[WorkListEntry], good_until: datetime
) -> CustomerOrder:
    """From the same rows as the staff's page of the order."""
    directories = [_directory(row, order.status) for row in results]
    package = PACKAGES.get(order.package_type)
    return CustomerOrder(
        business_name=order.business_name,
        package_name=package.name if package else order.package_type,
        status=order.status,
        status_text=NEEDS_PROFILE
        if order.waits_for == "profile"
        else _status_text(order.status, directories),
        needs_profile=order.waits_for == "profile",
        is_open=order.status in OPEN,
        promised=order.directories_promised,
        total=order.directories_total,
        counts={state: sum(d.state == state for d in directories) for state in WORDS},
        groups=[group for name in GROUPS if (group := _group(name, directories)).directories],
        ordered_at=order.created_at,
        completed_at=order.completed_at,
        good_until=good_until,
    )


def _status_text(status: str, directories: Sequence[CustomerDirectory]) -> str:
    """What a person still works on is not called processed."""
    left = sum(each.state == "needs_manual" for each in directories)
    if status != "completed" or not left:
        return STATUS_TEXTS[status]
    what = "1 directory" if left == 1 else f"{left} directories"
    return f"Automatic submission is finished. Our team is handling {what}."


def _group(name: str, directories: Sequence[CustomerDirectory]) -> CustomerGroup:
    """A listing is called live only where the directory gave its address."""
    title, states = GROUPS[name]
    chosen = [
        each for each in directories
        if each.state in states and (name not in ("live", "submitted") or (name == "live") == bool(each.listing_url))
    ]  # fmt: skip
    return CustomerGroup(name=name, title=title, note=GROUP_TEXTS[name], directories=chosen)


def _directory(row: WorkListEntry, order_status: str) -> CustomerDirectory:
    state = row.status or "waiting"
    if is_not_submitted(state, order_status):
        state = "not_done"
    mark, text = WORDS[state]
    return CustomerDirectory(
        name=row.name,
        state=state,
        mark=mark,
        text=text,
        why=_why(state, row),
        listing_url=row.listing_url if state == "submitted" else None,
        reference=row.confirmation if state == "submitted" else None,
        finished_at=row.finished_at,
    )


def _why(state: str, row: WorkListEntry) -> str | None:
    if state == "not_done" and row.clicked_at is not None:
        return MAY_HAVE_BEEN_SENT
    return reason_text(row.reason) if state in ("failed", "skipped") else None
