"""The bar of the press: what people started, as long as it goes on and for a day after."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hermes.core.views import JobView

KEPT = timedelta(days=1)
"""How long the result of a press stays on the page."""

PARTS = {
    "failed": "failed",
    "partial": "partial",
    "success": "passed",
    "cancelled": "untested",
    "running": "pending",
    "queued": "todo",
}
"""The look of each status in the bar, in the order in which they are drawn."""


def shown_presses(presses: Sequence[JobView], me: str, now: datetime) -> list[JobView]:
    """Which presses to show, of those that people made, newest first: all that go on; without any, my last
    one; without that, the last of anybody. Schedules and deliveries of alerts are never among them."""
    if going := [job for job in presses if job.open]:
        return going
    ended = [job for job in presses if now - (job.finished_at or job.created_at) < KEPT]
    mine = [job for job in ended if job.requested_by == me]
    return (mine or ended)[:1]


def parts_of(job: JobView) -> list[tuple[str, int]]:
    """(look, number of services) of each status, as the bar draws them."""
    states = [service.status for service in job.services]
    return [(look, states.count(status)) for status, look in PARTS.items()]


def words_of(job: JobView) -> str:
    """What the bar draws, in words: `1 failed, 9 passed, 2 running, 1 waiting`."""
    states = [service.status for service in job.services]
    done = "connected" if job.run_type == "connection" else "passed"
    names = {"success": done, "queued": "waiting"}
    counted = [(states.count(status), names.get(status, status)) for status in PARTS]
    return ", ".join(f"{number} {word}" for number, word in counted if number)
