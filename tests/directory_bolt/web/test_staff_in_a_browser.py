"""The staff's and the customer's pages in a real browser: live without a reload, at every width."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Literal
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page, expect

from directory_bolt.storage import heartbeats
from directory_bolt.submitting import BeforeClick, Outcome, Task
from tests.directory_bolt.processes.shop import Shop
from tests.directory_bolt.web.staff_support import mixed_order, shop_of
from tests.support.served import Served

pytestmark = pytest.mark.browser
BAR = "#order-{} .bars"


@pytest.fixture
def shop(served: Served) -> Shop:
    return shop_of(served)


@asynccontextmanager
async def opened(
    browser: Browser,
    served: Served,
    path: str = "/staff/dashboard",
    width: int = 1440,
    scheme: Literal["light", "dark"] = "light",
) -> AsyncGenerator[Page]:
    """A page; in the end it must not have been loaded anew, and had no error."""
    context = await browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    if path.startswith("/orders/"):
        await page.goto(served.url + path)
    else:
        await served.sign_in(page, path)
    await page.evaluate("window.sameDocument = true")
    yield page
    assert await page.evaluate("window.sameDocument"), "the page was loaded anew"
    assert faults == []
    await context.close()


async def is_live(page: Page) -> None:
    await expect(page.locator("#live-state")).to_have_attribute("data-state", "live")


class Gate:
    """A directory that waits until the test opens it."""

    def __init__(self) -> None:
        self.reached, self.open = asyncio.Event(), asyncio.Event()

    async def visit(self, task: Task, before_click: BeforeClick) -> Outcome:
        await before_click({"email": {"value": task.profile.email}})
        self.reached.set()
        await self.open.wait()
        return Outcome("submitted", confirmation="REF-1")


async def customer_path(served: Served, job_id: UUID) -> str:
    async with served.http.post(f"/api/staff/jobs/{job_id}/customer-link") as answer:
        url: str = (await answer.json())["url"]
    return url.removeprefix(served.url)


async def test_progress_moves_and_a_completed_order_changes_its_section_by_itself(
    browser: Browser, served: Served, shop: Shop
) -> None:
    await shop.directories("first", "second")
    gate = Gate()
    shop.submitter.visits["second"] = gate.visit
    async with opened(browser, served) as page:
        await is_live(page)
        await expect(page.locator("#live-since")).to_contain_text("Live since")
        job_id = await shop.order(2)
        bar = page.locator(BAR.format(job_id))
        await expect(bar).to_have_attribute("aria-label", re.compile("^0 of 2 "))
        working = asyncio.create_task(shop.work_off(job_id))
        await gate.reached.wait()
        await expect(bar).to_have_attribute("aria-label", re.compile("^1 of 2 "))
        await expect(bar.locator(".f-failed")).to_have_count(0)
        order = page.locator(f"#active #order-{job_id}")
        await expect(order).to_contain_text("1 of 2")
        await expect(order).to_contain_text("Now submitting to second")
        gate.open.set()
        await working
        await expect(page.locator(f"#over #order-{job_id}")).to_contain_text("Completed")
        await expect(page.locator("#active .empty")).to_be_visible()
        await expect(page.locator("#state")).to_contain_text("(100%)")
        await expect(page.locator("#feed li").first).to_contain_text("Flow completed")


async def test_what_is_being_typed_survives_a_change_and_is_sent_without_a_reload(
    browser: Browser, served: Served, shop: Shop
) -> None:
    job_id = await mixed_order(shop)
    waiting = (await shop.results(job_id))["captcha"].id
    async with opened(browser, served, "/staff/manual") as page:
        await is_live(page)
        shot = page.locator(f"#result-{waiting} img")
        await expect(shot).to_be_visible()
        assert await shot.evaluate("image => image.naturalWidth") == 480
        await expect(page.locator(f"#outcome-{waiting} :checked")).to_have_count(0)
        await page.fill(f"#note-{waiting}", "I rang them")
        await page.check(f"#skipped-{waiting}")
        another = await mixed_order(shop)
        await expect(page.locator(".manual")).to_have_count(2)
        await expect(page.locator(f"#note-{waiting}")).to_have_value("I rang them")
        await expect(page.locator(f"#skipped-{waiting}")).to_be_checked()
        await page.click(f"#resolve-{waiting}")
        await expect(page.locator(".manual")).to_have_count(1)
        following = (await shop.results(another))["captcha"].id
        await expect(page.locator(f"#result-{following}")).to_be_visible()
        await served.orders.intake.create_test_order("tests", 1)  # a refresh asks for what is open
        await expect(page.locator(f"#result-{following}")).to_be_visible()
        row = (await shop.results(job_id))["captcha"]
        assert (row.status, row.error_message) == ("skipped", "I rang them")
        assert (await shop.results(another))["captcha"].status == "needs_manual"


async def test_a_refused_press_says_why_and_keeps_what_was_typed(
    browser: Browser, served: Served, shop: Shop
) -> None:
    job_id = await mixed_order(shop)
    waiting = (await shop.results(job_id))["captcha"].id
    context = await browser.new_context()
    page = await context.new_page()
    await served.sign_in(page, "/staff/manual")
    await is_live(page)
    form = page.locator(f"#outcome-{waiting}")
    await expect(form.locator(".proof")).to_be_hidden()
    await page.check(f"#submitted-{waiting}")
    await page.click(f"#resolve-{waiting}")
    await expect(form.locator(".proof .fault")).to_contain_text("Submitted needs a proof.")
    await page.fill(f"#note-{waiting}", "I rang them")
    await page.fill(f"#url-{waiting}", "ftp://listing.example/1")
    await page.click(f"#resolve-{waiting}")
    await expect(form.locator(f"#url-fault-{waiting}")).to_contain_text(
        "Paste the complete address"
    )
    await shop.order(1)  # a refresh leaves it alone
    await expect(page.locator(f"#url-{waiting}")).to_have_value("ftp://listing.example/1")
    await expect(page.locator(f"#note-{waiting}")).to_have_value("I rang them")
    await expect(page.locator(f"#submitted-{waiting}")).to_be_checked()
    await page.fill(f"#url-{waiting}", "https://listing.example/1")
    await page.click(f"#resolve-{waiting}")
    await expect(page.locator("#nothing-waits")).to_be_visible()
    assert (await shop.results(job_id))["captcha"].listing_url == "https://listing.example/1"
    await context.close()


async def test_a_search_is_kept_in_the_address_and_in_every_refresh(
    browser: Browser, served: Served, shop: Shop
) -> None:
    await shop.directories("one")
    for tag in ("apple", "pear"):
        await served.orders.intake.create_test_order("tests", 1, tag=tag)
    async with opened(browser, served) as page:
        await is_live(page)
        await page.fill("#q", "pear")
        await expect(page.locator("#active tbody tr")).to_have_count(1)
        await expect(page).to_have_url(f"{served.url}/staff/dashboard?q=pear")
        await served.orders.intake.create_test_order("tests", 1, tag="pear-tree")
        await expect(page.locator("#active tbody tr")).to_have_count(2)
        await expect(page.locator("#q")).to_have_value("pear")


async def test_cancelling_an_order_is_asked_before_it_is_done(
    browser: Browser, served: Served, shop: Shop
) -> None:
    await shop.directories("one")
    job_id = await shop.order(1)
    async with opened(browser, served) as page:
        await is_live(page)
        await expect(page.locator(f"#cancel-{job_id}")).to_be_hidden()
        await page.click(f"#ask-{job_id} summary")
        await page.click(f"#cancel-{job_id}")
        await expect(page.locator(f"#over #order-{job_id}")).to_contain_text("Cancelled")
        assert (await shop.job(job_id)).status == "cancelled"


async def test_a_decision_about_terms_needs_no_reload(
    browser: Browser, served: Served, shop: Shop
) -> None:
    await shop.directories("one")
    directory = await shop.pool.fetchval("select id from directories")
    async with opened(browser, served, "/staff/directories") as page:
        await is_live(page)
        await page.click(f"#decide-{directory} summary")
        await page.select_option(f"#decision-{directory}", "refused")
        await page.fill(f"#note-{directory}", "No bots, says § 4")
        await page.click(f"#save-{directory}")
        row = page.locator(f"#directory-{directory}")
        await expect(row).to_have_attribute("data-terms", "refused")
        await expect(row.locator(".terms-note")).to_have_text("No bots, says § 4")
        await expect(page.locator(f"#save-{directory}")).to_be_hidden()


async def test_a_lost_connection_is_dated_and_its_return_too(
    browser: Browser, served: Served
) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    await served.sign_in(page, "/staff/dashboard")
    await is_live(page)
    await context.set_offline(True)
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # listen anew
    await expect(page.locator("#live-since")).to_contain_text("Not live since", timeout=10_000)
    await context.set_offline(False)
    await expect(page.locator("#live-since")).to_contain_text("Live since", timeout=15_000)
    await is_live(page)
    await context.close()


async def test_the_customer_sees_progress_without_a_reload(
    browser: Browser, served: Served, shop: Shop
) -> None:
    await shop.directories("first", "second")
    job_id = await shop.order(2)
    async with opened(browser, served, await customer_path(served, job_id)) as page:
        await is_live(page)
        await expect(page.locator("#progress")).to_contain_text("In progress 2")
        await shop.work_off(job_id)
        await expect(page.locator("h1")).to_have_text("2 of 2 directories submitted")
        await expect(page.locator("#directories [data-state=submitted]")).to_have_count(2)


async def test_staff_work_without_a_script(browser: Browser, served: Served, shop: Shop) -> None:
    job_id = await mixed_order(shop)
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await served.sign_in(page, "/staff/dashboard")
    await page.fill("#q", "bakery")
    await page.click("#apply-filter")
    await expect(page.locator(f"#over #order-{job_id}")).to_be_visible()
    await page.click(f"#ask-{job_id} summary")
    await page.click(f"#retry-{job_id}")
    await expect(page).to_have_url(f"{served.url}/staff/dashboard?q=bakery&sort=")
    await expect(page.locator(f"#active #order-{job_id}")).to_contain_text("Waiting to be queued")
    await context.close()


@pytest.mark.parametrize(("scheme", "width"), [("dark", 360), ("light", 1120)])
async def test_no_page_scrolls_sideways_or_breaks_the_policy(
    browser: Browser, served: Served, shop: Shop, width: int, scheme: Literal["light", "dark"]
) -> None:
    job_id = await mixed_order(shop)
    await shop.order(9)
    await served.orders.queue.send("{" + "x" * 300, 4)
    await shop.subscriber().turn()
    name = f"flow-worker-{'host' * 12}-123-abc"
    await heartbeats.record(
        shop.pool, name, "flow-worker", {"trouble": "x" * 90}, served.room.clock()
    )
    staff = ["dashboard", "manual", "queue", "directories", f"jobs/{job_id}"]
    customer = await customer_path(served, job_id)
    for path in (*(f"/staff/{one}" for one in staff), customer):
        async with opened(browser, served, path, width, scheme) as page:
            await is_live(page)
            await page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            wide = await page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} px wide"
