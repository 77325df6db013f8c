"""A test job and its runs: what happened when, what came of it, on the screen and on paper."""

from typing import Any
from uuid import UUID

import pytest
from aiohttp import web
from playwright.async_api import Browser, expect
from selectolax.lexbor import LexborHTMLParser

from hermes.core.views import RunView
from hermes.web.pages.tests.findings import SHOWN
from hermes.web.pages.tests.lanes import WIDTH, lanes
from tests.hermes.web.test_pages import leave_out, one, press, said, site_path, text_of, tree_of
from tests.hermes.web.test_pages_in_a_browser import opened, state
from tests.support.catalog import outputs_of
from tests.support.room import Room
from tests.support.served import Served
from tests.support.worker import done


async def smoke_of_all(served: Served) -> UUID:
    """A smoke test with a passed, a partial and a failed service."""
    room = served.room
    room.all_succeed()
    leave_out(served, "content_generator", "drafts", "faq_schema")
    room.worker.script("seo_kbase").final = {"status": "failed", "error": "the disk is full"}
    started = await room.hermes.jobs.start_smoke(room.site.id, "Ada")
    await room.finish()
    return started.job_id


async def run_of(room: Room, job_id: UUID, slug: str) -> RunView:
    found = await room.hermes.runs.of_job(job_id)
    return next(run for run in found if run.service_slug == slug)


async def test_a_job_counts_its_runs_and_shows_each_in_its_time(served: Served) -> None:
    job_id = await smoke_of_all(served)
    tree = await tree_of(served, f"/jobs/{job_id}")
    counts = [said(each) for each in tree.css("#counts > span")]
    assert counts == ["13 services", "1 failed", "1 partial", "11 passed"]
    assert "started by Ada" in said(one(tree, ".sub"))
    assert len(tree.css("svg.lane rect.ran")) == 13
    assert "waited 0" not in said(one(tree, ".lanes")), "a wait that nobody felt is told"
    assert said(one(tree, "tr[data-service=seo_kbase] .step")).startswith("Next ")
    assert "style" not in {name for node in tree.css("*") for name in node.attributes}


async def test_a_job_under_way_says_how_often_its_workers_were_asked(served: Served) -> None:
    room = served.room
    room.register("serp_intel")
    room.worker.script("serp_intel").polls = 500
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests", "serp_intel")
    await room.runner().drain()
    room.clock.forward(20)
    await room.runner().drain()
    tree = await tree_of(served, f"/jobs/{started.job_id}")
    assert said(one(tree, "td.lane-cell")) == "1 status check"
    assert said(one(tree, "#cancel")) == "Cancel job"
    assert not tree.css("#again"), "what goes on is not run again"


async def test_lanes_lie_within_the_time_of_the_job(served: Served) -> None:
    room = served.room
    room.register("serp_intel")
    room.worker.script("serp_intel").polls = 3
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests", "serp_intel")
    room.clock.forward(10)
    await room.finish(step=5)
    job = await room.hermes.jobs.one(started.job_id)
    [lane] = lanes(job, await room.hermes.runs.of_job(job.id), room.clock.now)
    ran = lane.run.seconds or 0
    assert lane.waited_seconds == 10
    assert lane.said.startswith("waited 10 s, ")
    assert abs(lane.began - 10 / job.elapsed_seconds * WIDTH) <= 1
    assert abs(lane.width - ran / job.elapsed_seconds * WIDTH) <= 1
    assert lane.began + lane.width <= WIDTH


@pytest.mark.parametrize("only", ["content_qa", ["content_qa", "seo_kbase"], None])
async def test_run_again_starts_the_same_test_of_the_same_services(
    served: Served, only: str | list[str] | None
) -> None:
    room = served.room
    room.all_succeed()
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests", only)
    await room.finish()
    tree = await tree_of(served, f"/jobs/{started.job_id}")
    action = str(one(tree, "form:has(#again)").attributes["action"])
    room.clock.forward(1)
    status, headers, _ = await press(served, action)
    again = await room.hermes.jobs.one(UUID(headers["Location"].rsplit("/", 1)[-1]))
    before = await room.hermes.jobs.one(started.job_id)
    assert status == 303
    assert again.id != before.id
    assert (again.job_type, again.service_slug) == (before.job_type, before.service_slug)
    assert [s.slug for s in again.services] == [s.slug for s in before.services]


async def test_the_report_has_a_verdict_and_expected_actual_and_missing_of_each_service(
    served: Served,
) -> None:
    job_id = await smoke_of_all(served)
    tree = await tree_of(served, f"/jobs/{job_id}/report")
    assert said(one(tree, "#verdict")) == (
        "11 of 13 services returned all outputs."
        " Exceptions: SEO Knowledge Base (Worker reported failure), Content Generator (2 missing)."
    )
    service = served.room.catalog.service("content_generator")
    rows = tree.css("#report-content_generator tbody tr")
    assert [row.attributes["data-output"] for row in rows] == list(service.expected_outputs)
    drafts = said(one(tree, "#report-content_generator tr[data-output=drafts]"))
    assert "Not returned" in drafts
    assert "Critical: Not in the response." in drafts
    came = said(one(tree, "#report-content_generator tr[data-output=internal_links]"))
    assert came.endswith(" No")
    summary = [said(cell) for cell in tree.css("#summary tr[data-service=content_generator] td")]
    assert summary[:5] == ["Content Generator", "Partial", "4", "2", "2"]
    assert len(tree.css("#summary tbody tr")) == 13
    assert not [cell for cell in tree.css("td, dd") if not said(cell)], "a cell is blank"


async def test_the_report_of_a_connection_test_says_nothing_of_outputs(served: Served) -> None:
    room = served.room
    room.all_succeed()
    room.worker.script("audit_log").health_status = 401
    started = await room.hermes.jobs.start_connections(room.site.id, "tests")
    body = await text_of(served, f"/jobs/{started.job_id}/report")
    assert "Still running. Connection Test started: 0/13 checked." in body
    await room.finish()
    tree = await tree_of(served, f"/jobs/{started.job_id}/report")
    assert said(one(tree, "#verdict")) == (
        "12 of 13 services connected and accepted the key."
        " Exceptions: Audit Log & Observability (Key not accepted)."
    )
    assert not tree.css(".report-run table")
    assert "missing" not in said(one(tree, ".report")).lower()


async def test_a_job_can_be_downloaded_as_json_from_the_api(served: Served) -> None:
    job_id = await smoke_of_all(served)
    tree = await tree_of(served, f"/jobs/{job_id}")
    address = str(one(tree, "a[download]").attributes["href"])
    async with served.browsing() as browser_of_somebody, browser_of_somebody.get(address) as answer:
        assert answer.status == 200
        assert len(await answer.json()) == 13


async def test_expected_actual_and_missing_stand_side_by_side(served: Served) -> None:
    job_id = await smoke_of_all(served)
    run = await run_of(served.room, job_id, "content_generator")
    tree = await tree_of(served, f"/runs/{run.id}")
    heads = [said(head) for head in tree.css(".side-by-side thead th")]
    assert heads == ["Expected 4", "Actual 2", "Missing 2"]
    order = [str(row.attributes["data-outcome"]) for row in tree.css(".side-by-side tbody tr")]
    assert order == ["missing", "missing", "returned", "returned"], "what is missing comes first"
    drafts = [said(cell) for cell in tree.css("#output-drafts td")]
    assert drafts[1:] == ["Not returned", "Missing critical"]
    links = [said(cell) for cell in tree.css("#output-internal_links td")]
    assert links[2].startswith("Returned ")
    assert "1 item" in links[1]


async def test_what_is_missing_is_told_first_with_whose_words_the_cause_and_the_next_step(
    served: Served,
) -> None:
    job_id = await smoke_of_all(served)
    run = await run_of(served.room, job_id, "content_generator")
    tree = await tree_of(served, f"/runs/{run.id}")
    assert next(said(head) for head in tree.css("main h2")) == "What is missing"
    told = " ".join(said(each) for each in tree.css("#proofs .ev"))
    for words in (
        "drafts",
        "faq_schema",
        "Reported",
        "Not in the response.",
        "Likely cause",
        "Next",
    ):
        assert words in told


async def test_a_cause_that_all_outputs_share_is_told_once(served: Served) -> None:
    job_id = await smoke_of_all(served)
    run = await run_of(served.room, job_id, "seo_kbase")
    tree = await tree_of(served, f"/runs/{run.id}")
    proof = said(one(tree, "#proofs .ev"))
    assert proof.startswith("Failed Worker reported failure")
    assert proof.count("the disk is full") == 1
    for output in run.missing.outputs:
        assert output.label in proof


async def test_a_run_tells_its_moments_in_order(served: Served) -> None:
    room = served.room
    room.register("serp_intel")
    room.worker.script("serp_intel").polls = 2
    room.worker.script("serp_intel").final = done(outputs_of(room.catalog.service("serp_intel")))
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests", "serp_intel")
    room.clock.forward(3)
    await room.runner().drain()
    run = await run_of(room, started.job_id, "serp_intel")
    tree = await tree_of(served, f"/runs/{run.id}")
    assert [said(moment) for moment in tree.css(".tl b")] == [
        "Queued", "Started", "Request sent", "Accepted", "Next status check", "Deadline",
    ]  # fmt: skip
    assert said(one(tree, ".tl li:nth-child(2) .after")) == "+3.0 s"
    await room.finish(step=5)
    tree = await tree_of(served, f"/runs/{run.id}")
    assert [said(moment) for moment in tree.css(".tl b")] == [
        "Queued", "Started", "Request sent", "Accepted", "Last status check", "Passed",
    ]  # fmt: skip
    assert "3 status checks so far" in said(one(tree, "#timeline"))


async def test_a_run_whose_worker_never_answered_says_what_stood_in_the_way(
    served: Served,
) -> None:
    room = served.room
    room.register("content_qa")

    async def hang_up(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    room.worker.script("content_qa").on_start = hang_up
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")
    await room.finish()
    run = await run_of(room, started.job_id, "content_qa")
    tree = await tree_of(served, f"/runs/{run.id}")
    troubles = [said(moment) for moment in tree.css("[data-moment=trouble] b")]
    assert troubles == ["No usable response", "Failed"]
    assert "attempt 2" in said(one(tree, "#timeline"))
    heads = [said(head) for head in tree.css(".side-by-side thead th")]
    assert heads[1:] == ["Actual 0", "Missing 4"]


async def test_a_cancelled_run_calls_nothing_missing(served: Served) -> None:
    room = served.room
    room.all_succeed()
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")
    await room.hermes.jobs.cancel(started.job_id, "tests")
    run = await run_of(room, started.job_id, "content_qa")
    tree = await tree_of(served, f"/runs/{run.id}")
    assert "so nothing counts as missing" in said(one(tree, "#outputs"))
    assert not tree.css(".side-by-side")


async def full_crawl(served: Served, **values: Any) -> LexborHTMLParser:
    room = served.room
    room.register("crawl_render")
    outputs = outputs_of(room.catalog.service("crawl_render")) | values
    room.worker.script("crawl_render").final = done(outputs)
    started = await room.hermes.jobs.start_full(room.site.id, "tests", "crawl_render")
    await room.finish()
    run = await run_of(room, started.job_id, "crawl_render")
    return await tree_of(served, f"/runs/{run.id}")


async def test_findings_of_a_crawl_are_tables_of_the_first_rows_with_the_total(
    served: Served,
) -> None:
    broken = [{"url": f"https://site.example/{n}", "status": 404, "error": None,
               "referrers": ["/a", "/b", "/c", "/d"]} for n in range(120)]  # fmt: skip
    orphans = ["https://site.example/lost", "<script>alert(1)</script>"]
    tree = await full_crawl(
        served,
        non_200_urls={
            "count": 120,
            "items": broken,
            "complete": False,
            "basis": "900 URLs visited.",
        },
        orphan_pages={"count": 2, "items": orphans, "complete": True},
        redirect_chains={"count": 0, "items": [], "complete": True},
    )
    assert said(one(tree, "h1")) == "Full crawl of Technical SEO Crawler"
    found = one(tree, "#findings-non_200_urls")
    assert said(one(tree, "#findings-non_200_urls summary")).endswith(" 120")
    assert "Incomplete: 900 URLs visited." in said(found)
    heads = [said(head) for head in tree.css("#findings-non_200_urls th")]
    assert heads == ["URL", "Error", "Status", "Referrers"]
    assert len(tree.css("#findings-non_200_urls tbody tr")) == SHOWN
    first = [said(cell) for cell in tree.css("#findings-non_200_urls tbody tr:first-child td")]
    assert first == ["https://site.example/0", "none", "404", "/a, /b, /c and 1 more"]
    assert "Showing the first 50 of 120." in said(found)
    link = one(tree, "#findings-non_200_urls p a").attributes["href"]
    async with served.http.get(str(link)) as answer:
        assert len((await answer.json())["outputs"]["metrics"]["non_200_urls"]["items"]) == 120
    assert [said(c) for c in tree.css("#findings-orphan_pages td")] == orphans
    assert "None found." in said(one(tree, "#findings-redirect_chains"))


async def test_a_list_of_odd_entries_breaks_no_page(served: Served) -> None:
    odd: list[Any] = [
        {"url": "https://site.example/a"}, "/b", {"url": "/c", "status": None}, {"link": "/d"},
        {"url": "/e", "other": {"deep": [1]}},
    ]  # fmt: skip
    tree = await full_crawl(served, non_200_urls=odd)
    assert len(tree.css("#findings-non_200_urls tbody tr")) == 5
    assert not [cell for cell in tree.css("#findings td") if not said(cell)]


@pytest.mark.browser
async def test_a_full_crawl_moves_on_the_open_page_until_its_findings_are_there(
    browser: Browser, served: Served
) -> None:
    room = served.room
    room.register("crawl_render")
    script = room.worker.script("crawl_render")
    script.polls = 1
    told: dict[str, Any] = {"done": 30, "total": 900, "unit": "pages", "eta_s": None}

    async def status(request: web.Request) -> web.StreamResponse:
        answer = {"status": "running", "progress": told, "phase": "crawling"}
        return web.json_response(answer if told["done"] < 900 else script.final)

    script.on_status = status
    started = await room.hermes.jobs.start_full(room.site.id, "tests", "crawl_render")
    await room.runner().drain()
    run = await run_of(room, started.job_id, "crawl_render")
    async with opened(browser, served, f"/runs/{run.id}") as page:
        await state(page, "#live-state", "live")
        room.clock.forward(20)
        await room.runner().drain()
        await expect(page.locator("#progress")).to_contain_text("30 of 900 pages")
        await expect(page.locator("#progress")).to_contain_text("1.5 per second")
        told |= {"done": 450, "rate": 45.0, "eta_s": 10.0, "findings": {"non_200_urls": 3}}
        room.clock.forward(130)
        await room.runner().drain()
        await expect(page.locator("#progress .finding")).to_have_text(
            "Addresses not answering 2003"
        )
        await expect(page.locator("#progress")).to_contain_text("45.0 per second")
        told["done"] = 900
        script.final = done(outputs_of(room.catalog.service("crawl_render")))
        room.clock.forward(60)
        await room.runner().drain()
        await expect(page.locator(".side-by-side")).to_be_visible()
        await expect(page.locator("#findings-non_200_urls")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1440])
async def test_neither_drawer_nor_report_nor_job_scrolls_sideways(
    browser: Browser, served: Served, width: int
) -> None:
    job_id = await smoke_of_all(served)
    long = "https://site.example/" + "very-long-path-" * 20
    run = await full_crawl(served, non_200_urls=[{"url": long, "status": 404, "error": long}])
    crawl = str(one(run, "#live").attributes["hx-get"])
    paths = [f"/jobs/{job_id}", f"/jobs/{job_id}/report", crawl, site_path(served)]
    for path in paths:
        async with opened(browser, served, path, width) as page:
            if path == paths[-1]:
                await page.click("#row-content_generator th a")
                await expect(page.locator("#drawer h1")).to_be_visible()
            await page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
            over = "(document.querySelector('#drawer') ?? document.body).scrollWidth"
            assert await page.evaluate(over) <= width, path
