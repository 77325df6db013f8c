"""What staff read of orders: the same readers as the staff dashboard."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from directory_bolt.core.catalog.rehearsals import Rehearsal
from directory_bolt.core.orders.order_filter import PAGE, SORTS, STATUSES
from directory_bolt.core.orders.unfit_payments import UnfitPayment
from directory_bolt.core.views.order_work import (
    Alert,
    DeadLetterView,
    DirectoryView,
    ProcessView,
    QueueView,
    Summary,
)
from directory_bolt.core.views.orders import (
    HistoryEvent,
    ManualItem,
    OrderList,
    OrderView,
)
from directory_bolt.reading import OrderQueries
from directory_bolt.web.dependencies import queries_of
from hermes_base.people.roles import READ_ALL
from hermes_base.row_filter import LONGEST_SEARCH, RowFilter
from hermes_base.web.api import problems
from hermes_base.web.routing import Router

router = Router(tags=["orders"])


QueriesDep = Annotated[OrderQueries, Depends(queries_of)]
Limit = Annotated[int, Query(ge=1, le=500)]
Status = Annotated[str, Query(pattern=f"^({'|'.join(STATUSES)})$")]
Sort = Annotated[str, Query(pattern=f"^({'|'.join(SORTS)})$")]
Words = Annotated[
    str, Query(max_length=LONGEST_SEARCH, description="Search in business, email, package or id")
]


@router.get("/api/staff/summary", READ_ALL, responses=problems())
async def summary(queries: QueriesDep) -> Summary:
    """Orders and directories by status, and the success rate (null until a directory is processed)."""
    return await queries.summary()


@router.get("/api/staff/jobs", READ_ALL, responses=problems(422))
async def jobs(
    queries: QueriesDep,
    status: Status = "all",
    q: Words = "",
    sort: Sort = "newest",
    page: Annotated[int, Query(ge=1, le=99_999)] = 1,
    limit: Limit = PAGE,
) -> OrderList:
    """A page of orders."""
    return await queries.listed(RowFilter(status, q, sort, page), limit)


@router.get("/api/staff/jobs/{job_id}", READ_ALL, responses=problems(404, 422))
async def job(job_id: UUID, queries: QueriesDep) -> OrderView:
    """One order with all its directories, their evidence, and everything that happened to it."""
    return await queries.order(job_id)


@router.get("/api/staff/manual", READ_ALL, responses=problems(422))
async def manual(queries: QueriesDep, limit: Limit = 50) -> list[ManualItem]:
    """Directories that need a person, the longest waiting first."""
    return await queries.manual(limit)


@router.get("/api/staff/payments", READ_ALL, responses=problems(422))
async def payments(queries: QueriesDep, limit: Limit = 100) -> list[UnfitPayment]:
    """Payments of which no order could be made, newest first, with whose they are and why."""
    return await queries.unfit_payments(limit)


@router.get("/api/staff/queue", READ_ALL, responses=problems())
async def queue(queries: QueriesDep) -> QueueView:
    """State of the queue, and orders that have not reached it yet."""
    return await queries.queue()


@router.get("/api/staff/dead-letters", READ_ALL, responses=problems(422))
async def dead_letters(queries: QueriesDep, limit: Limit = 100) -> list[DeadLetterView]:
    """Dead letters that have not been replayed, newest first."""
    return await queries.dead_letters(limit)


@router.get("/api/staff/directories", READ_ALL, responses=problems())
async def directories(queries: QueriesDep) -> list[DirectoryView]:
    """The directory list with measured results."""
    return await queries.directories()


@router.get(
    "/api/staff/directories/{directory_id}/rehearsal", READ_ALL, responses=problems(404, 422)
)
async def rehearsal(directory_id: UUID, queries: QueriesDep) -> Rehearsal:
    """What the last rehearsal of a directory saw: its form, filled in and not sent."""
    return await queries.rehearsal(directory_id)


@router.get("/api/staff/workers", READ_ALL, responses=problems())
async def workers(queries: QueriesDep) -> list[ProcessView]:
    """Background processes and the age of their last heartbeat."""
    return await queries.workers()


@router.get("/api/staff/alerts", READ_ALL, responses=problems())
async def alerts(queries: QueriesDep) -> list[Alert]:
    """Open alerts, the newest first."""
    return await queries.alerts()


@router.get("/api/staff/history", READ_ALL, responses=problems(422))
async def history(
    queries: QueriesDep,
    job_id: Annotated[UUID | None, Query(alias="jobId")] = None,
    limit: Limit = 50,
    before: Annotated[int | None, Query(ge=1, description="Only events older than this id")] = None,
) -> list[HistoryEvent]:
    """Order events, newest first."""
    return await queries.history(limit, job_id, before)
