"""Live events over real HTTP: in order, once each, and nothing missed by a page that was away."""

import asyncio
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hermes_base.web import live
from hermes_base.web.announced import Announced
from hermes_base.web.live import Hub
from tests.support.served import Served, serve_web
from tests.support.stream import Stream, stream_of
from tests.support.waiting import patience

HEARD = re.compile(r'data-heard="([0-9a-f]{8}-\d+)"')


class Announcer:
    """Announcements made by hand."""

    connected = True

    def __init__(self) -> None:
        self.tell: Callable[[dict[str, Any]], None] = lambda event: None

    def subscribe(self, channel: str, heard: Callable[[dict[str, Any]], None]) -> object:
        assert channel == "hermes"
        self.tell = heard
        return None


async def started(served: Served, service: str) -> str:
    """The id of a new job; it was announced."""
    served.room.register(service)
    return str(
        (await served.room.hermes.jobs.start_smoke(served.room.site.id, "tests", service)).job_id
    )


async def jobs_of(stream: Stream, number: int) -> list[str]:
    """The jobs of the next `job` events."""
    events = [await stream.next() for _ in range(number)]
    assert {event.name for event in events} == {"job"}
    return [event.data["jobId"] for event in events]


async def test_a_stream_begins_with_what_the_server_measures(served: Served) -> None:
    async with stream_of(served.http) as stream:
        hello = await stream.next()
    assert hello.name == "hello"
    assert hello.data == {"connected": True, "heartbeatSeconds": live.HEARTBEAT_SECONDS}


async def test_what_happened_while_a_stream_was_lost_comes_after_it(served: Served) -> None:
    async with stream_of(served.http) as stream:
        await stream.next()
        first = await started(served, "content_qa")
        seen = await stream.next()
    assert seen.data["jobId"] == first
    missed = [await started(served, slug) for slug in ("seo_kbase", "serp_intel")]
    async with stream_of(served.http, last_event_id=seen.id) as stream:
        assert (await stream.next()).name == "hello"
        assert await jobs_of(stream, 2) == missed, "each once, in order, no resync"
        last = await started(served, "notifications")
        assert await jobs_of(stream, 1) == [last]


async def test_a_page_hears_what_moved_between_its_reading_and_its_stream(served: Served) -> None:
    async with served.http.get(f"/sites/{served.room.site.id}/integrations") as answer:
        found = HEARD.search(await answer.text())
    assert found
    moved = await started(served, "content_qa")
    async with stream_of(served.http, after=found[1]) as stream:
        await stream.next()
        assert await jobs_of(stream, 1) == [moved]


async def test_the_browsers_own_word_is_newer_than_the_address(served: Served) -> None:
    async with stream_of(served.http) as stream:
        early = (await stream.next()).id
        await started(served, "content_qa")
        late = (await stream.next()).id
    async with stream_of(served.http, after=early, last_event_id=late) as stream:
        await stream.next()
        newest = await started(served, "seo_kbase")
        assert await jobs_of(stream, 1) == [newest]


@pytest.mark.parametrize(
    "wrong", ["0badc0de-1", "nonsense", "-", "{process}-999999", "{process}--1", "{process}-1e3"]
)
async def test_an_event_of_another_process_means_read_everything_anew(
    served: Served, wrong: str
) -> None:
    async with stream_of(served.http) as stream:
        process = (await stream.next()).id.split("-", maxsplit=1)[0]
    async with stream_of(served.http, last_event_id=wrong.format(process=process)) as stream:
        assert [event.name for event in await stream.until("resync")] == ["hello", "resync"]
        job = await started(served, "content_qa")
        assert await jobs_of(stream, 1) == [job]


async def test_a_restarted_web_server_tells_its_pages_to_read_everything_anew(
    served: Served,
) -> None:
    async with stream_of(served.http) as stream:
        last = (await stream.next()).id
    async with serve_web(served.room) as another, stream_of(another.http, after=last) as stream:
        assert [event.name for event in await stream.until("resync")] == ["hello", "resync"]


async def test_a_silent_stream_gives_signs_of_life(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    async with stream_of(served.http) as stream:
        hello = await stream.next()
        (alive, again) = (await stream.next(), await stream.next())
    assert (alive.name, again.name) == ("alive", "alive")
    assert alive.data == hello.data == {"connected": True, "heartbeatSeconds": 0.05}
    assert alive.id == "", "a sign of life is nothing to go on from"


async def test_a_database_that_is_not_heard_is_said_and_its_return_means_read_anew(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    async with stream_of(served.http) as stream:
        assert (await stream.next()).data["connected"]
        await end_listening(served)
        states = [event.data["connected"] for event in (await stream.until("resync"))[:-1]]
        assert False in states, "for half a second nobody listened, and it was said"
        assert (await stream.next()).data["connected"]


async def end_listening(served: Served) -> None:
    """Cut the connection that listens."""
    connection = await asyncpg.connect(served.room.database_url)
    ended = await connection.fetchval(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity"
        " where datname = current_database() and query ilike 'listen%'"
    )
    await connection.close()
    assert ended == 1


async def test_an_id_of_any_length_is_refused_by_name(served: Served) -> None:
    async with served.http.get("/api/events", params={"after": "x" * 65}) as answer:
        problem = await answer.json(content_type="application/problem+json")
    assert (answer.status, problem["field"]) == (422, "after")


async def heard(hub: Hub, after: str, number: int, site_id: UUID | None = None) -> list[str]:
    """The first pieces of text of a page's stream, the greeting left out."""
    found: list[str] = []
    async for text in hub.events(after, site_id):
        found.append(text)
        if len(found) > number:
            break
    return found[1:]


async def test_who_was_away_for_too_long_reads_everything_anew() -> None:
    announcer = Announcer()
    hub = Hub(announcer, kept=3)
    start = hub.position
    for number in range(4):
        announcer.tell({"jobId": str(number)})
    assert "event: resync" in (await heard(hub, start, 1))[0]


async def test_a_page_that_is_too_slow_reads_everything_anew_once() -> None:
    announcer = Announcer()
    hub = Hub(announcer, kept=3)
    stream = hub.events("")
    assert "hello" in await anext(stream)
    announcer.tell({"jobId": "0"})
    assert '"0"' in await anext(stream)
    for number in range(1, 6):  # while this page was still being written to
        announcer.tell({"jobId": str(number)})
    assert "event: resync" in await anext(stream)
    announcer.tell({"jobId": "6"})
    text = await anext(stream)
    assert '"6"' in text
    assert "resync" not in text


async def test_many_events_are_one_piece_of_text_in_order() -> None:
    announcer = Announcer()
    hub = Hub(announcer)
    start = hub.position
    for number in range(50):
        announcer.tell({"jobId": str(number)})
    (text,) = await heard(hub, start, 1)
    assert re.findall(r'"jobId": "(\d+)"', text) == [str(number) for number in range(50)]
    ids = [int(found) for found in re.findall(r"^id: [0-9a-f]{8}-(\d+)$", text, re.MULTILINE)]
    assert ids == list(range(1, 51))


async def test_a_stream_of_one_site_says_nothing_of_others_but_lives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.2)
    announcer, own, other = Announcer(), uuid4(), uuid4()
    hub = Hub(announcer)
    stream = hub.events("", own)
    assert "hello" in await anext(stream)
    asked = asyncio.ensure_future(anext(stream))
    async with patience():
        while not asked.done():  # others are busy all the time
            announcer.tell({"jobId": "x", "siteId": str(other)})
            await asyncio.sleep(0.005)
    assert asked.result().startswith("event: alive")
    announcer.tell({"jobId": "mine", "siteId": str(own)})
    assert '"mine"' in await anext(stream)
    announcer.tell({"resync": True})
    assert "event: resync" in await anext(stream), "everybody reads anew"


async def test_a_closed_hub_ends_open_and_new_streams() -> None:
    hub = Hub(Announcer())
    stream = hub.events("")
    await anext(stream)
    asked = asyncio.ensure_future(anext(stream, None))
    await asyncio.sleep(0)
    hub.close()
    async with patience():
        assert await asked is None
        assert [text async for text in hub.events("")][1:] == []


@given(kept=st.integers(1, 8), announced=st.integers(0, 30), asked=st.integers(-3, 35))
def test_since_is_complete_or_nothing(kept: int, announced: int, asked: int) -> None:
    log = Announced(kept)
    for number in range(1, announced + 1):
        log.add("job", {"n": number}, None)
    found = log.since(asked)
    wanted = list(range(asked + 1, announced + 1))
    if found is None:
        assert asked > announced or len(wanted) > min(kept, announced)
    else:
        assert [a.number for a in found] == [a.data["n"] for a in found] == wanted
    assert (log.number_of(log.id_of(asked)) == asked) == (found is not None and asked >= 0)
