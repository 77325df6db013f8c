"""What staff read of orders: the same readers as the staff dashboard."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from directory_bolt.core.orders.choosing import LONGEST_SEARCH, PAGE, SORTS, STATUSES, Choice
from directory_bolt.core.views.order_work import (
    Alert,
    DeadLetter,
    DirectoryView,
    ProcessView,
    QueueView,
    Summary,
)
from directory_bolt.core.views.orders import Happening, ManualItem, OrderList, OrderView
from directory_bolt.desk import Desk
from directory_bolt.web.dependencies import desk_of
from hermes_base.people.roles import READ_ALL
from hermes_base.web.api import problems
from hermes_base.web.routing import Router

router = Router(tags=["orders"])


Front = Annotated[Desk, Depends(desk_of)]
Limit = Annotated[int, Query(ge=1, le=500)]
Status = Annotated[str, Query(pattern=f"^({'|'.join(STATUSES)})$")]
Sort = Annotated[str, Query(pattern=f"^({'|'.join(SORTS)})$")]
Words = Annotated[
    str, Query(max_length=LONGEST_SEARCH, description="In business, e-mail, package or id")
]


@router.get("/api/staff/summary", READ_ALL, responses=problems())
async def summary(desk: Front) -> Summary:
    """Orders and directories by state, and the success rate: null while nothing is done."""
    return await desk.summary()


@router.get("/api/staff/jobs", READ_ALL, responses=problems(422))
async def jobs(
    desk: Front,
    status: Status = "all",
    q: Words = "",
    sort: Sort = "newest",
    page: Annotated[int, Query(ge=1, le=99_999)] = 1,
    limit: Limit = PAGE,
) -> OrderList:
    """A page of orders."""
    return await desk.listed(Choice(status, q, sort, page), limit)


@router.get("/api/staff/jobs/{job_id}", READ_ALL, responses=problems(404, 422))
async def job(job_id: UUID, desk: Front) -> OrderView:
    """One order with all its directories, their evidence, and everything that happened to it."""
    return await desk.order(job_id)


@router.get("/api/staff/manual", READ_ALL, responses=problems(422))
async def manual(desk: Front, limit: Limit = 50) -> list[ManualItem]:
    """Directories that need a person, the longest waiting first."""
    return await desk.manual(limit)


@router.get("/api/staff/queue", READ_ALL, responses=problems())
async def queue(desk: Front) -> QueueView:
    """How the queue stands, and which orders have not reached it yet."""
    return await desk.queue()


@router.get("/api/staff/dead-letters", READ_ALL, responses=problems(422))
async def dead_letters(desk: Front, limit: Limit = 100) -> list[DeadLetter]:
    """What was given up and not replayed, the newest first."""
    return await desk.dead_letters(limit)


@router.get("/api/staff/directories", READ_ALL, responses=problems())
async def directories(desk: Front) -> list[DirectoryView]:
    """The catalog of directories with what was measured of them."""
    return await desk.directories()


@router.get("/api/staff/workers", READ_ALL, responses=problems())
async def workers(desk: Front) -> list[ProcessView]:
    """The background processes by the age of their heartbeats."""
    return await desk.workers()


@router.get("/api/staff/alerts", READ_ALL, responses=problems())
async def alerts(desk: Front) -> list[Alert]:
    """Open alerts, the newest first."""
    return await desk.alerts()


@router.get("/api/staff/history", READ_ALL, responses=problems(422))
async def history(
    desk: Front,
    job_id: Annotated[UUID | None, Query(alias="jobId")] = None,
    limit: Limit = 50,
    before: Annotated[int | None, Query(ge=1, description="Only events older than this id")] = None,
) -> list[Happening]:
    """What happened, the newest first."""
    return await desk.history(limit, job_id, before)
