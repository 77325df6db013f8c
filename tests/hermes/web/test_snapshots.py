"""What is shown together was true together, whatever is written between its reads."""

import asyncio
from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from asyncpg import InsufficientPrivilegeError, ReadOnlySQLTransactionError
from selectolax.lexbor import LexborHTMLParser

from directory_bolt.reading import OrderQueries
from directory_bolt.storage import reading
from hermes.storage.runs import jobs, listing
from hermes.storage.runs import reading as runs
from hermes_base.postgres.database import snapshot
from tests.directory_bolt.web.staff_support import shop_of
from tests.support.hostile import places
from tests.support.room import Room
from tests.support.served import Served

Deed = Callable[[], Awaitable[Any]]


def before(monkeypatch: pytest.MonkeyPatch, place: ModuleType, name: str, deed: Deed) -> list[str]:
    """Do something just before a statement is read; what was done is noted, as it is done once."""
    read, done = getattr(place, name), list[str]()

    async def late(*values: Any, **options: Any) -> Any:
        if not done:
            done.append(name)
            await deed()
        return await read(*values, **options)

    monkeypatch.setattr(place, name, late)
    return done


async def test_a_job_is_over_exactly_when_its_rows_are(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.all_succeed()
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests", "serp_intel")
    done = before(
        monkeypatch, jobs, "recent_jobs", lambda: room.hermes.jobs.cancel(started.job_id, "tests")
    )
    for expected in ("queued", "cancelled"):
        view = await room.hermes.integrations.table(room.site.id)
        (row,) = [row for row in view.services if row.slug == "serp_intel"]
        assert row.smoke.run
        assert (row.smoke.run.status, view.jobs[0].status) == (expected, expected)
        assert done


async def test_a_job_agrees_with_its_runs(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.all_succeed()
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests", "serp_intel")
    done = before(
        monkeypatch, jobs, "run_states", lambda: room.hermes.jobs.cancel(started.job_id, "tests")
    )
    found = await room.hermes.jobs.one(started.job_id)
    assert done
    assert (found.status, {service.status for service in found.services}) == ("queued", {"queued"})
    found = await room.hermes.jobs.one(started.job_id)
    assert (found.status, {service.status for service in found.services}) == (
        "cancelled",
        {"cancelled"},
    )


@pytest.mark.parametrize(
    ("path", "place", "late"),
    [
        ("/jobs/{job}", runs, "runs_of_job"),
        ("/jobs/{job}/report", runs, "runs_of_job"),
        ("/sites/{site}/services/serp_intel", listing, "runs"),
    ],
)
async def test_a_page_about_runs_agrees_with_itself(
    served: Served, monkeypatch: pytest.MonkeyPatch, path: str, place: ModuleType, late: str
) -> None:
    room = served.room
    room.all_succeed()
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests", "serp_intel")
    done = before(
        monkeypatch, place, late, lambda: room.hermes.jobs.cancel(started.job_id, "tests")
    )
    page = path.format(job=started.job_id, site=room.site.id)
    text = await text_of(served, page)
    assert done
    assert "cancelled" not in text.lower()
    assert "cancelled" in (await text_of(served, page)).lower()


async def text_of(served: Served, path: str) -> str:
    async with served.http.get(path, headers={"Accept": "text/html"}) as answer:
        assert answer.status == 200, await answer.text()
        main = LexborHTMLParser(await answer.text()).css_first("main")
        assert main
        return main.text()


async def one_order(served: Served) -> UUID:
    shop = shop_of(served)
    await shop.directories("one")
    return await shop.order(1)


async def test_an_order_stands_in_one_section_of_the_dashboard(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = await one_order(served)
    reads = list[str]()

    async def cancelled_meanwhile() -> None:
        reads.append("active")
        if len(reads) == 2:
            await served.orders.staff.cancel(job_id, "tests")

    read = reading.listed

    async def late(*values: Any, **options: Any) -> Any:
        await cancelled_meanwhile()
        return await read(*values, **options)

    monkeypatch.setattr(reading, "listed", late)
    for section in ("active", "over"):
        async with served.http.get("/staff/dashboard", headers={"Accept": "text/html"}) as answer:
            tree = LexborHTMLParser(await answer.text())
        found = [name for name in ("active", "over") if tree.css(f"#{name} #order-{job_id}")]
        assert found == [section]
    assert len(reads) > 2


async def test_an_order_agrees_with_its_past(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = await one_order(served)
    done = before(
        monkeypatch, reading, "happened", lambda: served.orders.staff.cancel(job_id, "tests")
    )
    queries = OrderQueries(served.orders)
    for expected in (False, True):
        found = await queries.order(job_id)
        assert done
        assert (found.status == "cancelled") is expected
        assert any(each.event == "cancelled" for each in found.timeline) is expected


async def test_nothing_can_be_written_in_a_snapshot_and_one_within_another_is_the_same(
    room: Room,
) -> None:
    async with snapshot(room.hermes.pool) as pool:
        with pytest.raises((ReadOnlySQLTransactionError, InsufficientPrivilegeError)):
            await pool.fetchval("delete from sites returning id")
    async with snapshot(room.hermes.pool) as pool, snapshot(pool) as inner:
        assert inner is pool
    assert await room.hermes.pool.fetchval("select count(*) from sites") == 1


async def test_more_pages_at_once_than_there_are_connections_are_all_answered(
    served: Served,
) -> None:
    """Found by bench/fuzz.py: a page that asked for a second connection while it held one stood still for
    ever, with all others, as soon as as many were open at once as the pool has connections."""
    room = served.room
    room.all_succeed()
    job = await room.hermes.jobs.start_smoke(room.site.id, "tests")
    await room.finish()
    run, *_ = await room.hermes.runs.of_job(job.job_id)
    known = {"site_id": str(room.site.id), "job_id": str(job.job_id), "run_id": str(run.id), "slug": "content_qa"}  # fmt: skip
    pages = [place.path(known) for place in places() if place.method == "GET"]
    at_once = room.hermes.pool.get_max_size() + 2
    async with served.browsing() as person:

        async def status(path: str) -> int:
            async with person.get(path) as answer:
                return answer.status

        for path in pages:
            found = await asyncio.gather(*(status(path) for _ in range(at_once)))
            assert max(found) < 500, path
