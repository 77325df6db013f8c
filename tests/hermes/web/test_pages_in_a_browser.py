"""The pages in a real browser: live without a reload, at both widths, in light and dark."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support.catalog import outputs_of
from tests.support.room import Room
from tests.support.served import Served
from tests.support.worker import done

pytestmark = pytest.mark.browser
SMOKE = "#row-{} td.smoke .st"
CONNECTION = "#row-{} td.connection .st"


@asynccontextmanager
async def opened(
    browser: Browser,
    served: Served,
    rest: str = "integrations",
    width: int = 1440,
    scheme: Literal["light", "dark"] = "light",
    stream: bool = True,
) -> AsyncGenerator[Page]:
    """A page of the site; in the end it must have had no error and broken no policy."""
    context = await browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, timezone_id="Europe/Zurich"
    )
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    if stream:
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    else:
        await page.route("**/api/events?*", lambda route: route.abort())
    path = rest if rest.startswith("/") else f"/sites/{served.room.site.id}/{rest}"
    await served.sign_in(page, path)
    await page.evaluate("window.sameDocument = true")
    yield page
    assert await page.evaluate("window.sameDocument"), "the page was loaded anew"
    assert faults == []
    await context.close()


async def state(page: Page, selector: str, wanted: str) -> None:
    await expect(page.locator(selector)).to_have_attribute("data-state", wanted)


async def test_a_smoke_test_goes_from_queued_over_running_to_done_without_a_reload(
    browser: Browser, served: Served
) -> None:
    room = served.room
    room.all_succeed()
    room.worker.script("serp_intel").polls = 2
    service = room.catalog.service("content_generator")
    room.worker.script("content_generator").final = done(
        outputs_of(service, "drafts", "faq_schema")
    )
    async with opened(browser, served) as page:
        await state(page, "#live-state", "live")
        await page.click("#run-smoke-tests")
        sentence = page.locator(".job .sentence")
        await expect(sentence).to_have_text("Smoke Test started: 0/13 completed")
        await state(page, SMOKE.format("serp_intel"), "queued")
        await expect(page.locator("#row-serp_intel .missing")).to_have_text("Pending")
        await room.runner().drain()
        await state(page, SMOKE.format("serp_intel"), "running")
        await state(page, SMOKE.format("content_qa"), "success")
        await expect(sentence).to_have_text("Smoke Test started: 12/13 completed")
        await room.finish(step=5)
        await state(page, SMOKE.format("serp_intel"), "success")
        await expect(sentence).to_have_text("Smoke Test complete: 12 passed, 1 partial")
        await expect(page.locator("#row-content_generator .missing")).to_have_text("2 missing")
    async with opened(browser, served, "services/content_generator") as page:
        await expect(page.locator("#smoke-results .missing")).to_have_text("2 missing")


async def test_a_connection_test_shows_who_is_connected_and_leaves_missing_alone(
    browser: Browser, served: Served
) -> None:
    served.room.all_succeed()
    served.room.worker.script("audit_log").health_status = 401
    async with opened(browser, served) as page:
        await page.click("#test-connections")
        await state(page, CONNECTION.format("audit_log"), "queued")
        await served.room.runner().drain()
        await state(page, CONNECTION.format("audit_log"), "failed")
        await state(page, CONNECTION.format("content_qa"), "success")
        await expect(page.locator(".job .sentence")).to_have_text(
            "Connection Test complete: 13/13 checked, 12 connected, 1 failed"
        )
        await expect(page.locator("td.missing-cell")).to_have_text(["Not tested yet"] * 13)


async def test_a_button_of_a_row_runs_that_service_alone(browser: Browser, served: Served) -> None:
    served.room.all_succeed()
    async with opened(browser, served) as page:
        await page.click("#smoke-content_qa")
        await expect(page.locator(".job .sentence")).to_have_text(
            "Smoke Test started: 0/1 completed"
        )
        await state(page, SMOKE.format("content_qa"), "queued")
        await state(page, SMOKE.format("serp_intel"), "not_tested")


async def test_an_open_popover_and_the_focus_survive_a_refresh(
    browser: Browser, served: Served
) -> None:
    room = served.room
    room.all_succeed()
    service = room.catalog.service("content_generator")
    room.worker.script("content_generator").final = done(outputs_of(service, "drafts"))
    await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_generator")
    await room.finish()
    room.clock.forward(1)
    async with opened(browser, served) as page:
        await state(page, "#live-state", "live")
        summary = page.locator("#missing-content_generator-count")
        await summary.focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#missing-content_generator .panel")).to_be_visible()
        await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")
        await state(page, SMOKE.format("content_qa"), "queued")
        await expect(page.locator("#missing-content_generator .panel")).to_be_visible()
        await expect(summary).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.locator("#missing-content_generator .panel")).to_be_hidden()
        await expect(summary).to_be_focused()


async def test_without_the_stream_the_page_says_so_and_still_refreshes(
    browser: Browser, served: Served
) -> None:
    served.room.all_succeed()
    async with opened(browser, served, stream=False) as page:
        await state(page, "#live-state", "polling")
        await served.room.hermes.jobs.start_smoke(served.room.site.id, "tests", "content_qa")
        await expect(page.locator(SMOKE.format("content_qa"))).to_have_attribute(
            "data-state", "queued", timeout=12_000
        )


async def test_a_hermes_that_does_not_answer_is_said_and_so_is_its_return(
    browser: Browser, served: Served
) -> None:
    async with opened(browser, served, stream=False) as page:
        await state(page, "#live-state", "polling")
        await page.route("**/integrations", lambda route: route.abort())
        line = page.locator("#live-state")
        await expect(line).to_have_attribute("data-state", "stale", timeout=12_000)
        await expect(line).to_have_text("No response from Hermes, retrying every 5 s")
        await page.unroute("**/integrations")
        await expect(line).to_have_attribute("data-state", "polling", timeout=12_000)


async def test_a_refused_press_shows_the_reasons_and_keeps_the_page(
    browser: Browser, served: Served
) -> None:
    page = await browser.new_page()
    await served.sign_in(page, f"/sites/{served.room.site.id}/integrations")
    await page.click("#run-smoke-tests")
    await expect(page.locator("#notice .notice")).to_contain_text("0 services found because:")
    await expect(page.locator("#notice li")).to_have_count(len(served.room.catalog.workers))
    await expect(page.locator("table.services tr[data-service]")).to_have_count(13)
    await page.close()


async def test_elapsed_time_goes_on_and_times_are_local(browser: Browser, served: Served) -> None:
    served.room.all_succeed()
    started = await served.room.hermes.jobs.start_smoke(served.room.site.id, "tests")
    async with opened(browser, served, f"/jobs/{started.job_id}") as page:
        await expect(page.locator("[data-elapsed]")).to_have_text(re.compile("^[1-9] s$"))
        local = re.compile("10:00:00")  # 09:00 UTC is 10:00 in Zurich
        await expect(page.locator("time[data-ago]").first).to_have_attribute("title", local)


async def test_everything_works_without_a_script(browser: Browser, served: Served) -> None:
    served.room.all_succeed()
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await served.sign_in(page, f"/sites/{served.room.site.id}/integrations")
    await page.click("#run-smoke-tests")
    await expect(page.locator(".job .sentence")).to_have_text("Smoke Test started: 0/13 completed")
    await page.click(".job button")
    await expect(page.locator(".job .sentence")).to_contain_text("Smoke Test cancelled")
    await expect(page.locator("#live-state")).to_have_text("Reload to refresh")
    await context.close()


async def paths_of(room: Room) -> list[str]:
    """Every kind of page, with good, bad, running and unconfigured services on it."""
    room.all_succeed()
    del room.variables[room.catalog.service("google_data_connector").secret]
    service = room.catalog.service("content_generator")
    room.worker.script("content_generator").final = done(
        outputs_of(service, "drafts", "faq_schema")
    )
    room.worker.script("seo_kbase").final = {"status": "failed", "error": "x" * 300}
    room.worker.script("serp_intel").polls = 500
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests")
    await room.runner().drain()
    runs = {run.service_slug: run.id for run in await room.hermes.runs.of_job(started.job_id)}
    site = f"/sites/{room.site.id}"
    pages = ["/", f"{site}/integrations", f"/jobs/{started.job_id}"]
    slugs = ("content_generator", "seo_kbase", "serp_intel")
    pages += [f"{site}/services/{slug}" for slug in (*slugs, "google_data_connector")]
    return pages + [f"/runs/{runs[slug]}" for slug in slugs]


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1120, "dark")])
async def test_no_page_scrolls_sideways_or_breaks_the_policy(
    browser: Browser, served: Served, width: int, scheme: Literal["light", "dark"]
) -> None:
    for path in await paths_of(served.room):
        async with opened(browser, served, path, width, scheme) as page:
            await state(page, "#live-state", "live")
            await page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            wide = await page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} px wide"
