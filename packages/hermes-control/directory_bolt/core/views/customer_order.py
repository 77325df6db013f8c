"""What a customer is shown of their own order: figures and listings, nothing from behind the counter."""

from collections.abc import Sequence
from datetime import datetime

from directory_bolt.core.orders.packages import PACKAGES
from directory_bolt.core.orders.states import OPEN
from directory_bolt.core.rows.orders import ListedOrder
from directory_bolt.core.rows.submissions import WorkListEntry
from directory_bolt.core.views.orders import reason_text
from hermes_base.view import View

WORDS = {
    "submitted": ("success", "Submitted"),
    "submitting": ("running", "Being submitted"),
    "waiting": ("queued", "Waiting for its turn"),
    "needs_manual": ("partial", "A person is taking care of it"),
    "failed": ("failed", "Not possible"),
    "skipped": ("cancelled", "Left out"),
    "not_done": ("cancelled", "Not done"),
}
STATUS_TEXTS = {
    "pending": "Your order has arrived and waits for its turn.",
    "in_progress": "Your business is being submitted now.",
    "completed": "Every directory of your order is done.",
    "failed": "Your order has stopped; our team has been told and looks at it.",
    "cancelled": "Your order was cancelled; nothing more is sent.",
}


class CustomerDirectory(View):
    """One directory as its customer sees it."""

    name: str
    state: str
    mark: str
    text: str
    why: str | None
    listing_url: str | None
    finished_at: datetime | None


class CustomerOrder(View):
    """An order as its customer sees it. `good_until` is the end of the link."""

    business_name: str
    package_name: str
    status: str
    status_text: str
    is_open: bool
    promised: int
    total: int
    done: int
    progress: float
    counts: dict[str, int]
    directories: list[CustomerDirectory]
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
        status_text=_status_text(order.status, directories),
        is_open=order.status in OPEN,
        promised=order.directories_promised,
        total=order.directories_total,
        done=order.directories_done,
        progress=order.progress,
        counts={state: sum(d.state == state for d in directories) for state in WORDS},
        directories=directories,
        ordered_at=order.created_at,
        completed_at=order.completed_at,
        good_until=good_until,
    )


def _status_text(status: str, directories: Sequence[CustomerDirectory]) -> str:
    """What a person still works on is not called done."""
    left = sum(each.state == "needs_manual" for each in directories)
    if status != "completed" or not left:
        return STATUS_TEXTS[status]
    what = "one directory" if left == 1 else f"{left} directories"
    return f"Our robots are done; a person is taking care of {what}."


def _directory(row: WorkListEntry, order_status: str) -> CustomerDirectory:
    state = row.status or "waiting"
    if state in ("waiting", "submitting") and order_status not in OPEN:
        state = "not_done"
    mark, text = WORDS[state]
    return CustomerDirectory(
        name=row.name,
        state=state,
        mark=mark,
        text=text,
        why=reason_text(row.reason) if state in ("failed", "skipped") else None,
        listing_url=row.listing_url if state == "submitted" else None,
        finished_at=row.finished_at,
    )
