"""The settings in a real browser: forms that know the clocks of who sits there, widths, and live alerts."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, expect

from hermes.core.runs.waiver_input import WaiverInput
from hermes.core.schedules import ScheduleInput
from hermes.upkeep.alerting import Alerting
from tests.support.served import Served

pytestmark = pytest.mark.browser
PAGES = ("secrets", "schedules", "waivers", "alerts", "audit")


@asynccontextmanager
async def opened(
    browser: Browser,
    served: Served,
    path: str,
    width: int = 1440,
    scheme: Literal["light", "dark"] = "light",
) -> AsyncGenerator[Page]:
    """A page that in the end has had no error and broken no policy."""
    context = await browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, timezone_id="Europe/Zurich"
    )
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    await served.sign_in(page, path)
    yield page
    assert faults == []
    await context.close()


async def furnish(served: Served) -> None:
    """Something on every page, with long words in it."""
    room, hermes = served.room, served.room.hermes
    room.all_succeed()
    long = "unbreakable" * 9
    room.worker.script("seo_kbase").final = {"status": "failed", "error": long}
    room.variables[room.catalog.service("audit_log").secret] = '{"base_url": '
    wanted = ScheduleInput(cron="0 6 * * 1-5", time_zone="Europe/Zurich")
    await hermes.schedules.add(room.site.id, wanted, "a.very.long.name@department.example.com")
    ends = room.clock.now + timedelta(days=9)
    waiver = WaiverInput(
        service="crawl_render", output="meta_tags", owner=long, reason=long, expires_at=ends
    )
    await hermes.waivers.add(waiver, "a.very.long.name@department.example.com")
    for _ in range(2):
        room.clock.forward(1)
        await room.hermes.jobs.start_smoke(room.site.id, "tests", "seo_kbase")
        await room.finish(step=1)
    await Alerting(hermes.scope, hermes.jobs).review()


@pytest.mark.parametrize("width", [360, 1120])
async def test_no_page_of_the_settings_scrolls_sideways(
    browser: Browser, served: Served, width: int
) -> None:
    await furnish(served)
    integrations = f"/sites/{served.room.site.id}/integrations"
    for path in (*(f"/settings/{name}" for name in PAGES), "/", integrations):
        async with opened(browser, served, path, width, "dark") as page:
            await page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            wide = await page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} px wide"


async def test_a_new_schedule_means_the_clocks_of_this_browser(
    browser: Browser, served: Served
) -> None:
    async with opened(browser, served, "/settings/schedules") as page:
        await expect(page.locator("#timeZone")).to_have_value("Europe/Zurich")
        await page.fill("#cron", "0 6 * * 1-5")
        await page.click("#save-schedule")
        row = page.locator("tbody tr")
        await expect(row).to_contain_text("Mon 23 Nov 2026, 06:00 (Europe/Zurich)")
        await row.get_by_role("button", name="Pause: Smoke tests of all services").click()
        await expect(row).to_contain_text("Paused")


async def test_a_schedule_that_is_edited_keeps_its_own_clocks(
    browser: Browser, served: Served
) -> None:
    room = served.room
    made = await room.hermes.schedules.add(room.site.id, ScheduleInput(cron="0 6 * * *"), "x")
    async with opened(browser, served, f"/settings/schedules?edit={made.id}") as page:
        await expect(page.locator("#timeZone")).to_have_value("UTC")


async def test_a_faulty_form_keeps_what_was_typed_and_says_what_is_wrong(
    browser: Browser, served: Served
) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await served.sign_in(page, "/settings/schedules")
    await page.fill("#cron", "0 25 * * *")
    await page.click("#save-schedule")
    await expect(page.locator("#cron-help")).to_contain_text("does not fit the hour (0-23)")
    await expect(page.locator("#cron")).to_have_value("0 25 * * *")
    await context.close()


async def test_an_alert_appears_on_an_open_page_without_a_reload(
    browser: Browser, served: Served
) -> None:
    room, slug = served.room, "seo_kbase"
    room.register(slug)
    room.worker.script(slug).final = {"status": "failed", "error": "out of paper"}
    async with opened(browser, served, f"/sites/{room.site.id}/integrations") as page:
        await expect(page.locator("#live-state")).to_have_attribute("data-state", "live")
        await page.evaluate("window.sameDocument = true")
        for _ in range(2):
            room.clock.forward(1)
            await room.hermes.jobs.start_smoke(room.site.id, "tests", slug)
            await room.finish(step=1)
        await expect(page.locator("[id^=alert-]")).to_have_count(0)
        await Alerting(room.hermes.scope, room.hermes.jobs).review()
        alert = page.locator("td.smoke [id^=alert-]")
        await expect(alert).to_have_attribute("title", re.compile("failed 2 smoke tests in a row"))
        assert await page.evaluate("window.sameDocument")
