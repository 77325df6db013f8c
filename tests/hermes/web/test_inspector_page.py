"""The inspector: what a service needs, promised and returned, since when it is not so, and its past runs."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import Browser, expect
from selectolax.lexbor import LexborHTMLParser

from hermes.core.sites.input import SiteInput
from hermes.core.views import ServiceView
from hermes.core.views.history import OutputPoint
from hermes.web.pages.inspector.sparkline import sparkline
from tests.hermes.web.test_pages import one, press, said, site_path, tree_of
from tests.hermes.web.test_pages_in_a_browser import opened, state
from tests.support.catalog import outputs_of
from tests.support.room import START, Room
from tests.support.served import Served
from tests.support.worker import done

DAY = 86_400.0


async def inspector(served: Served, slug: str, query: str = "") -> LexborHTMLParser:
    return await tree_of(served, site_path(served, f"services/{slug}{query}"))


async def smoke(room: Room, slug: str, *left_out: str, **values: Any) -> ServiceView:
    """A smoke run a day: all outputs but those left out."""
    room.register(slug)
    outputs = outputs_of(room.catalog.service(slug), *left_out) | values
    room.worker.script(slug).final = done(outputs)
    await room.hermes.jobs.start_smoke(room.site.id, "tests", slug)
    await room.finish()
    room.clock.forward(DAY)
    return await room.hermes.integrations.service(room.site.id, slug)


async def test_an_output_that_never_came_is_pending_its_first_success(served: Served) -> None:
    await smoke(served.room, "content_qa", "fix_list")
    tree = await inspector(served, "content_qa")
    item = one(tree, "#missing-fix_list")
    assert said(one(tree, "#missing-fix_list .standing")) == "Not returned yet"
    assert [said(fact) for fact in tree.css("#missing-fix_list .since dd")] == [
        "1 day ago",
        "Never in a smoke run",
    ]
    assert said(one(tree, "#missing-fix_list [data-severity]")) in ("critical", "major", "minor")
    assert "Likely cause" in said(item)
    assert said(one(tree, "#missing-fix_list .step")).startswith("Next ")


async def test_a_figure_with_its_entries_is_told_as_the_figure_everywhere(served: Served) -> None:
    value = {"value": 62.5, "items": [{"site": "a.example"}, {"site": "b.example"}]}
    view = await smoke(served.room, "backlink_authority", domain_authority=value)
    tree = await inspector(served, "backlink_authority")
    assert said(one(tree, "#expected-domain_authority summary")) == "62.5"
    last = view.last_seen["domain_authority"]
    assert (last.value, last.entries) == (62.5, None)
    past = next(each for each in view.output_history if each.slug == "domain_authority")
    assert [point.value for point in past.smoke] == [62.5]
    run = await tree_of(served, f"/runs/{last.run_id}")
    assert said(one(run, "#findings-domain_authority summary")) == "Domain authority 2"


async def test_a_flag_that_is_true_reads_yes(served: Served) -> None:
    await smoke(served.room, "notifications")
    tree = await inspector(served, "notifications")
    assert said(one(tree, "#expected-alert_delivered td.value")).startswith("yes")


async def test_an_output_that_is_gone_has_regressed_since_the_first_run_without_it(
    served: Served,
) -> None:
    room = served.room
    await smoke(room, "content_qa", qa_score=81)
    await smoke(room, "content_qa", "qa_score")
    await smoke(room, "content_qa", "qa_score")
    tree = await inspector(served, "content_qa")
    standing = said(one(tree, "#missing-qa_score .standing"))
    assert standing == "Regressed since 2026-11-22 09:00:00 UTC"
    times = [t.attributes["datetime"] for t in tree.css("#missing-qa_score .since time")]
    assert times == ["2026-11-22T09:00:00+00:00", "2026-11-21T09:00:00+00:00"]
    assert "81" in said(one(tree, "#missing-qa_score .since a"))


async def test_the_api_tells_the_same_history(served: Served) -> None:
    room = served.room
    await smoke(room, "content_qa", qa_score=81)
    await smoke(room, "content_qa", "qa_score")
    path = f"/api/sites/{room.site.id}/services/content_qa"
    async with served.http.get(path) as answer:
        view = await answer.json()
    history = next(o for o in view["outputHistory"] if o["slug"] == "qa_score")
    assert [point["value"] for point in history["smoke"]] == [81, None]
    assert (history["standing"], history["full"]) == ("regressed", [])
    assert view["firstMissingSince"]["qa_score"] == "2026-11-22T09:00:00Z"
    assert view["lastSeen"]["qa_score"]["value"] == 81
    assert view["lastSeen"]["qa_score"]["at"] == "2026-11-21T09:00:00Z"


def broken_rules(number: int) -> list[dict[str, str]]:
    return [{"rule": "reading_ease", "url": f"/{page}"} for page in range(number)]


async def test_an_output_may_have_been_seen_long_before_the_runs_that_are_drawn(
    served: Served,
) -> None:
    room = served.room
    first = await smoke(room, "content_qa", qa_score=81)
    assert first.smoke.run is not None
    view = first
    for number in range(23):
        view = await smoke(room, "content_qa", "qa_score", violations=broken_rules(number))
    assert view.last_seen["qa_score"].run_id == first.smoke.run.id
    assert (view.first_missing_since["qa_score"] - START).days == 1
    history = {each.slug: each for each in view.output_history}
    assert [p.value for p in history["violations"].smoke] == [float(n) for n in range(3, 23)]
    assert {p.outcome for p in history["qa_score"].smoke} == {"missing"}


async def test_cancelled_runs_and_runs_under_way_say_nothing_of_outputs(served: Served) -> None:
    room = served.room
    await smoke(room, "content_qa", qa_score=81)
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")
    await room.hermes.jobs.cancel(started.job_id, "tests")
    room.clock.forward(60)
    await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")
    view = await room.hermes.integrations.service(room.site.id, "content_qa")
    assert {len(each.smoke) for each in view.output_history} == {1}
    assert view.first_missing_since == {}
    tree = await inspector(served, "content_qa")
    assert said(one(tree, "#smoke-results .missing")) == "Pending"


async def test_a_history_is_bounded_however_large_the_values_are(served: Served) -> None:
    room = served.room
    rows = [
        {"url": f"https://site.example/{n}", "rule": "r1", "change": "x" * 200} for n in range(300)
    ]
    listed = {"count": 300, "items": rows, "complete": True}
    for _ in range(3):
        await smoke(
            room,
            "content_qa",
            fix_list=listed,
            violations=rows,
            compliance_status=f"compliant with {'y' * 900}",
        )
    view = await room.hermes.integrations.service(room.site.id, "content_qa", history=0)
    assert view.last_seen["fix_list"].entries == view.last_seen["violations"].entries == 300
    assert len(str(view.last_seen["compliance_status"].value)) == 160
    told = json.dumps([each.model_dump(mode="json") for each in view.output_history])
    assert len(told) < 10_000


async def test_the_line_of_an_output_says_lowest_highest_and_last_and_shows_its_gaps(
    served: Served,
) -> None:
    room = served.room
    for score in (70, 90):
        await smoke(room, "content_qa", qa_score=score)
    await smoke(room, "content_qa", "qa_score")
    await smoke(room, "content_qa", qa_score=80)
    tree = await inspector(served, "content_qa")
    line = one(tree, "#expected-qa_score .spark")
    assert line.attributes["aria-label"] == (
        "lowest 70, highest 90, last 80; returned in 3 of the last 4 smoke runs"
    )
    assert len(tree.css("#expected-qa_score .gap")) == 1
    pieces = [piece.attributes["points"] for piece in tree.css("#expected-qa_score polyline")]
    assert [len(str(piece).split()) for piece in pieces] == [2], "the line stops at the gap"
    assert len(tree.css("#expected-qa_score circle")) == 3
    assert said(one(tree, "#expected-qa_score .spark-cell small")) == "70 to 90 · missing in 1"


async def test_full_and_connection_runs_are_never_mixed_with_smoke(served: Served) -> None:
    room = served.room
    await smoke(room, "crawl_render", pages_crawled=10)
    final = done(outputs_of(room.catalog.service("crawl_render")) | {"pages_crawled": 900})
    room.worker.script("crawl_render").final = final
    await room.hermes.jobs.start_full(room.site.id, "tests", "crawl_render")
    await room.hermes.jobs.start_connections(room.site.id, "tests", "crawl_render")
    await room.finish()
    tree = await inspector(served, "crawl_render")
    smoke_line = one(tree, "#expected-pages_crawled .spark").attributes["aria-label"]
    assert smoke_line == "lowest 10, highest 10, last 10; returned in 1 of the last 1 smoke runs"
    full_lines = [line.attributes["aria-label"] for line in tree.css("#full .spark")]
    assert "lowest 900, highest 900, last 900; returned in 1 of the last 1 full runs" in full_lines
    assert said(one(tree, "#connection .st")) == "Connected"
    assert not re.search(r"\b900\b", said(one(tree, "#smoke-results")))  # an id may begin with it


async def test_inputs_say_what_is_there_where_it_comes_from_and_what_a_provider_would_add(
    served: Served,
) -> None:
    room = served.room
    room.register("serp_intel")
    tree = await inspector(served, "serp_intel")
    assert said(one(tree, "#input-base_url .st")) == "Set"
    assert "Found in: environment" in said(one(tree, "#input-HERMES_WORKER_SERP_INTEL"))
    foreign = said(one(tree, "#input-HERMES_PROVIDER_DATAFORSEO"))
    assert foreign.startswith(
        "Managed by the worker HERMES_PROVIDER_DATAFORSEO provider credential, optional"
    )
    assert "DataForSEO API login and password" in foreign
    del room.variables[room.catalog.service("serp_intel").secret]
    tree = await inspector(served, "serp_intel")
    worker = said(one(tree, "#input-HERMES_WORKER_SERP_INTEL"))
    assert worker.startswith("Not set")
    assert "Next " in worker
    absent = said(one(tree, "#input-HERMES_PROVIDER_DATAFORSEO"))
    assert "DataForSEO API login and password" in absent
    room.variables["HERMES_PROVIDER_DATAFORSEO"] = "secret-value-of-dataforseo"
    body = str((await inspector(served, "serp_intel")).html)
    assert "secret-value-of-dataforseo" not in body
    assert "Found in: environment" in said(
        one(LexborHTMLParser(body), "#input-HERMES_PROVIDER_DATAFORSEO")
    )


async def test_a_setting_that_the_site_lacks_is_absent_with_a_next_step(served: Served) -> None:
    wanted = SiteInput(base_url="https://other.example")
    other = await served.room.hermes.sites.add(wanted, "tests")
    service = served.room.catalog.service("site_executor")
    needed = [name for name in service.requires_site if name != "base_url"]
    assert needed, "the catalog's entry needs a setting"
    tree = await tree_of(served, f"/sites/{other.id}/services/site_executor")
    for name in needed:
        assert said(one(tree, f"#input-{name} .st")) == "Not set"
        assert f"Set {name} in the site's settings." in said(one(tree, f"#input-{name} .step"))


async def test_what_was_converted_while_reading_is_noted_beside_the_value(served: Served) -> None:
    outputs = outputs_of(served.room.catalog.service("core_web_vitals"), "lcp")
    room = served.room
    room.register("core_web_vitals")
    room.worker.script("core_web_vitals").final = done(outputs | {"lcp_seconds": 2.4})
    await room.hermes.jobs.start_smoke(room.site.id, "tests", "core_web_vitals")
    await room.finish()
    view = await room.hermes.integrations.service(room.site.id, "core_web_vitals")
    assert view.smoke.run is not None
    note = view.smoke.run.metrics["notes"]["lcp"]
    tree = await inspector(served, "core_web_vitals")
    assert said(one(tree, "#expected-lcp .note")) == f"Note: {note}"


async def test_what_went_wrong_has_reason_cause_and_next_step_and_stages(served: Served) -> None:
    room = served.room
    room.all_succeed()
    room.worker.script("seo_kbase").final = {"status": "failed", "error": "the disk is full"}
    await room.hermes.jobs.start_smoke(room.site.id, "tests", "seo_kbase")
    await room.finish()
    tree = await inspector(served, "seo_kbase")
    wrong = said(one(tree, ".went-wrong"))
    assert "the disk is full" in wrong
    assert "Likely cause:" in wrong
    assert said(one(tree, ".went-wrong .step")).startswith("Next ")
    assert [s.attributes["data-outcome"] for s in tree.css("#smoke-results .stages li")][
        -1
    ] == "failed"
    diagnostics = json.loads(one(tree, "#diagnostics-json").text())
    assert diagnostics["status"] == "failed"
    assert diagnostics["evidence"]["stages"]


async def test_past_runs_come_in_pages_and_by_type(served: Served) -> None:
    room = served.room
    room.all_succeed()
    for _ in range(22):
        await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")
        await room.finish()
        room.clock.forward(60)
    await room.hermes.jobs.start_connections(room.site.id, "tests", "content_qa")
    await room.finish()
    first = await inspector(served, "content_qa")
    assert types(first) == ["connection"] + ["smoke"] * 19
    older = str(one(first, "#history .pages a").attributes["href"]).partition("?")[2]
    second = await inspector(served, "content_qa", f"?{older.partition('#')[0]}")
    assert types(second) == ["smoke"] * 3
    assert not ids(first) & ids(second)
    assert said(one(second, "#history .pages")) == "Newest runs"
    connections = await inspector(served, "content_qa", "?type=connection")
    assert types(connections) == ["connection"]
    assert said(one(connections, "#history [aria-current]")) == "Connection"
    live = str(one(connections, "#live").attributes["hx-get"])
    assert live.endswith("?type=connection"), "a refresh keeps the page of runs"
    assert said(one(await inspector(served, "content_qa", "?type=full"), "#history p")) == (
        "No full runs yet."
    )


def types(tree: LexborHTMLParser) -> list[str | None]:
    return [row.attributes["data-type"] for row in tree.css("#history tbody tr")]


def ids(tree: LexborHTMLParser) -> set[str | None]:
    return {row.attributes["id"] for row in tree.css("#history tbody tr")}


@pytest.mark.parametrize("query", ["?type=everything", "?before=1"])
async def test_a_page_of_runs_that_cannot_be_is_said_not_to_be_there(
    served: Served, query: str
) -> None:
    tree = await tree_of(served, site_path(served, f"services/content_qa{query}"), 404)
    assert "There is nothing at" in said(one(tree, ".notice b"))


async def test_a_service_that_was_never_tested_says_so_everywhere(served: Served) -> None:
    tree = await inspector(served, "content_qa")
    assert said(one(tree, "#smoke-results .missing")) == "Not tested yet"
    standings = {said(cell) for cell in tree.css("td.standing")}
    assert standings == {"No verdict yet"}
    assert {said(cell) for cell in tree.css("td.spark-cell")} == {"No verdict yet"}
    assert said(one(tree, "#history p")) == "No runs yet."
    assert not [cell for cell in tree.css("td, dd, th") if not said(cell)], "a cell is blank"


async def test_a_full_crawl_under_way_shows_how_far_it_is_and_can_be_cancelled(
    served: Served,
) -> None:
    room = served.room
    room.register("crawl_render")
    room.worker.script("crawl_render").polls = 500
    await room.hermes.jobs.start_full(room.site.id, "tests", "crawl_render")
    await room.runner().drain()
    room.clock.forward(60)
    await room.runner().drain()
    tree = await inspector(served, "crawl_render")
    bar = one(tree, "#full [role=progressbar]")
    assert (bar.attributes["value"], bar.attributes["max"]) == ("1", "500")
    facts = [said(fact) for fact in tree.css("#full .figs dd")]
    assert facts == ["1 of 500 steps", "0.017 per second", "8 h 19 min"]
    action = str(one(tree, "#full form").attributes["action"])
    assert action.startswith("/runs/")
    assert (await press(served, action))[0] == 303


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ([], None),
        ([("returned", 3.0)], "lowest 3, highest 3, last 3; returned in 1 of the last 1 smoke runs"),
        ([("missing", None)], "returned in 0 of the last 1 smoke runs"),
        ([("returned", 0.25), ("missing", None)], "lowest 0.25, highest 0.25, last 0.25; returned in 1 of the last 2 smoke runs"),
        ([("not promised", None), ("returned", None)], "returned in 1 of the last 1 smoke runs"),
    ],
)  # fmt: skip
def test_a_line_in_words(told: list[tuple[Any, float | None]], words: str | None) -> None:
    line = sparkline(points(told), "smoke runs")
    assert (line.words if line else None) == words


def test_every_point_of_a_line_lies_in_its_box() -> None:
    line = sparkline(
        points([("returned", value) for value in (-5.0, 1e12, 0.0, 3.5)]), "smoke runs"
    )
    assert line is not None
    assert all(0 <= x <= 120 and 0 <= y <= 26 for x, y in line.dots)
    assert len(line.lines[0].split()) == 4


def points(told: list[tuple[Any, float | None]]) -> list[OutputPoint]:
    from uuid import uuid4

    return [OutputPoint(run_id=uuid4(), at=START, outcome=o, value=v) for o, v in told]


@pytest.mark.browser
async def test_the_drawer_opens_over_the_table_and_escape_gives_the_focus_back(
    browser: Browser, served: Served
) -> None:
    room = served.room
    await smoke(room, "content_qa", "fix_list")
    async with opened(browser, served) as page:
        await state(page, "#live-state", "live")
        link = page.locator("#open-content_qa")
        await link.focus()
        await page.keyboard.press("Enter")
        drawer = page.locator("#drawer")
        await expect(drawer.locator("h1")).to_have_text("Content QA / Policy Validator")
        await expect(drawer.locator("#missing-fix_list .standing")).to_contain_text(
            "Not returned yet"
        )
        await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")
        await expect(drawer.locator("#smoke-results .missing")).to_have_text("Pending")
        await page.keyboard.press("Escape")
        await expect(drawer).to_be_hidden()
        await expect(link).to_be_focused()


@pytest.mark.browser
async def test_a_button_in_the_drawer_starts_a_test_and_the_drawer_stays(
    browser: Browser, served: Served
) -> None:
    served.room.all_succeed()
    async with opened(browser, served) as page:
        await page.click("#open-content_qa")
        drawer = page.locator("#drawer")
        await drawer.locator("#inspect-smoke").click()
        await expect(drawer.locator("#smoke-results .missing")).to_have_text("Pending")
        await expect(page.locator("#row-content_qa .missing")).to_have_text("Pending")
        await served.room.finish()
        await expect(drawer.locator("#smoke-results .missing")).to_have_text("None missing")
        await drawer.locator("#history .seg a", has_text="Connection").click()
        await expect(drawer.locator("#history p")).to_have_text("No connection runs yet.")
        await page.click("#drawer-close")
        await expect(drawer).to_be_hidden()


@pytest.mark.browser
async def test_what_is_refused_in_the_drawer_is_said_in_the_drawer(
    browser: Browser, served: Served
) -> None:
    served.room.all_succeed()
    async with opened(browser, served, stream=False) as page:
        await page.click("#open-content_qa")
        drawer = page.locator("#drawer")
        await expect(drawer.locator("#inspect-smoke")).to_be_visible()
        served.room.variables.clear()
        await drawer.locator("#inspect-smoke").click()
        await expect(drawer.locator("#drawer-notice")).to_contain_text("0 services found because:")


@pytest.mark.browser
async def test_copy_diagnostics_copies_the_json(browser: Browser, served: Served) -> None:
    await smoke(served.room, "content_qa", "fix_list")
    context = await browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = await context.new_page()
    await served.sign_in(page, site_path(served, "services/content_qa"))
    await page.click("#copy-diagnostics")
    await expect(page.locator("#copy-diagnostics")).to_have_text("Copied")
    copied = json.loads(await page.evaluate("navigator.clipboard.readText()"))
    assert copied["outputs"]["missingOutputs"] == ["fix_list"]
    await context.close()


@pytest.mark.browser
async def test_without_a_script_the_inspector_is_a_page_of_its_own(
    browser: Browser, served: Served
) -> None:
    await smoke(served.room, "content_qa", "fix_list")
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await served.sign_in(page, site_path(served))
    await page.click("#open-content_qa")
    await expect(page).to_have_url(re.compile("/services/content_qa$"))
    await page.click("#diagnostics summary")
    await expect(page.locator("#diagnostics-json")).to_contain_text('"missingOutputs"')
    await context.close()
