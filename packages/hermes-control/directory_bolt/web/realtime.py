"""Live changes of orders: every row that PostgreSQL says was written, for staff; a nudge for customers."""

import re
from collections.abc import AsyncGenerator
from typing import Any

from fastapi import Request
from fastapi.responses import StreamingResponse

from directory_bolt.reading import OrderQueries
from hermes_base.people.roles import OPEN, READ_ALL
from hermes_base.postgres.database import LOST_DATABASE
from hermes_base.problems import Problem
from hermes_base.web.access import actor_of, still_admitted
from hermes_base.web.api import problems
from hermes_base.web.live import After, Hub, LastEventId, event_stream
from hermes_base.web.routing import Router

router = Router()
EXAMPLE = (
    'event: change\ndata: {"type": "INSERT", "table": "job_results", "record": {"id": "..."},'
    ' "old_record": null}\n\n'
)
CHANGE = re.compile(r"^(event: change\ndata: ).*$", re.MULTILINE)


def order_of(event: dict[str, Any]) -> str | None:
    """The order that a changed row belongs to; None when it cannot be told."""
    record: dict[str, Any] = event["record"]
    return record.get("id" if event["table"] == "jobs" else "job_id")


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
    events = hub.events(last_event_id or after, None, lambda: still_admitted(request))
    return event_stream(request, actor_of(request), events)


@router.get("/orders/{token}/live", OPEN, include_in_schema=False)  # the link itself is signed
async def changes_of_a_customer(
    request: Request, token: str, after: After = "", last_event_id: LastEventId = ""
) -> StreamingResponse:
    """That something of this order changed, and not what: the page reads what its customer may see."""
    hub: Hub = request.app.state.realtime
    queries: OrderQueries = request.app.state.order_queries
    job_id, _ = await queries.customer_job(token)

    events = _bare(hub.events(last_event_id or after, job_id, lambda: _is_good(queries, token)))
    return event_stream(request, f"link {token}", events)


async def _is_good(queries: OrderQueries, token: str) -> bool:
    try:
        await queries.customer_job(token)
    except Problem:
        return False
    except LOST_DATABASE:  # nobody was shut out; asked again later
        return True
    return True


async def _bare(stream: AsyncGenerator[str, None]) -> AsyncGenerator[str, None]:
    """The same events without their rows."""
    async for text in stream:
        yield CHANGE.sub(r"\1{}", text)
