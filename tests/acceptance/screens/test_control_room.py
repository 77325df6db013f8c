"""The control room as a newcomer meets it: `hermes up --demo`, its printed link, both buttons, a browser."""

import os
import signal
from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.acceptance.screens.axe import violations
from tests.support.system import System, address_in, up

pytestmark = pytest.mark.browser
ORDER = {"not_tested": 0, "queued": 1, "running": 2, "success": 3, "partial": 3, "failed": 3}
END = 60_000

WATCH = """column => {
    window.sameDocument = true;
    window.states = {};
    const look = () => {
        for (const row of document.querySelectorAll("tr[data-service]")) {
            const state = row.querySelector(`td.${column} .st`).dataset.state;
            const seen = window.states[row.dataset.service] ??= [];
            if (seen.at(-1) !== state) seen.push(state);
        }
    };
    look();
    window.watching?.disconnect();
    window.watching = new MutationObserver(look);
    window.watching.observe(document.body, {subtree: true, childList: true, attributes: true});
}"""
"""Notes every state that the rows of a column show, in order."""


MISSING = """rows => Object.fromEntries(rows.map(
    row => [row.dataset.service, row.querySelector(".missing-cell .missing").textContent]))"""


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with up(tmp_path_factory.mktemp("control-room") / "home", "--demo") as started:
        yield started


@pytest.fixture(scope="module")
async def let_in(browser: Browser, system: System) -> Any:
    """The cookies of whoever opened the printed link; it works once."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(address_in(system.said))
    assert page.url.endswith("/integrations")
    state = await context.storage_state()
    await context.close()
    return state


@pytest.fixture
async def page(browser: Browser, system: System, let_in: Any) -> AsyncIterator[Page]:
    """The Integrations page of the demo site, live."""
    site = await system.demo_site()
    context = await browser.new_context(
        storage_state=let_in, viewport={"width": 1440, "height": 900}
    )
    page = await context.new_page()
    await page.goto(f"{system.url}/sites/{site['id']}/integrations")
    await expect(page.locator("#live-state")).to_have_attribute("data-state", "live")
    yield page
    await context.close()


async def states_of(page: Page) -> Mapping[str, list[str]]:
    """What each row showed since the page was watched, without a reload in between."""
    assert await page.evaluate("window.sameDocument"), "the page was loaded anew"
    return await page.evaluate("window.states")


async def services_of(system: System) -> dict[str, dict[str, Any]]:
    """The rows of the built services, as the API tells them."""
    site = await system.demo_site()
    view = await system.get(f"/api/sites/{site['id']}/integrations")
    return {row["slug"]: row for row in view["services"] if row["readiness"] != "blocked"}


async def cells(page: Page) -> dict[str, str]:
    """The words of the Missing cell of each row."""
    return await page.locator("tr[data-service]").evaluate_all(MISSING)


@contextmanager
def paused(system: System, part: str) -> Generator[None]:
    """A process of the system that does nothing for a while."""
    pid = system.pid_of(part)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def finished(page: Page, start: str) -> None:
    sentence = page.locator(".job .sentence").first
    await expect(sentence).to_contain_text(f"{start} complete:", timeout=END)


async def test_both_buttons_take_the_rows_from_queued_to_done_without_a_reload(
    page: Page, system: System
) -> None:
    built = await services_of(system)
    before = await cells(page)
    await page.evaluate(WATCH, "connection")
    await page.click("#test-connections")
    await finished(page, "Connection Test")
    connections = await states_of(page)
    assert connections.keys() == built.keys()
    assert {seen[-1] for seen in connections.values()} == {"success"}
    assert await cells(page) == before, "a connection test says nothing about outputs"

    await page.evaluate(WATCH, "smoke")
    with paused(system, "hermes runner"):  # it takes runs faster than a page can be drawn
        await page.click("#run-smoke-tests")
        queued = page.locator("td.smoke .st[data-state=queued]")
        await expect(queued).to_have_count(len(built))
    await finished(page, "Smoke Test")
    smoke = await states_of(page)
    for slug, seen in smoke.items():
        ranks = [ORDER[state] for state in seen]
        assert ranks == sorted(ranks), f"{slug} went back: {seen}"
        assert (ranks[:2], ranks[-1]) == ([0, 1], 3), f"{slug}: {seen}"
    assert any("running" in seen for seen in smoke.values())
    stored = {slug: row["smoke"]["state"] for slug, row in (await services_of(system)).items()}
    assert {slug: seen[-1] for slug, seen in smoke.items()} == stored


async def test_missing_is_the_same_in_table_inspector_and_api(page: Page, system: System) -> None:
    await tested(page, system)
    await page.reload()
    rows, table = await services_of(system), await cells(page)
    assert table == {slug: row["missing"]["text"] for slug, row in rows.items()}
    assert any(row["missing"]["outputs"] for row in rows.values()), "the demo has something missing"
    for slug in rows:
        await page.goto(
            f"{page.url.split('/services/')[0].removesuffix('/integrations')}/services/{slug}"
        )
        await expect(page.locator("#smoke-results .missing")).to_have_text(table[slug])


async def tested(page: Page, system: System) -> None:
    """A finished smoke test, made if there is none."""
    if any(row["smoke"]["run"] is None for row in (await services_of(system)).values()):
        await page.click("#run-smoke-tests")
        await finished(page, "Smoke Test")


async def test_a_page_outlives_the_web_server_in_the_middle_of_a_job(
    page: Page, system: System
) -> None:
    await page.evaluate(WATCH, "smoke")
    await page.click("#run-smoke-tests")
    await expect(page.locator("td.smoke .st[data-state=running]").first).to_be_visible()
    system.kill("hermes serve")
    line = page.locator("#live-state")
    await expect(line).not_to_have_attribute("data-state", "live")
    await expect(line).to_have_attribute("data-state", "live", timeout=30_000)
    await finished(page, "Smoke Test")
    stored = {slug: row["smoke"]["state"] for slug, row in (await services_of(system)).items()}
    assert {slug: seen[-1] for slug, seen in (await states_of(page)).items()} == stored


async def test_real_results_can_be_read_by_everybody(page: Page, system: System) -> None:
    await tested(page, system)
    rows = await services_of(system)
    chosen = {row["smoke"]["state"]: row for row in rows.values()}  # one of each verdict
    chosen["crawl"] = rows["crawl_render"]
    run_ids = {row["smoke"]["run"]["id"] for row in chosen.values()}
    job_id = rows["crawl_render"]["smoke"]["run"]["jobId"]
    services = {
        page.url.replace("/integrations", f"/services/{row['slug']}") for row in chosen.values()
    }
    paths = [
        "/",
        f"/jobs/{job_id}",
        f"/jobs/{job_id}/report",
        *(f"/runs/{run_id}" for run_id in run_ids),
    ]
    faults: list[str] = []
    for url in [*(system.url + path for path in paths), *services]:
        await page.goto(url)
        faults += [f"{url}: {fault}" for fault in await violations(page)]
        for width in (1440, 360):
            await page.set_viewport_size({"width": width, "height": 900})
            wide: int = await page.evaluate("document.documentElement.scrollWidth")
            faults += [f"{url}: {wide} px wide in {width}"] if wide > width else []
    assert not faults, "\n" + "\n".join(faults)
