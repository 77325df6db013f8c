"""Live changes of orders: every row that PostgreSQL says was written, for staff; a nudge for customers."""

import re
from collections.abc import AsyncGenerator
from typing import Annotated, Any

from fastapi import Header, Query, Request
from fastapi.responses import StreamingResponse

from directory_bolt.reading import OrderQueries
from hermes_base.people.roles import OPEN, READ_ALL
from hermes_base.problems import Problem
from hermes_base.web.access import still_admitted
from hermes_base.web.api import problems
from hermes_base.web.live import Hub
from hermes_base.web.routing import Router

router = Router()
After = Annotated[str, Query(max_length=64, description="Id of the last event that was seen")]
LastEventId = Annotated[
    str, Header(max_length=64, description="As `after`; browsers send it by themselves")
]
EXAMPLE = (
    'event: change\ndata: {"type": "INSERT", "table": "job_results", "record": {"id": "..."},'
    ' "old_record": null}\n\n'
)
CHANGE = re.compile(r"^(event: change\ndata: ).*$", re.MULTILINE)


def order_of(event: dict[str, Any]) -> str | None:
    """The order that a changed row belongs to; None when it cannot be told."""
    record: dict[str, Any] = event["record"]
    return record.get("id" if event["table"] == "jobs" else "job_id")


def note_position(request: Request) -> None:
    """Remember, before a page reads its facts, which change its stream goes on from."""
    hub: Hub = request.app.state.realtime
    request.state.position = hub.position


@router.get(
    "/api/realtime",
    READ_ALL,
    tags=["orders"],
    response_class=StreamingResponse,
    responses={**problems(422), 200: {"content": {"text/event-stream": {"example": EXAMPLE}}}},
)
async def changes(
    request: Request, after: After = "", last_event_id: LastEventId = ""
) -> StreamingResponse:
    """Server-sent events: `change` for every written row of jobs, job_results and queue_history.

    `resync` when everything is to be read anew; `hello` and `alive` say whether PostgreSQL is heard.
    """
    hub: Hub = request.app.state.realtime
    return _stream(hub.events(last_event_id or after, None, lambda: still_admitted(request)))


@router.get("/orders/{token}/live", OPEN, include_in_schema=False)  # the link itself is signed
async def changes_of_a_customer(
    request: Request, token: str, after: After = "", last_event_id: LastEventId = ""
) -> StreamingResponse:
    """That something of this order changed, and not what: the page reads what its customer may see."""
    hub: Hub = request.app.state.realtime
    queries: OrderQueries = request.app.state.order_queries
    job_id, _ = queries.customer_job(token)

    async def still_good() -> bool:
        return _is_good(queries, token)

    return _stream(_bare(hub.events(last_event_id or after, job_id, still_good)))


def _is_good(queries: OrderQueries, token: str) -> bool:
    try:
        queries.customer_job(token)
    except Problem:
        return False
    return True


async def _bare(stream: AsyncGenerator[str, None]) -> AsyncGenerator[str, None]:
    """The same events without their rows."""
    async for text in stream:
        yield CHANGE.sub(r"\1{}", text)


def _stream(text: AsyncGenerator[str, None]) -> StreamingResponse:
    return StreamingResponse(
        text, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )
