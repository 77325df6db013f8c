"""A press from start to end, watched: outside the cells that change nothing is replaced, moved or restyled."""

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.hermes.web.test_pages_in_a_browser import SMOKE, opened, state
from tests.support.catalog import outputs_of
from tests.support.room import Room
from tests.support.served import Served
from tests.support.worker import done

pytestmark = pytest.mark.browser

TESTED = ("serp_intel", "content_qa", "content_generator")

WATCH = """
() => {
  const plain = (text) => (text ?? "").replace(/\\bhtmx-\\w+/g, "").trim();
  const place = (node) => {
    const at = node.nodeType === 1 ? node : node.parentElement;
    const cell = at.closest("td, th");
    const row = at.closest("tr[id]");
    if (row) return `${row.id} ${cell ? cell.className.split(" ")[0] || "name" : "row"}`;
    return at.closest("[id]").id + (at.closest(".grp") ? " heading" : "");
  };
  const page = document.querySelector("main");
  const watched = {
    places: new Set(), widths: new Set(), faint: new Set(),
    elements: [...document.querySelectorAll("table.services :is(thead, tbody, tr, th, td, .rowacts form, .rowacts button), #press *, .tools *")],
    going: true,
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      const { type, target, attributeName, oldValue } = change;
      if (!target.isConnected) continue; // what took it out is told of its parent
      if (type === "attributes" && plain(oldValue) === plain(target.getAttribute(attributeName))) continue;
      watched.places.add(place(target));
    }
  }).observe(page, { subtree: true, childList: true, attributes: true, attributeOldValue: true, characterData: true });
  const look = () => {
    watched.widths.add([...document.querySelectorAll("table.services thead th")].map((th) => th.offsetWidth).join());
    for (const button of document.querySelectorAll("main :is(.btn, .button)")) {
      if (getComputedStyle(button).opacity !== "1") watched.faint.add(button.id);
    }
    if (watched.going) requestAnimationFrame(look);
  };
  look();
  window.watched = watched;
}
"""

SEEN = """
() => {
  const { places, widths, faint, elements } = window.watched;
  window.watched.going = false;
  const now = [...document.querySelectorAll("table.services :is(thead, tbody, tr, th, td, .rowacts form, .rowacts button), #press *, .tools *")];
  return {
    places: [...places], widths: [...widths], faint: [...faint],
    moved: elements.filter((element, n) => now[n] !== element).map((element) => element.outerHTML.slice(0, 120)),
  };
}
"""

TOLD_ANEW = {
    "live", "banners", "headline", "statuses", "next-actions", "as-of", "notice",
}  # fmt: skip
"""Places that tell what the page as a whole came to."""


def may_change(place: str) -> bool:
    """What a press of the three services may change: their verdicts, and what is told of them."""
    row, _, cell = place.partition(" ")
    if row.removeprefix("row-") in TESTED:
        return cell in ("row", "smoke", "missing-cell", "days", "last", "name")
    return (
        place in TOLD_ANEW
        or place == "group-passed heading"
        or place.startswith(
            ("job-", "cancel-", "statuses-", "todo-", "action-", "smoke-", "platform-")
        )
    )


async def prepared(room: Room) -> None:
    """Three services with a verdict each, of which one changes with the next press."""
    room.register(*TESTED)
    for slug in TESTED:
        room.worker.script(slug).final = done(outputs_of(room.catalog.service(slug)))
    await room.hermes.jobs.start_smoke(room.site.id, "tests")
    await room.finish()
    service = room.catalog.service("content_generator")
    room.worker.script("content_generator").final = done(outputs_of(service, "drafts"))
    room.worker.script("serp_intel").polls = 2
    room.clock.forward(60)


async def seen(page: Page) -> dict[str, Any]:
    return await page.evaluate(SEEN)


async def test_a_press_changes_the_cells_that_change_and_nothing_else(
    browser: Browser, served: Served
) -> None:
    room = served.room
    await prepared(room)
    async with opened(browser, served) as page:
        await state(page, "#live-state", "live")
        await page.evaluate(WATCH)
        await page.click("#run-smoke-tests")
        await state(page, SMOKE.format("serp_intel"), "queued")
        await room.runner().drain()
        await state(page, SMOKE.format("serp_intel"), "running")
        await state(page, SMOKE.format("content_generator"), "partial")
        await room.finish(step=5)
        await expect(page.locator(".job .sentence")).to_have_text(
            "Smoke Test complete: 2 passed, 1 partial"
        )
        await state(page, SMOKE.format("serp_intel"), "success")
        found = await seen(page)
    assert "row-content_generator smoke" in found["places"], "the watch sees what changes"
    assert [place for place in found["places"] if not may_change(place)] == []
    assert found["moved"] == []
    assert len(found["widths"]) == 1, "a column changed its width"
    assert found["faint"] == []


async def test_focus_scroll_and_an_open_popover_outlast_a_press_of_another_service(
    browser: Browser, served: Served
) -> None:
    room = served.room
    await prepared(room)
    await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_generator")
    await room.finish()
    room.clock.forward(60)
    async with opened(browser, served) as page:
        await state(page, "#live-state", "live")
        await page.click("#missing-content_generator-count")
        await page.focus("#open-content_qa")
        await page.evaluate("window.scrollTo(0, 120)")
        await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")
        await state(page, SMOKE.format("content_qa"), "queued")
        await room.finish()
        await state(page, SMOKE.format("content_qa"), "success")
        await expect(page.locator("#missing-content_generator .panel")).to_be_visible()
        await expect(page.locator("#open-content_qa")).to_be_focused()
        row = page.locator("#row-content_qa")
        assert await row.evaluate("row => row.getBoundingClientRect().top") >= 0
