"""The state of orders in a sentence: what is news first, and silence where there is nothing to say."""

from collections.abc import Sequence

from directory_bolt.core.views.order_work import Alert, ProcessView, QueueView, Summary
from directory_bolt.core.views.orders import OrderRow


def counted(number: int, one: str, many: str) -> str:
    """`1 order`, `1,204 orders`."""
    return f"{number:,} {one if number == 1 else many}"


def joined(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def news(summary: Summary, alerts: Sequence[Alert]) -> str:
    """What waits for somebody: `8 directories need a person and 1 alert is open.`; "" for nothing."""
    waiting, parts = summary.directories["needs_manual"], list[str]()
    if waiting:
        need = "directory needs a person" if waiting == 1 else "directories need a person"
        parts.append(f"{waiting:,} {need}")
    if alerts:
        parts.append(counted(len(alerts), "alert is open", "alerts are open"))
    return f"{joined(parts)}." if parts else ""


def course(summary: Summary) -> str:
    """How orders and their directories stand: `2 orders are in progress. 120 of 134 ... (90%).`"""
    words = {
        "in_progress": ("order is in progress", "orders are in progress"),
        "pending": ("order is pending", "orders are pending"),
        "waiting": ("order waits for directories", "orders wait for directories"),
        "completed": ("order is completed", "orders are completed"),
    }
    parts = [counted(n, *each) for name, each in words.items() if (n := summary.orders[name])]
    sentences = [f"{joined(parts)}." if parts else "No orders yet."]
    if summary.success_rate is not None:
        sentences.append(
            f"{summary.directories['submitted']:,} of {summary.done:,} processed directories were"
            f" submitted ({summary.success_rate:g}%)."
        )
    return " ".join(sentences)


def machinery(workers: Sequence[ProcessView], queue: QueueView) -> str:
    """Whether what carries orders is there: `All processes are running. The queue is empty.`"""
    down = {w.process for w in workers} - {w.process for w in workers if w.state == "alive"}
    names = [name.replace("-", " ") for name in sorted(down)]
    running = f"Not running: {joined(names)}." if names else "All processes are running."
    if queue.fault:
        return f"{running} The queue is unavailable."
    waiting = queue.visible or 0
    depth = counted(waiting, "order waits", "orders wait") + " in the queue."
    return f"{running} {depth if waiting else 'The queue is empty.'}"


def order_course(order: OrderRow) -> str:
    """`38 of 50 directories submitted, 2 need a person, 1 failed.`"""
    need = "needs a person" if order.needs_manual == 1 else "need a person"
    parts = {
        need: order.needs_manual,
        "failed": order.failed,
        "skipped": order.skipped,
        "submitting": order.submitting,
        "waiting": order.waiting,
        "not submitted": order.not_submitted,
    }
    first = f"{order.submitted:,} of {order.directories_total:,} directories submitted"
    return f"{', '.join([first, *(f'{n:,} {words}' for words, n in parts.items() if n)])}."
