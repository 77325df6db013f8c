"""Statements over runs: what earlier runs took, who is unwell, and what is announced of a batch."""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from hermes.storage.runs import events, reading
from hermes_base.postgres.database import dump_json
from tests.support.catalog import outputs_of
from tests.support.room import Room

SLUG = "serp_intel"


async def smoke_test(room: Room, outputs: dict[str, Any], *, status: str = "completed") -> str:
    """One asynchronous smoke test of the service to its end; the status of its run."""
    script = room.worker.script(SLUG)
    script.polls, script.final = 1, {"status": status, "result": {"outputs": outputs}}
    room.register(SLUG)
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests", SLUG)
    await room.finish(step=7)
    room.clock.forward(60)
    (run,) = await room.hermes.runs.of_job(started.job_id)
    return run.status


async def test_only_runs_that_delivered_teach_how_long_one_takes(room: Room) -> None:
    outputs = outputs_of(room.catalog.service(SLUG))
    some = dict(list(outputs.items())[:1])
    ended = [
        await smoke_test(room, outputs),
        await smoke_test(room, {}, status="failed"),
        await smoke_test(room, some),
    ]
    assert ended == ["success", "failed", "partial"]
    rows = await room.hermes.pool.fetch(
        "select status, extract(epoch from finished_at - started_at)::float8 as seconds"
        " from service_runs order by created_at desc"
    )
    taught = [row["seconds"] for row in rows if row["status"] != "failed"]
    assert all(seconds > 0 for seconds in taught)
    assert await reading.durations(room.hermes.pool, room.site.id, SLUG, "smoke") == taught
    assert await reading.durations(room.hermes.pool, room.site.id, SLUG, "full") == []
    assert await reading.durations(room.hermes.pool, uuid4(), SLUG, "smoke") == []


async def test_a_run_that_was_answered_at_once_teaches_nothing_about_polling(room: Room) -> None:
    room.register(SLUG)
    script = room.worker.script(SLUG)
    script.final = {"result": {"outputs": outputs_of(room.catalog.service(SLUG))}}
    await room.hermes.jobs.start_smoke(room.site.id, "tests", SLUG)
    await room.finish()
    assert await room.hermes.pool.fetchval("select status from service_runs") == "success"
    assert await reading.durations(room.hermes.pool, room.site.id, SLUG, "smoke") == []


async def alerts(room: Room) -> list[tuple[str, str]]:
    """The services that the audit log calls unwell."""
    figures = await room.hermes.metrics.observability(24, 100, room.site.id)
    return [(alert["service"], alert["status"]) for alert in figures["alerts"]]


async def test_a_passed_connection_test_does_not_hide_a_failed_smoke_test(room: Room) -> None:
    assert await smoke_test(room, {}, status="failed") == "failed"
    await room.hermes.jobs.start_connections(room.site.id, "tests", SLUG)
    await room.finish()
    latest = await room.hermes.integrations.service(room.site.id, SLUG)
    assert latest.connection.run is not None
    assert latest.connection.run.status == "success"
    assert await alerts(room) == [(SLUG, "failed")]
    assert await smoke_test(room, outputs_of(room.catalog.service(SLUG))) == "success"
    assert await alerts(room) == []


def event(letter: str, size: int) -> dict[str, Any]:
    """An announcement of exactly `size` bytes."""
    empty: dict[str, Any] = {
        "jobId": f"job-{size}",
        "siteId": "s",
        "closed": True,
        "services": [""],
    }
    room_left = size - len(dump_json(empty).encode())
    found = {**empty, "services": [letter * (room_left // len(letter.encode()))]}
    assert size - len(dump_json(found).encode()) in (0, 1)
    return found


@pytest.mark.parametrize("letter", ["x", "ä"])
async def test_a_long_announcement_is_told_without_its_services_and_undoes_no_batch(
    room: Room, letter: str
) -> None:
    """PostgreSQL refuses payloads of 8,000 bytes and more, and with them the whole transaction."""
    told: list[str] = []
    heard = asyncio.Event()

    def hear(*announced: object) -> None:
        told.append(str(announced[-1]))
        if len(told) == 3:
            heard.set()

    short, long, last = event(letter, 7_899), event(letter, 12_000), event(letter, 200)
    listening = await asyncpg.connect(room.database_url)
    await listening.add_listener("hermes", hear)
    async with room.hermes.pool.acquire() as connection, connection.transaction():
        await connection.execute("update sites set name = 'Saved in the same batch'")
        await events.announce(connection, [short, long, last])
    await asyncio.wait_for(heard.wait(), 30)
    await listening.close()
    assert told == [dump_json(each) for each in (short, {**long, "services": []}, last)]
    name = await room.hermes.pool.fetchval("select name from sites")
    assert name == "Saved in the same batch"
