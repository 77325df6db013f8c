"""Live changes of orders, through a real PostgreSQL: every written row arrives, and none is missed."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import asyncpg
import pytest

from tests.directory_bolt.processes.shop import Shop
from tests.directory_bolt.web.staff_support import shop_of
from tests.support.served import Served
from tests.support.waiting import patience

Event = tuple[str, str, Any]
"""Id, name and data."""


class Stream:
    """Server-sent events, one after the other."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer
        self._text = ""

    async def next(self) -> Event:
        async with patience():
            while True:
                while "\n\n" not in self._text:
                    self._text += (await self._answer.content.readany()).decode()
                block, _, self._text = self._text.partition("\n\n")
                lines = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
                if "event" in lines:
                    return lines.get("id", ""), lines["event"], json.loads(lines["data"])

    async def until(self, *, table: str, **wanted: Any) -> tuple[list[Event], Event]:
        """All events up to the first change of this table with these values in its record."""
        seen: list[Event] = []
        while True:
            event = await self.next()
            seen.append(event)
            _, name, data = event
            if name == "change" and data["table"] == table:
                record = data["record"]
                if all(record.get(key) == value for key, value in wanted.items()):
                    return seen, event


@pytest.fixture
def shop(served: Served) -> Shop:
    return shop_of(served)


@asynccontextmanager
async def streaming(
    served: Served, after: str = "", path: str = "/api/realtime"
) -> AsyncGenerator[Stream]:
    headers = {"Last-Event-ID": after} if after else {}
    async with served.http.get(path, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        assert answer.content_type == "text/event-stream"
        stream = Stream(answer)
        assert (await stream.next())[1] == "hello"
        yield stream


async def test_every_row_that_is_written_arrives_in_the_agreed_shape(
    served: Served, shop: Shop
) -> None:
    await shop.directories("one", "two")
    async with streaming(served) as stream:
        job_id = await shop.order(2)
        await shop.work_off(job_id)
        seen, (_, _, last) = await stream.until(table="queue_history", event="flow_completed")
    changes = [data for _, name, data in seen if name == "change"]
    assert all(list(data) == ["type", "table", "record", "old_record"] for data in changes)
    assert last["type"] == "INSERT"
    assert last["old_record"] is None
    moves = [d for d in changes if d["table"] == "jobs" and d["type"] == "UPDATE"]
    progress = [d["record"]["progress"] for d in moves]
    assert progress == sorted(progress)
    assert {0, 50, 100} <= set(progress)
    assert [d["old_record"]["progress"] for d in moves][1:] == progress[:-1]
    events = [d["record"]["event"] for d in changes if d["table"] == "queue_history"]
    assert events == await shop.events(job_id)
    results = [d["record"] for d in changes if d["table"] == "job_results"]
    assert {r["status"] for r in results} == {"submitting", "submitted"}
    assert not any({"payload", "response_log"} & set(r) for r in results), "heavy columns stay home"


async def test_what_happened_while_the_connection_was_lost_is_told_afterwards(
    served: Served, shop: Shop
) -> None:
    await shop.directories("one")
    async with streaming(served) as stream:
        first = await shop.order(1)
        _, (event_id, _, _) = await stream.until(table="queue_history", job_id=str(first))
    second = await shop.order(1)
    await served.orders.staff.cancel(second, "tests")
    async with streaming(served, event_id) as stream:
        seen, _ = await stream.until(table="queue_history", event="cancelled")
    assert "resync" not in [name for _, name, _ in seen]
    told = {data["record"].get("id") for _, _, data in seen if data["table"] == "jobs"}
    assert told == {str(second)}


async def test_who_cannot_be_told_everything_is_told_to_read_everything_anew(
    served: Served,
) -> None:
    async with streaming(served, "another-17") as stream:
        assert (await stream.next())[1] == "resync"


async def test_after_the_database_connection_was_lost_pages_read_everything_anew(
    served: Served, shop: Shop
) -> None:
    await shop.directories("one")
    async with streaming(served) as stream:
        other = await asyncpg.connect(served.room.database_url)
        await other.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
            " and pid <> pg_backend_pid() and query like 'LISTEN%'"
        )
        await other.close()
        assert (await stream.next())[1] == "resync"
        job_id = await shop.order(1)
        await stream.until(table="jobs", id=str(job_id))


async def test_a_record_too_large_for_a_notification_names_its_row(
    served: Served, shop: Shop
) -> None:
    await shop.directories("one")
    job_id = await shop.order(1)
    async with streaming(served) as stream:
        await shop.pool.execute("update jobs set error_message = repeat('x', 9000)")
        # The order itself may be told of late, with its status; what is too large comes without.
        _, (_, _, data) = await stream.until(table="jobs", status=None)
    assert data == {
        "type": "UPDATE", "table": "jobs", "record": {"id": str(job_id)}, "old_record": None,
    }  # fmt: skip


async def test_the_stream_needs_a_sign_in_and_a_token_of_all_sites(served: Served) -> None:
    async with (
        aiohttp.ClientSession(served.url) as http,
        http.get("/api/realtime") as answer,
    ):
        assert answer.status == 401


async def test_a_customer_is_only_told_that_their_own_order_moved(
    served: Served, shop: Shop
) -> None:
    await shop.directories("one")
    own, other = await shop.order(1), await shop.order(1)
    async with served.http.post(f"/api/staff/jobs/{own}/customer-link") as answer:
        path = (await answer.json())["url"].removeprefix(served.url) + "/live"
    async with streaming(served) as staff, streaming(served, path=path) as customer:
        await served.orders.staff.cancel(other, "tests")
        await served.orders.staff.cancel(own, "tests")
        seen, _ = await staff.until(table="queue_history", job_id=str(own), event="cancelled")
        about = [d["record"].get("job_id", d["record"].get("id")) for _, _, d in seen]
        mine = about.count(str(own))
        assert 0 < mine < len(about)
        assert [await customer.next() for _ in range(mine)] == [
            (event_id, "change", {})
            for (event_id, _, _), job in zip(seen, about, strict=True)
            if job == str(own)
        ]
