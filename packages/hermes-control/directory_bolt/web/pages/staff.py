"""The staff's pages: the dashboard, what needs a person, the queue, directories, one order."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from directory_bolt.core.orders.order_filter import SORTS, order_filter_of
from directory_bolt.core.views.orders import OrderList
from directory_bolt.reading import OrderQueries
from directory_bolt.web.dependencies import queries_of
from directory_bolt.web.pages import staff_filters
from hermes_base.people.roles import READ_ALL
from hermes_base.row_filter import RowFilter
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.rendering import page
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
ACTIVE_SHOWN, FEED_SHOWN, SHORT = 50, 30, 5


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
        shown = {
            "manual": await queries.manual(SHORT),
            "letters": await queries.dead_letters(SHORT),
            "workers": await queries.workers(),
            "feed": await queries.history(FEED_SHOWN),
        }
    return await _page(
        request,
        "staff/dashboard.html",
        summary=summary,
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
    if choice.status in ("active", "pending", "in_progress"):
        return await queries.listed(_within(choice, choice.status, "urgency")), None
    return None, await queries.listed(choice)


def _within(choice: RowFilter, status: str, order: str) -> RowFilter:
    """The same filter in another state; `order` applies where none is chosen."""
    return replace(choice, status=status, sort=choice.sort or order)


@router.get("/staff/manual", READ_ALL)
async def manual(request: Request) -> HTMLResponse:
    """What needs a person, with its evidence, and the way to go on."""
    async with queries_of(request).snapshot() as queries:
        facts = {"items": await queries.manual(), "summary": await queries.summary()}
    return await _page(request, "staff/manual.html", **facts)


@router.get("/staff/queue", READ_ALL)
async def queue(request: Request) -> HTMLResponse:
    """The queue, what was given up, and the processes."""
    queries = queries_of(request)
    letters, workers = await queries.dead_letters(), await queries.workers()
    return await _page(request, "staff/queue.html", letters=letters, workers=workers)


@router.get("/staff/directories", READ_ALL)
async def directories(request: Request) -> HTMLResponse:
    """The catalog of directories: terms, switches, and what was measured."""
    all_of_them = await queries_of(request).directories()
    choice = staff_filters.filter_of(request.query_params, staff_filters.DIRECTORY_STATES)
    shown = staff_filters.directories(all_of_them, choice)
    return await _page(
        request,
        "staff/directories.html",
        choice=choice,
        chips=staff_filters.directory_chips(all_of_them, choice),
        shown=shown,
    )


@router.get("/staff/jobs/{job_id}", READ_ALL)
async def job(request: Request, job_id: UUID) -> HTMLResponse:
    """One order: its directories with their evidence, and everything that happened."""
    return await order_page(request, job_id)


async def order_page(request: Request, job_id: UUID, **facts: Any) -> HTMLResponse:
    """The page of an order, with what an action has to say about it."""
    order = await queries_of(request).order(job_id)
    choice = staff_filters.filter_of(request.query_params, staff_filters.RESULT_STATES)
    return await _page(
        request,
        "staff/job.html",
        order=order,
        choice=choice,
        chips=staff_filters.result_chips(order.results, choice),
        shown=staff_filters.results(order.results, choice),
        **{"link": "", "good_until": None, **facts},
    )


async def _page(request: Request, template: str, **facts: Any) -> HTMLResponse:
    """A page of the staff in its frame: its tabs say how much waits behind them."""
    queries = queries_of(request)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    frame = {"here": here, "queue": await queries.queue(), "alerts": await queries.alerts()}
    if "summary" not in facts:
        facts["summary"] = await queries.summary()
    return await page(request, template, **frame, **facts)
