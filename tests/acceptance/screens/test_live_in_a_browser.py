"""Live pages in a real browser over a wire that is cut and frozen: nothing missed, the state measured."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Page, Request, Route, expect

from hermes_base.web import live
from tests.support.served import Served
from tests.support.wire import Wire

pytestmark = pytest.mark.browser
SMOKE = "#row-{} td.smoke .st"
SHOWN = "Object.defineProperty(document, 'hidden', {{configurable: true, get: () => {hidden}}});"
TOLD = "document.dispatchEvent(new Event('visibilitychange'))"


@dataclass
class Tab:
    """A page that is open over a wire, and the streams and refreshes it asked for."""

    page: Page
    wire: Wire
    served: Served
    streams: list[Request]
    refreshes: list[Request]
    ended: list[Request]

    async def state(self, *wanted: str) -> None:
        line = self.page.locator("#live-state")
        pattern = re.compile(f"^({'|'.join(wanted)})$")
        await expect(line).to_have_attribute("data-state", pattern, timeout=60_000)

    async def smoke(self, slug: str, wanted: str) -> None:
        chip = self.page.locator(SMOKE.format(slug))
        await expect(chip).to_have_attribute("data-state", wanted, timeout=60_000)

    async def start(self, slug: str) -> None:
        await self.served.room.hermes.jobs.start_smoke(self.served.room.site.id, "tests", slug)

    def over(self, asked: Request) -> None:
        """Told by the browser of every request that ended, well or not."""
        self.ended.append(asked)

    async def show(self, *, hidden: bool) -> None:
        """What a browser does when somebody goes to another tab, or comes back."""
        await self.page.evaluate(SHOWN.format(hidden=str(hidden).lower()) + TOLD)


@pytest.fixture
async def tab(
    browser: Browser, served: Served, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Tab]:
    """The Integrations page, live; signs of life come twice a second."""
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.5)
    served.room.all_succeed()
    async with Wire(served.url).laid() as wire:
        page = await browser.new_page()
        tab = Tab(page, wire, served, [], [], [])
        page.on("request", lambda asked: _note(tab, asked))
        page.on("requestfailed", tab.over)
        page.on("requestfinished", tab.over)
        await page.goto(wire.url + await served.link(f"/sites/{served.room.site.id}/integrations"))
        await page.evaluate("window.sameDocument = true")
        await tab.state("live")
        yield tab
        assert await page.evaluate("window.sameDocument"), "the page was loaded anew"
        await page.close()


def _note(tab: Tab, asked: Request) -> None:
    if "/api/events" in asked.url:
        tab.streams.append(asked)
    elif asked.headers.get("hx-request"):
        tab.refreshes.append(asked)


async def test_a_cut_wire_is_said_and_what_happened_meanwhile_is_caught_up(tab: Tab) -> None:
    tab.wire.cut()
    await tab.state("reconnecting")
    await tab.start("content_qa")
    await tab.state("stale")
    tab.wire.mend()
    await tab.smoke("content_qa", "queued")
    await tab.state("live")


async def test_a_short_cut_is_mended_by_the_stream_alone(tab: Tab) -> None:
    before = len(tab.refreshes)
    tab.wire.cut()
    await tab.start("content_qa")
    tab.wire.mend()
    await tab.smoke("content_qa", "queued")
    await tab.state("live")
    assert len(tab.refreshes) == before + 1, "the stream went on with the one event that was missed"
    assert len(tab.streams) >= 2


async def test_a_wire_that_says_nothing_any_more_is_noticed(tab: Tab) -> None:
    tab.wire.freeze()
    await tab.state("reconnecting", "stale")
    await expect(tab.page.locator("#live-age")).to_have_text(
        re.compile(r"^last signal [2-9] s ago$")
    )
    tab.wire.mend()
    await tab.state("live")
    await expect(tab.page.locator("#live-age")).to_have_text(
        re.compile("^last signal (just now|1 s ago)$")
    )
    await tab.start("content_qa")
    await tab.smoke("content_qa", "queued")


async def test_where_streams_are_refused_the_page_is_read_every_5_s(tab: Tab) -> None:
    await tab.page.route("**/api/events?*", lambda route: route.fulfill(status=503))
    tab.wire.cut()
    tab.wire.mend()
    await tab.state("polling")
    first = len(tab.refreshes)
    await tab.start("content_qa")
    await tab.smoke("content_qa", "queued")
    assert len(tab.refreshes) - first in (1, 2)
    await tab.page.unroute("**/api/events?*")
    await tab.state("live")


async def test_a_hidden_tab_gives_its_stream_back_and_reads_anew_when_shown(tab: Tab) -> None:
    await tab.page.clock.install()  # for the timers of the page as it is loaded next
    await tab.page.reload()
    await tab.page.evaluate("window.sameDocument = true")
    await tab.state("live")
    stream, streams, before = tab.streams[-1], len(tab.streams), len(tab.refreshes)
    async with tab.page.expect_event("requestfailed", lambda asked: asked == stream):
        await tab.show(hidden=True)
    await tab.start("content_qa")
    await tab.page.clock.run_for(60_000)  # sixty looks of the page's own
    asked = (len(tab.streams), len(tab.refreshes))
    assert asked == (streams, before), "hidden, it asks for nothing"
    await tab.show(hidden=False)
    await tab.smoke("content_qa", "queued")
    await tab.state("live")
    assert len(tab.streams) == streams + 1


async def test_many_events_are_few_refreshes(tab: Tab) -> None:
    """At most four a second, however often something moves."""
    before, began = len(tab.refreshes), time.monotonic()
    pool, site_id = tab.served.room.hermes.pool, tab.served.room.site.id
    for number in range(60):
        said = json.dumps({"jobId": str(number), "siteId": str(site_id)})
        await pool.execute("select pg_notify('hermes', $1)", said)
        await asyncio.sleep(0.02)
    await tab.page.evaluate("0")  # what the page has asked until now was noted before this answer
    most = (time.monotonic() - began) / 0.25 + 1
    assert 1 <= len(tab.refreshes) - before <= most


async def test_what_moves_before_the_stream_is_open_is_not_missed(tab: Tab) -> None:
    async def first(route: Route) -> None:
        await tab.start("content_qa")
        await route.continue_()

    await tab.page.route("**/api/events?*", first, times=1)
    tab.refreshes.clear()
    await tab.page.reload()
    await tab.page.evaluate("window.sameDocument = true")
    await tab.state("live")
    await tab.smoke("content_qa", "queued")
    assert len(tab.refreshes) == 1, "the stream told of it; nothing was polled"


async def test_a_database_that_is_not_heard_makes_the_page_poll(tab: Tab) -> None:
    tab.served.listener.connected = False
    await tab.state("reconnecting", "polling")
    await tab.state("polling")
    tab.served.listener.connected = True
    await tab.state("live")


async def test_all_parts_of_a_page_share_one_stream(tab: Tab) -> None:
    await tab.page.click("#open-content_qa")
    drawer = tab.page.locator("#drawer-live")
    await expect(drawer).to_contain_text("Not tested yet")
    await tab.start("content_qa")
    await expect(drawer.locator("[data-state=queued]").first).to_be_visible()
    await tab.smoke("content_qa", "queued")
    going_on = [stream for stream in tab.streams if stream not in tab.ended]
    assert len(going_on) == 1, "one that a busy machine had let fall silent is over"
