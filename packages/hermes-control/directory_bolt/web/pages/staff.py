"""The staff's pages: the dashboard, the queue, directories, one order."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from directory_bolt.core.orders.order_filter import SORTS, order_filter_of
from directory_bolt.core.views import sentences
from directory_bolt.core.views.orders import ManualItem, OrderList
from directory_bolt.reading import OrderQueries
from directory_bolt.web.dependencies import queries_of
from directory_bolt.web.pages import staff_filters
from directory_bolt.web.pages.frame import staff_page
from hermes_base.people.roles import READ_ALL
from hermes_base.row_filter import RowFilter
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
ACTIVE_SHOWN, FEED_SHOWN = 20, 12


WAITING_READ = 500
REPEATED = ("submitting", "submission_complete")
"""Events that another one says as well: how a directory ended is told once."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What needs a person: how often each reason occurs, and the one that waits longest."""

    reasons: str
    first: ManualItem


def reasons(items: Sequence[ManualItem]) -> Waiting | None:
    """`3 CAPTCHA, 1 Login required.`, the most frequent first; None when nothing waits."""
    counted = Counter(item.reason_label or "Without a reason" for item in items)
    words = [f"{number} {label}" for label, number in counted.most_common()]
    return Waiting(f"{', '.join(words)}.", items[0]) if items else None


@router.get("/staff", READ_ALL)
async def staff() -> RedirectResponse:
    """The dashboard."""
    return RedirectResponse("/staff/dashboard", 303)


@router.get("/staff/dashboard", READ_ALL)
async def dashboard(request: Request) -> HTMLResponse:
    """Everything at a glance; orders are searched, filtered and sorted in the address."""
    choice = order_filter_of(request.query_params)
    async with queries_of(request).snapshot() as queries:
        active, over = await _sections(queries, choice)
        summary = await queries.summary()
        shown: dict[str, Any] = {
            "waiting": reasons(await queries.manual(WAITING_READ)),
            "feed": await queries.history(FEED_SHOWN, without=REPEATED),
        }
    workers, queue = await queries_of(request).workers(), await queries_of(request).queue()
    alerts = await queries_of(request).alerts()
    return await staff_page(
        request,
        "staff/dashboard.html",
        summary=summary,
        news=sentences.news(summary, alerts),
        course=f"{sentences.course(summary)} {sentences.machinery(workers, queue)}",
        alerts=alerts,
        workers=workers,
        queue=queue,
        choice=choice,
        chips=staff_filters.order_chips(summary, choice),
        sorts=SORTS,
        active=active,
        over=over,
        **shown,
    )


async def _sections(
    queries: OrderQueries, choice: RowFilter
) -> tuple[OrderList | None, OrderList | None]:
    """(orders under way, orders that are over); None where the chosen state leaves a section out."""
    if choice.status == "all":
        first = replace(_within(choice, "active", "urgency"), page=1)
        active = await queries.listed(first, ACTIVE_SHOWN)
        return active, await queries.listed(_within(choice, "over", "newest"))
    if choice.status in ("active", "pending", "in_progress", "waiting"):
        return await queries.listed(_within(choice, choice.status, "urgency")), None
    return None, await queries.listed(choice)


def _within(choice: RowFilter, status: str, order: str) -> RowFilter:
    """The same filter in another state; `order` applies where none is chosen."""
    return replace(choice, status=status, sort=choice.sort or order)


@router.get("/staff/queue", READ_ALL)
async def queue(request: Request) -> HTMLResponse:
    """The queue, what was given up, and the processes."""
    queries = queries_of(request)
    workers, view = await queries.workers(), await queries.queue()
    return await staff_page(
        request,
        "staff/queue.html",
        letters=await queries.dead_letters(),
        workers=workers,
        queue=view,
        alerts=await queries.alerts(),
        state=sentences.machinery(workers, view),
    )


@router.get("/staff/jobs/{job_id}", READ_ALL)
async def job(request: Request, job_id: UUID) -> HTMLResponse:
    """One order: its directories with their evidence, and everything that happened."""
    return await order_page(request, job_id)


async def order_page(request: Request, job_id: UUID, **facts: Any) -> HTMLResponse:
    """The page of an order, with what an action has to say about it."""
    order = await queries_of(request).order(job_id)
    choice = staff_filters.filter_of(request.query_params, staff_filters.RESULT_STATES)
    told: dict[str, Any] = {"link": "", "good_until": None, **facts}
    return await staff_page(
        request,
        "staff/job.html",
        order=order,
        course=sentences.order_course(order),
        timeline=[e for e in order.timeline[::-1] if e.event not in REPEATED],
        choice=choice,
        chips=staff_filters.result_chips(order.results, choice),
        shown=staff_filters.results(order.results, choice),
        **told,
    )
