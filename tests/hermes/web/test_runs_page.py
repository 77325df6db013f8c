"""All runs of a site: found by service, type, verdict and day, in pages by key, alike on the page and in the API."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from playwright.async_api import Browser, expect
from selectolax.lexbor import LexborHTMLParser

from hermes.core.runs.run_filter import RunFilter
from hermes.core.views import RunView
from hermes.web.pages.runs.runs import SHOWN
from tests.hermes.web.test_pages import one, said, site_path, text_of, tree_of
from tests.hermes.web.test_pages_in_a_browser import opened
from tests.support.served import Served

DAY = 86_400


async def a_week(served: Served) -> None:
    """Tuesday (17 November 2026) to Saturday: two services, tested once a day; on Tuesday one of them fails."""
    room = served.room
    room.all_succeed()
    room.clock.now -= timedelta(days=4)
    fine = room.worker.script("seo_kbase").final
    for day in range(5):
        broken = {"status": "failed", "error": "the disk is full"}
        room.worker.script("seo_kbase").final = broken if day == 0 else fine
        for slug in ("seo_kbase", "content_qa"):
            await room.hermes.jobs.start_smoke(room.site.id, "Ada", slug)
        await room.runner().drain()
        room.clock.forward(DAY)
    room.clock.forward(-DAY)


async def runs_of(served: Served, **query: str) -> LexborHTMLParser:
    return await tree_of(served, f"{site_path(served, 'runs')}?{urlencode(query)}")


def ids(tree: LexborHTMLParser) -> list[str]:
    return [str(row.attributes["id"]).removeprefix("run-") for row in tree.css("#runs tr[id]")]


async def asked(served: Served, **query: str) -> list[str]:
    """Ids of the runs as the API lists them."""
    path = f"/api/sites/{served.room.site.id}/runs?{urlencode(query)}"
    async with served.http.get(path) as answer:
        assert answer.status == 200, await answer.text()
        return [run["id"] for run in await answer.json()]


async def test_all_runs_stand_newest_first_under_their_days(served: Served) -> None:
    await a_week(served)
    tree = await runs_of(served)
    assert ids(tree) == await asked(served)
    assert len(ids(tree)) == 10
    days = [said(row) for row in tree.css("#runs .grp")]
    assert (days[0], days[-1]) == ("Saturday 21 November 2026", "Tuesday 17 November 2026")
    row = tree.css("#runs tr[data-status=failed]")
    assert len(row) == 1
    cells = [said(cell) for cell in row[0].css("td")]
    assert cells[1:3] == ["SEO Knowledge Base", "Smoke"]
    assert cells[3].startswith("Failed Worker reported failure: ")
    assert "the disk is full" in cells[3]
    assert cells[4] == "4 of 4"
    assert cells[6] == "Ada"
    assert not [cell for cell in cells if not cell], "a cell is blank"


CHOICES = [
    ({"service": "seo_kbase"}, {"service": "seo_kbase"}, 5),
    ({"type": "smoke"}, {"runType": "smoke"}, 10),
    ({"type": "full"}, {"runType": "full"}, 0),
    ({"verdict": "failed"}, {"verdict": "failed"}, 1),
    ({"verdict": "passed"}, {"verdict": "passed"}, 9),
    ({"verdict": "open"}, {"verdict": "open"}, 0),
    ({"day": "2026-11-17"}, {"from": "2026-11-17", "to": "2026-11-17"}, 2),
    ({"from": "2026-11-20"}, {"from": "2026-11-20"}, 4),
    ({"to": "2026-11-18"}, {"to": "2026-11-18"}, 4),
    (
        {"service": "content_qa", "day": "2026-11-17"},
        {"service": "content_qa", "from": "2026-11-17", "to": "2026-11-17"},
        1,
    ),
    ({"service": "content_qa", "verdict": "failed"}, {"service": "content_qa", "verdict": "failed"}, 0),
]  # fmt: skip


async def test_page_and_api_show_the_same_runs_of_each_choice(served: Served) -> None:
    await a_week(served)
    for on_page, in_api, number in CHOICES:
        found = ids(await runs_of(served, **on_page))
        assert found == await asked(served, **in_api), on_page
        assert len(found) == number, on_page


async def test_the_day_of_a_run_is_the_one_of_the_strip(served: Served) -> None:
    """Created before midnight and over after it: the strip counts the day on which a run ended."""
    room = served.room
    room.register("serp_intel")
    room.all_succeed()
    room.clock.now = room.clock.now.replace(hour=23, minute=59, second=50)
    await room.hermes.jobs.start_smoke(room.site.id, "tests", "serp_intel")
    room.clock.forward(30)
    await room.finish()
    [history] = (await room.hermes.history.of_sites([room.site.id])).values()
    [tested] = [day.day.isoformat() for day in history.days if day.state != "untested"]
    assert tested == "2026-11-22"
    assert len(ids(await runs_of(served, day=tested))) == 1
    assert not ids(await runs_of(served, day="2026-11-21"))


async def test_what_an_address_cannot_mean_counts_as_not_chosen(served: Served) -> None:
    await a_week(served)
    odd = {"service": "nobody", "type": "x", "verdict": "fine", "day": "0001-01-01", "from": "soon", "before": "1"}  # fmt: skip
    assert len(ids(await runs_of(served, **odd))) == 10
    tree = await runs_of(served, day="2026-10-01")
    assert said(one(tree, "#no-runs b")) == "No such run"
    assert "No runs yet" not in said(one(tree, "main"))


async def test_a_site_without_runs_says_where_they_come_from(served: Served) -> None:
    tree = await runs_of(served)
    assert said(one(tree, "#no-runs b")) == "No runs yet"
    assert not tree.css("#runs")


@pytest.mark.parametrize("path", ["?from=0001-01-01", "?to=9999-12-31", "?verdict=fine"])
async def test_the_api_refuses_days_and_verdicts_that_do_not_exist(
    served: Served, path: str
) -> None:
    async with served.http.get(f"/api/sites/{served.room.site.id}/runs{path}") as answer:
        assert answer.status == 422


async def test_older_pages_go_on_where_the_page_before_ended(served: Served) -> None:
    room = served.room
    room.all_succeed()
    for _ in range(SHOWN + 3):
        await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")
        await room.runner().drain()
        room.clock.forward(60)
    first = await runs_of(served, service="content_qa")
    assert len(ids(first)) == SHOWN
    assert not first.css("#newest")
    older = str(one(first, "#older").attributes["href"])
    assert older.startswith("?service=content_qa&before=")
    second = await tree_of(served, site_path(served, "runs") + older)
    assert len(ids(second)) == 3
    assert ids(first) + ids(second) == await asked(served, limit="500")
    assert not second.css("#older")
    assert one(second, "#newest").attributes["href"] == "?service=content_qa"


async def test_a_list_leaves_out_the_values_and_keeps_who_started_it(served: Served) -> None:
    await a_week(served)
    hermes, site = served.room.hermes, served.room.site.id
    [brief] = await hermes.runs.of(site, RunFilter("content_qa"), 1, brief=True)
    [whole] = await hermes.runs.of(site, RunFilter("content_qa"), 1)
    assert whole.outputs.metrics
    assert not brief.outputs.metrics
    assert {run.started_by for run in (brief, whole, await hermes.runs.one(whole.id))} == {"Ada"}
    assert isinstance(brief, RunView)


async def test_the_navigation_leads_to_runs_and_a_run_lies_below_it(served: Served) -> None:
    await a_week(served)
    path = site_path(served, "runs")
    body = await text_of(served, path)
    assert re.search(rf'href="{path}" aria-current="page"', body)


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1440])
async def test_last_tuesdays_failure_is_found_in_two_presses(
    browser: Browser, served: Served, width: int
) -> None:
    await a_week(served)
    context = await browser.new_context(viewport={"width": width, "height": 800})
    page = await context.new_page()
    await served.sign_in(page, site_path(served, "runs"))
    await page.get_by_role("link", name="Tue 17 Nov: 1 failed, 1 passed").click()
    await expect(page.locator("#runs tr[data-service]")).to_have_count(2)
    await page.get_by_role("link", name=re.compile("SEO Knowledge Base, smoke, failed")).click()
    await expect(page.locator("h1")).to_contain_text("SEO Knowledge Base")
    await expect(page.locator("main")).to_contain_text("the disk is full")
    await context.close()


@pytest.mark.browser
async def test_filters_chosen_in_the_form_live_in_the_address_and_stay_on_a_live_refresh(
    browser: Browser, served: Served
) -> None:
    await a_week(served)
    context = await browser.new_context(viewport={"width": 1440, "height": 800})
    page = await context.new_page()
    await served.sign_in(page, site_path(served, "runs") + "?verdict=passed")
    await page.select_option("select[name=service]", "seo_kbase")
    await page.fill("input[name=from]", "2026-11-19")
    await page.click("#apply")
    await expect(page.locator("#runs tr[data-service]")).to_have_count(3)
    assert "verdict=passed" in page.url
    assert "service=seo_kbase" in page.url
    await expect(page.locator("#live-state")).to_have_attribute("data-state", "live")
    for slug in ("seo_kbase", "content_qa"):
        await served.room.hermes.jobs.start_smoke(served.room.site.id, "Ada", slug)
    await served.room.runner().drain()
    await expect(page.locator("#runs tr[data-service=seo_kbase]")).to_have_count(4)
    await expect(page.locator("#runs tr[data-service=content_qa]")).to_have_count(0)
    await context.close()


@pytest.mark.browser
async def test_the_list_of_runs_does_not_scroll_sideways_at_360_px(
    browser: Browser, served: Served
) -> None:
    await a_week(served)
    async with opened(browser, served, "runs", 360) as page:
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.browser
async def test_a_press_on_a_day_of_a_strip_opens_its_runs_and_the_keyboard_opens_all(
    browser: Browser, served: Served
) -> None:
    await a_week(served)
    context = await browser.new_context(viewport={"width": 1440, "height": 800})
    page = await context.new_page()
    await served.sign_in(page, site_path(served))
    strip = page.locator("#row-seo_kbase .days-link")
    box = await strip.bounding_box()
    assert box is not None
    await strip.click(position={"x": box["width"] * 25.5 / 30, "y": box["height"] / 2})
    await expect(page).to_have_url(
        re.compile(r"runs\?service=seo_kbase&type=smoke&day=2026-11-17$")
    )
    await page.go_back()
    await strip.press("Enter")
    await expect(page).to_have_url(re.compile(r"runs\?service=seo_kbase&type=smoke$"))
    await context.close()
