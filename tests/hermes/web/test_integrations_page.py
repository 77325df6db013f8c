"""The Integrations page and the Sites page: what is shown, chosen, sorted, pressed, and what to do next."""

import asyncio
import json
import re
from typing import Any
from urllib.parse import parse_qsl

import pytest
from playwright.async_api import Browser, Page, expect
from selectolax.lexbor import LexborHTMLParser

from hermes.core.catalog import Catalog
from hermes.operations import platform
from hermes.web.pages.integrations.groups import need_of
from hermes.web.pages.integrations.service_filter import SORTS, filter_of
from hermes_base.problems import Problem
from hermes_base.row_filter import RowFilter
from tests.hermes.web.test_pages import one, press, said, site_path, text_of, tree_of
from tests.hermes.web.test_pages_in_a_browser import opened, state
from tests.support.catalog import all_built, outputs_of
from tests.support.room import Room, open_room
from tests.support.served import Served
from tests.support.worker import done

ROWS = "table.services tr[data-service]"
WEEK = 7 * 86_400.0


def slugs(tree: LexborHTMLParser) -> list[str | None]:
    return [row.attributes["data-service"] for row in tree.css(ROWS)]


async def mixed(room: Room) -> None:
    """Two failed, one partial, one never tested, one without a secret; the others passed."""
    room.all_succeed()
    for slug in ("seo_kbase", "content_qa"):
        room.worker.script(slug).final = {"status": "failed", "error": f"{slug} broke"}
    generator = room.catalog.service("content_generator")
    room.worker.script("content_generator").final = done(outputs_of(generator, "drafts"))
    del room.variables[room.catalog.service("notifications").secret]
    tested = [s.slug for s in room.catalog.workers if s.state == "built"]
    tested = [slug for slug in tested if slug not in ("audit_log", "notifications")]
    await room.hermes.jobs.start_smoke(room.site.id, "tests", tested)
    await room.finish()
    room.clock.forward(60)


async def shown(served: Served, query: str) -> LexborHTMLParser:
    return await tree_of(served, site_path(served, f"integrations{query}"))


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("?status=failed", ["content_qa", "seo_kbase"]),
        ("?status=partial", ["content_generator"]),
        ("?status=not_tested", ["audit_log"]),
        ("?status=needs_config", ["notifications"]),
        ("?status=failed&q=knowledge", ["seo_kbase"]),
        ("?q=KBASE+broke", ["seo_kbase"]),
        ("?q=faq+markup", []),
        ("?q=drafts", ["content_generator"]),
        ("?status=partial&sort=-service", ["content_generator"]),
        ("?status=failed&sort=service", ["content_qa", "seo_kbase"]),
        ("?status=failed&sort=-service", ["seo_kbase", "content_qa"]),
    ],
)
async def test_the_address_chooses_what_the_table_shows(
    served: Served, query: str, wanted: list[str]
) -> None:
    await mixed(served.room)
    assert slugs(await shown(served, query)) == wanted


async def test_the_numbers_of_the_states_are_those_of_the_roll_up(served: Served) -> None:
    await mixed(served.room)
    tree = await shown(served, "")
    numbers = {
        str(a.attributes["id"]).removeprefix("statuses-"): int(said(one(tree, f"#{a.attributes['id']} .n")))
        for a in tree.css("#statuses a")
    }  # fmt: skip
    assert numbers == {
        "all": 16, "failed": 2, "partial": 1, "not_tested": 1, "needs_config": 1,
        "passed": 8, "running": 0, "blocked": 3,
    }  # fmt: skip
    assert said(one(tree, "#headline")).endswith(
        "2 failed, 1 partial, 1 needs setup, 8 passed, 1 not tested yet, 3 planned and not built yet."
    )
    for status, number in numbers.items():
        rows = await shown(served, f"?status={status}")
        assert len(rows.css("table.services tr[data-row]")) == number, status
    assert one(tree, "#statuses-all").attributes["aria-current"] == "true"
    failed = await shown(served, "?status=failed")
    assert [a.attributes["id"] for a in failed.css("#statuses [aria-current]")] == [
        "statuses-failed"
    ]


async def test_next_actions_name_exactly_the_rows_that_their_filter_shows(served: Served) -> None:
    """One readiness and one count: a service without a smoke mode is not tested, in all of them."""
    room = served.room
    await mixed(room)
    room.worker.script("orchestrator").health_status = 401
    await room.hermes.jobs.start_connections(room.site.id, "tests", "orchestrator")
    await room.finish()
    view = await room.hermes.integrations.table(room.site.id)
    filters = {
        "failed": "failed", "missing": "partial", "needs_config": "needs_config",
        "no_connection": "no_connection",
    }  # fmt: skip
    for kind, status in filters.items():
        told = {action.slug for action in view.next_actions if action.kind == kind}
        rows = {str(slug) for slug in slugs(await shown(served, f"?status={status}"))}
        assert told == rows, kind
        assert told, kind
    tree = await shown(served, "")
    told = {action.slug for action in view.next_actions if action.kind == "not_tested"}
    waiting = [row.attributes["data-service"] for row in tree.css("#group-untested tr")[1:]]
    assert told == set(waiting) == {"audit_log"}
    assert said(one(tree, "#todo-needs_config summary b")) == "1"


async def test_a_service_without_a_smoke_mode_counts_as_not_tested_everywhere(
    database_url: str,
) -> None:
    services = tuple(
        s.model_copy(update={"smoke": None}) if s.slug == "content_qa" else s
        for s in all_built().services
    )
    async with open_room(database_url, Catalog(version=1, services=services)) as room:
        room.register("content_qa")
        view = await room.hermes.integrations.table(room.site.id)
        row = next(row for row in view.services if row.slug == "content_qa")
        kinds = [action.kind for action in view.next_actions if action.slug == "content_qa"]
        assert (row.readiness, row.smoke.state, kinds) == ("ready", "not_tested", ["not_tested"])
        assert need_of(row, view.generated_at) == "untested"


async def test_schedules_and_deliveries_of_alerts_never_take_the_bar_of_a_press(
    served: Served,
) -> None:
    room = served.room
    room.all_succeed()
    await room.hermes.jobs.start_smoke(room.site.id, "api token")
    await room.finish()
    room.clock.forward(60)
    await room.hermes.jobs.start_smoke(room.site.id, "schedule 0 6 * * * UTC", "content_qa")
    await room.hermes.jobs.start_full(room.site.id, "alerts", "crawl_render")
    tree = await shown(served, "")
    assert [said(b) for b in tree.css(".job .sentence")] == ["Smoke Test complete: 13 passed"]
    for _ in range(25):
        await room.finish()
        room.clock.forward(1)
        await room.hermes.jobs.start_smoke(room.site.id, "schedule 0 6 * * * UTC", "content_qa")
    tree = await shown(served, "")
    assert [said(b) for b in tree.css(".job .sentence")] == ["Smoke Test complete: 13 passed"]


async def test_my_own_result_stays_when_another_person_presses_after_me(served: Served) -> None:
    room = served.room
    room.all_succeed()
    await room.hermes.jobs.start_smoke(room.site.id, "api token", "content_qa")
    await room.finish()
    room.clock.forward(60)
    await room.hermes.jobs.start_connections(room.site.id, "ann@example.com", "audit_log")
    tree = await shown(served, "")
    assert said(one(tree, ".job .sentence")).startswith("Connection Test started")
    await room.finish()
    assert said(one(await shown(served, ""), ".job .sentence")) == "Smoke Test complete: 1 passed"
    room.clock.forward(2 * 86_400.0)
    assert not (await shown(served, "")).css(".job"), "what is two days old is no news"


async def test_a_refresh_leaves_rows_where_they_stand_and_says_so(served: Served) -> None:
    room = served.room
    await mixed(room)
    first = await shown(served, "")
    places = str(one(first, "table.services").attributes["data-places"])
    room.worker.script("content_qa").final = done(outputs_of(room.catalog.service("content_qa")))
    await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")
    await room.finish()
    again = LexborHTMLParser(
        await text_of(served, site_path(served), headers={"Hermes-Places": places})
    )
    assert slugs(again) == slugs(first)
    assert said(one(again, "#row-content_qa td.smoke .st")) == "Passed"
    assert said(one(again, "#group-trouble .grp")) == "Failed or partial when this list was grouped"
    assert "1 service belongs elsewhere by now. Group again" in said(one(again, "#as-of"))
    assert one(again, "table.services").attributes["data-places"] == places
    anew = await shown(served, "")
    assert "content_qa" in [r.attributes["data-service"] for r in anew.css("#group-passed tr")[1:]]
    assert not anew.css("#regroup")


@pytest.mark.parametrize("told", ["", "x", ";;;", "2026-11-21T09:00:00+00:00;evil=a,b;passed"])
async def test_places_that_are_none_hold_nothing(served: Served, told: str) -> None:
    await mixed(served.room)
    held = LexborHTMLParser(
        await text_of(served, site_path(served), headers={"Hermes-Places": told})
    )
    assert slugs(held) == slugs(await shown(served, ""))


async def test_links_of_states_and_columns_keep_the_rest_of_the_choice(served: Served) -> None:
    await mixed(served.room)
    tree = await shown(served, "?status=failed&q=k&sort=missing")
    assert one(tree, "#statuses-partial").attributes["href"] == "?status=partial&q=k&sort=missing"
    assert one(tree, "#sort-service").attributes["href"] == "?status=failed&q=k&sort=service"
    assert one(tree, "#sort-missing").attributes["href"] == "?status=failed&q=k&sort=-missing"
    assert one(tree, "#q").attributes["value"] == "k"
    assert one(tree, "[name=status]").attributes["value"] == "failed"
    assert one(tree, "#sort [selected]").attributes["value"] == "missing"
    live = str(one(tree, "#live").attributes["hx-get"])
    assert live == site_path(served, "integrations?status=failed&q=k&sort=missing")


@pytest.mark.parametrize(
    ("sort", "first", "aria"),
    [
        ("service", "audit_log", "ascending"),
        ("-service", "crawl_render", "descending"),
        ("smoke", "content_qa", "descending"),
        ("missing", "content_qa", "descending"),
        ("-missing", "content_generator", "ascending"),
    ],
)
async def test_every_column_sorts_both_ways_and_says_so(
    served: Served, sort: str, first: str, aria: str
) -> None:
    await mixed(served.room)
    tree = await shown(served, f"?sort={sort}")
    assert slugs(tree)[0] == first
    if sort.endswith("service"):
        names = [said(one(tree, f"#open-{slug}")) for slug in slugs(tree)]
        assert names == sorted(names, key=str.casefold, reverse=sort.startswith("-"))
    sorted_by = [th.attributes["aria-sort"] for th in tree.css("thead th[aria-sort]")]
    assert sorted(str(each) for each in sorted_by) == sorted([aria, *["none"] * (len(SORTS) - 1)])


async def test_every_row_has_a_cell_below_each_heading(served: Served) -> None:
    await mixed(served.room)
    tree = await shown(served, "")
    heads = tree.css("table.services thead th")
    rows = tree.css("table.services tbody tr")
    assert len(tree.css(ROWS)) == 13
    for row in rows:
        wide = sum(int(cell.attributes.get("colspan") or 1) for cell in row.css("th, td"))
        assert wide == len(heads), (
            "one cell of parts/row.html for each heading of integrations.html"
        )


async def test_what_was_never_run_comes_last_in_either_order(served: Served) -> None:
    await mixed(served.room)
    for sort in ("last", "-last"):
        assert set(slugs(await shown(served, f"?sort={sort}"))[-2:]) == {"audit_log", "notifications"}  # fmt: skip


@pytest.mark.parametrize("query", ["?status=evil&sort=drop", "?status=&sort=-", "?q=%20%20"])
async def test_a_choice_that_is_none_shows_the_table_as_it_is(served: Served, query: str) -> None:
    await mixed(served.room)
    assert slugs(await shown(served, query)) == slugs(await shown(served, ""))


def test_a_choice_survives_its_own_address() -> None:
    for choice in (
        RowFilter(),
        RowFilter("failed", "a b&c=ü", "-missing"),
        RowFilter("all", "", "last"),
    ):
        assert filter_of(dict(parse_qsl(choice.query.removeprefix("?")))) == choice


async def test_no_match_says_so_and_leads_back_to_all(served: Served) -> None:
    await mixed(served.room)
    tree = await shown(served, "?status=partial&q=zzz")
    assert said(one(tree, "#no-match")) == (
        "No service has the status “Partial” and matches “zzz”. Show all services"
    )
    assert one(tree, "#no-match a").attributes["href"] == site_path(served)
    assert not tree.css("table.services")


async def test_the_state_blocked_shows_what_is_planned_and_nothing_else(served: Served) -> None:
    tree = await shown(served, "?status=blocked")
    assert not tree.css(ROWS)
    assert not tree.css("#no-match")
    assert len(tree.css("#group-planned tr[data-planned]")) == 3
    assert not (await shown(served, "?status=failed")).css("#group-planned")


async def test_without_any_secret_the_page_says_what_to_do_first(served: Served) -> None:
    tree = await shown(served, "")
    assert "no service has an address and a key" in said(one(tree, "#none-configured"))
    assert len(tree.css("#todo-needs_config ol > li")) == 13
    served.room.register("content_qa")
    assert not (await shown(served, "")).css("#none-configured")


async def test_next_actions_stand_in_order_with_what_to_do(served: Served) -> None:
    room = served.room
    room.all_succeed()
    await room.hermes.jobs.start_smoke(room.site.id, "tests", "crawl_render")
    await room.finish()
    room.clock.forward(WEEK + 60)
    await mixed(room)
    await room.hermes.pool.execute(
        "delete from service_runs where run_type = 'smoke' and service_slug = 'crawl_render'"
        " and created_at > (select min(created_at) from service_runs)"
    )
    tree = await shown(served, "")
    kinds = [str(d.attributes["id"]) for d in tree.css("#next-actions details")]
    assert kinds == ["todo-not_tested", "todo-needs_config", "todo-failed", "todo-missing", "todo-stale"]  # fmt: skip
    assert "Fix SEO Knowledge Base" in said(one(tree, "#action-failed-seo_kbase"))
    assert "seo_kbase broke" in said(one(tree, "#action-failed-seo_kbase"))
    template = json.loads(one(tree, "#template-notifications").text())
    assert set(template) == {"base_url", "api_key"}
    assert said(one(tree, "#action-needs_config-notifications .template code")) == "HERMES_WORKER_NOTIFICATIONS"  # fmt: skip
    assert one(tree, "#copy-notifications").attributes["data-copy"] == "#template-notifications"
    assert "Stale" in said(one(tree, "#row-crawl_render td.smoke"))
    assert "Stale" not in said(one(tree, "#row-seo_kbase td.smoke"))
    async with served.http.get(f"/api/sites/{room.site.id}/integrations") as answer:
        actions: list[dict[str, Any]] = (await answer.json())["nextActions"]
    assert [a["kind"] for a in actions] == ["not_tested", "needs_config", "failed", "failed", "missing", "stale"]  # fmt: skip
    assert [a["what"] for a in actions] == [said(b) for b in tree.css(".todo-text a b")]


async def test_with_nothing_to_do_the_page_says_so(served: Served) -> None:
    served.room.all_succeed()
    await served.room.hermes.jobs.start_smoke(served.room.site.id, "tests")
    await served.room.finish()
    tree = await shown(served, "")
    assert said(one(tree, "#next-actions p")).startswith("Nothing to do")


async def test_one_press_smoke_tests_exactly_the_failed_ones_in_one_job(served: Served) -> None:
    await mixed(served.room)
    back = site_path(served, "integrations?status=failed&q=a+b")
    tree = await shown(served, "?status=failed&q=a+b")
    button = one(tree, "#smoke-failed")
    assert said(button) == "Run smoke tests again (2)"
    fields = {str(i.attributes["name"]): str(i.attributes["value"]) for i in tree.css("form:has(#smoke-failed) input")}  # fmt: skip
    assert fields == {"back": back, "services": "content_qa,seo_kbase"}
    status, headers, _ = await press(served, site_path(served, "smoke-tests"), None, **fields)
    assert (status, headers["Location"]) == (303, back)
    job = (await served.room.hermes.jobs.of(served.room.site.id))[0]
    assert (job.job_type, job.service_slug) == ("smoke_some", None)
    assert {s.slug for s in job.services} == {"content_qa", "seo_kbase"}
    assert job.summary == "Smoke Test started: 0/2 completed"
    await served.room.finish()
    job = await served.room.hermes.jobs.one(job.id)
    assert job.summary == "Smoke Test complete: 0 passed, 2 failed"


async def start_some(served: Served, *services: str, **more: Any) -> tuple[int, dict[str, Any]]:
    body = {"siteId": str(served.room.site.id), "services": list(services), **more}
    async with served.http.post("/api/tests/smoke/start", json=body) as answer:
        return answer.status, await answer.json(content_type=None)


async def test_the_api_smoke_tests_several_named_services_and_says_who_was_left_out(
    served: Served,
) -> None:
    served.room.register("content_qa", "seo_kbase")
    status, started = await start_some(served, "content-qa", "knowledge_base", "notifications")
    assert (status, started["jobType"]) == (202, "smoke_some")
    assert [s["slug"] for s in started["services"]] == ["content_qa", "seo_kbase"]
    assert [s["slug"] for s in started["leftOut"]] == ["notifications"]
    again, second = await start_some(served, "seo_kbase", "content_qa")
    assert (again, second["jobId"], second["alreadyRunning"]) == (202, started["jobId"], True)


async def test_a_list_of_one_is_the_smoke_test_of_that_service(served: Served) -> None:
    served.room.register("content_qa")
    status, started = await start_some(served, "content_qa")
    assert (status, started["jobType"]) == (202, "smoke_one")


async def test_an_open_job_of_other_services_is_not_passed_off_as_the_one_asked_for(
    served: Served,
) -> None:
    served.room.register("content_qa", "seo_kbase", "audit_log")
    await start_some(served, "content_qa", "seo_kbase")
    status, problem = await start_some(served, "content_qa", "audit_log")
    assert (status, problem["code"]) == (409, "job_open")


@pytest.mark.parametrize(
    ("services", "more", "code"),
    [
        ([], {}, "invalid_request"),
        (["content_qa", "nobody"], {}, "unknown_service"),
        (["content_qa", "seo_kbase"], {"service": "audit_log"}, "invalid_request"),
        (["notifications", "audit_log"], {}, "nothing_selected"),
    ],
)
async def test_a_wrong_list_of_services_starts_nothing(
    served: Served, services: list[str], more: dict[str, Any], code: str
) -> None:
    served.room.register("content_qa", "seo_kbase")
    status, problem = await start_some(served, *services, **more)
    assert (status // 100, problem["code"]) == (4, code)
    assert await served.room.hermes.jobs.of(served.room.site.id) == []


async def test_only_smoke_tests_are_run_for_several_named_services(room: Room) -> None:
    room.register("content_qa", "seo_kbase")
    with pytest.raises(Problem, match="Only smoke tests"):
        await room.hermes.jobs.start(
            "connection", room.site.id, "tests", ["content_qa", "seo_kbase"]
        )


async def test_every_fact_tells_how_old_it_is(served: Served) -> None:
    await mixed(served.room)
    tree = await shown(served, "")
    assert said(one(tree, "#as-of")) == "As of just now"
    assert said(one(tree, "#row-seo_kbase td.smoke .at")) == "1 min ago"
    assert not tree.css("#row-audit_log td.smoke .at")
    assert [said(part) for part in tree.css("#platform li small")] == ["checked just now"] * 2


async def test_a_slow_measurement_of_the_platform_delays_no_page_and_says_so(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "LONGEST_MEASUREMENT", 0.2)
    pool = served.room.hermes.pool
    held = [await pool.acquire() for _ in range(pool.get_max_size() - 1)]
    try:
        slow = asyncio.create_task(pool.fetchval("select pg_sleep(600)"))
        await asyncio.sleep(0)
        parts = {part.slug: part for part in await served.room.hermes.platform.measure()}
        assert not slow.done(), "nobody waited for what holds the database"
        slow.cancel()
        await asyncio.wait([slow])
    finally:
        for connection in held:
            await pool.release(connection)
    assert (parts["postgres_db"].state, parts["postgres_db"].text) == ("failed", "No response within 0.2 s")  # fmt: skip
    assert parts["bitwarden_vault"].state == "not_configured"


async def test_a_viewer_reads_everything_and_finds_no_button(served: Served) -> None:
    await mixed(served.room)
    viewer = await served.user("eve@example.com", "viewer")
    async with served.browsing(viewer) as http, http.get(site_path(served)) as answer:
        tree = LexborHTMLParser(await answer.text())
    assert len(tree.css(ROWS)) == 13
    posts = [form.attributes["action"] for form in tree.css("form[method=post]")]
    assert posts == ["/theme", "/sign-out"]
    assert not tree.css("#press, #stick")
    actions = [said(cell) for cell in tree.css("td.actions")]
    assert all(actions), "no blank cells"
    assert actions.count("View only") == 13


async def test_no_id_is_there_twice(served: Served) -> None:
    await mixed(served.room)
    for path in ("/", site_path(served), "/sites/new"):
        ids = re.findall(r'\sid="([^"]+)"', await text_of(served, path))
        assert len(ids) > 5, path
        assert len(ids) == len(set(ids)), [each for each in ids if ids.count(each) > 1]


# In a browser ------------------------------------------------------------------------------------


def rows(page: Page) -> Any:
    return page.locator(ROWS)


@pytest.mark.browser
async def test_typing_filters_at_once_and_the_address_can_be_handed_on(
    browser: Browser, served: Served
) -> None:
    await mixed(served.room)
    async with opened(browser, served) as page:
        await state(page, "#live-state", "live")
        await page.keyboard.press("/")
        await page.keyboard.type("monitor")
        await expect(rows(page)).to_have_count(2)
        await expect(page).to_have_url(re.compile(r"/integrations\?q=monitor$"))
        await expect(page.locator("#q")).to_be_focused()
        await page.click("#statuses-failed")
        await expect(page.locator("#no-match")).to_be_visible()
        await expect(page).to_have_url(re.compile(r"\?status=failed&q=monitor$"))
        await page.go_back()
        await expect(rows(page)).to_have_count(2)
        await page.fill("#q", "zzz")
        await expect(page.locator("#no-match")).to_be_visible()
        await page.click("#no-match a")
        await expect(rows(page)).to_have_count(13)
        await expect(page.locator("#q")).to_have_value("")


@pytest.mark.browser
async def test_a_choice_survives_a_press_and_a_live_refresh(
    browser: Browser, served: Served
) -> None:
    await mixed(served.room)
    async with opened(browser, served) as page:
        await state(page, "#live-state", "live")
        await page.click("#statuses-failed")
        await expect(rows(page)).to_have_count(2)
        async with page.expect_response(lambda r: r.request.redirected_from is not None) as answer:
            await page.click("#test-connections")
        assert (await answer.value).url.endswith("/integrations?status=failed")
        await state(page, "#row-content_qa td.connection .st", "queued")
        await expect(rows(page)).to_have_count(2)
        await served.room.runner().drain()
        await state(page, "#row-content_qa td.connection .st", "success")
        await expect(rows(page)).to_have_count(2)
        await expect(page.locator("#statuses-failed")).to_have_attribute("aria-current", "true")


@pytest.mark.browser
async def test_the_table_is_walked_and_worked_with_the_keyboard(
    browser: Browser, served: Served
) -> None:
    await mixed(served.room)
    async with opened(browser, served) as page:
        await state(page, "#live-state", "live")
        first, second = (rows(page).nth(n).locator("th a").first for n in (0, 1))
        await page.keyboard.press("j")
        await expect(first).to_be_focused()
        await page.keyboard.press("j")
        await expect(second).to_be_focused()
        await page.keyboard.press("ArrowUp")
        await expect(first).to_be_focused()
        await page.keyboard.press("k")
        await expect(first).to_be_focused()
        await page.focus("#open-content_qa")
        served.room.clock.forward(1)
        await page.keyboard.press("t")
        await state(page, "#row-content_qa td.connection .st", "queued")
        await expect(page.locator("#open-content_qa")).to_be_focused()
        served.room.clock.forward(1)
        await page.keyboard.press("s")
        await state(page, "#row-content_qa td.smoke .st", "queued")
        jobs = await served.room.hermes.jobs.of(served.room.site.id)
        assert [job.job_type for job in jobs[:2]] == ["smoke_one", "connection_one"]


@pytest.mark.browser
async def test_keys_are_letters_while_typing_and_can_be_switched_off(
    browser: Browser, served: Served
) -> None:
    await mixed(served.room)
    async with opened(browser, served) as page:
        await page.focus("#q")
        await page.keyboard.type("jts?/")
        await expect(page.locator("#q")).to_have_value("jts?/")
        await expect(page.locator("#keys")).to_be_hidden()
        await page.fill("#q", "")
        await expect(rows(page)).to_have_count(13)
        await page.locator("#q").blur()
        await page.keyboard.press("?")
        await expect(page.locator("#keys")).to_be_visible()
        await page.keyboard.press("j")
        await expect(page.locator("#open-google_data_connector")).not_to_be_focused()
        await page.click("#keys-on")
        await page.click("#close-keys")
        await expect(page.locator("#keys")).to_be_hidden()
        await page.keyboard.press("j")
        await expect(page.locator("#open-google_data_connector")).not_to_be_focused()
        await page.click("#me")
        await page.click("#show-keys")
        await expect(page.locator("#keys-on")).not_to_be_checked()


@pytest.mark.browser
async def test_open_actions_stay_open_and_a_template_is_copied(
    browser: Browser, served: Served
) -> None:
    await mixed(served.room)
    async with opened(browser, served) as page:
        await state(page, "#live-state", "live")
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await page.click("#todo-needs_config summary")
        await served.room.hermes.jobs.start_smoke(served.room.site.id, "tests", "seo_kbase")
        await state(page, "#row-seo_kbase td.smoke .st", "queued")
        await expect(page.locator("#template-notifications")).to_be_visible()
        await page.click("#copy-notifications")
        await expect(page.locator("#copy-notifications")).to_have_text("Copied")
        copied = await page.evaluate("navigator.clipboard.readText()")
        assert set(json.loads(copied)) == {"base_url", "api_key"}


@pytest.mark.browser
async def test_filter_and_sort_work_without_a_script(browser: Browser, served: Served) -> None:
    await mixed(served.room)
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(served.url + await served.link(site_path(served)))
    if not page.url.endswith("/integrations"):
        await page.click("button")
    await page.fill("#q", "monitor")
    await page.click("#apply-filter")
    await expect(rows(page)).to_have_count(2)
    await page.click("#statuses-passed")
    await expect(rows(page)).to_have_count(2)
    assert page.url.endswith("?status=passed&q=monitor")
    await page.click("#statuses-all")
    await page.click("#sort-service")
    assert page.url.endswith("?q=monitor&sort=service")
    await context.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1440])
async def test_no_form_page_scrolls_sideways(browser: Browser, served: Served, width: int) -> None:
    site = f"/sites/{served.room.site.id}"
    for path in ("/sites/new", f"{site}/edit", f"{site}/delete"):
        async with opened(browser, served, path, width) as page:
            assert await page.evaluate("document.documentElement.scrollWidth") <= width
