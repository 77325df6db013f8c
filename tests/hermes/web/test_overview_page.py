"""The overview: what is broken and why, who is on it, how every site stands, what changed since yesterday."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from hermes.catalog_files import CatalogFiles
from hermes.control import Hermes
from hermes.core.sites.input import SiteChange, SiteInput
from hermes.core.views import SiteView
from tests.hermes.web.test_integrations_page import mixed
from tests.hermes.web.test_pages import leave_out, one, press, said, text_of, tree_of
from tests.support.catalog import shipped_catalog
from tests.support.room import Room
from tests.support.served import Served
from tests.support.stream import stream_of

AWAY = "The site cannot be reached: its certificate has expired."


async def smoke(room: Room, *slugs: str, site: SiteView | None = None) -> None:
    await room.hermes.jobs.start_smoke((site or room.site).id, "tests", slugs or None)
    await room.finish()
    room.clock.forward(60)


def causes(tree: LexborHTMLParser) -> list[str]:
    return [said(each) for each in tree.css("#attention a.t")]


def fail(room: Room, error: str, *slugs: str) -> None:
    for slug in slugs:
        room.worker.script(slug).final = {"status": "failed", "error": error}


async def audited(room: Room) -> list[tuple[str, str]]:
    rows = await room.hermes.pool.fetch(
        "select actor, action from audit_events where action like 'cause%' order by id"
    )
    return [(row["actor"], row["action"]) for row in rows]


async def cause_in(room: Room) -> str:
    found = await room.hermes.pool.fetchval("select cause from smoke_standings where cause is not null limit 1")  # fmt: skip
    return str(found)


async def test_what_failed_stands_before_what_is_partial_and_what_needs_setup(
    served: Served,
) -> None:
    await mixed(served.room)
    tree = await tree_of(served, "/")
    assert said(one(tree, "#news")) == "2 broken, 1 partial, 1 needs setup"
    assert [said(each) for each in tree.css("#attention .st.tag")] == ["Failed", "Failed", "Partial", "Needs setup"]  # fmt: skip
    assert causes(tree)[2:] == [
        "Content Generator: 1 of 4 outputs missing",
        "1 service has no address and key",
    ]
    assert said(one(tree, f"#site-{served.room.site.id} .now")) == "2 failed, 1 partial, 1 needs setup"  # fmt: skip


async def test_services_that_fail_for_one_cause_are_one_row(served: Served) -> None:
    room = served.room
    room.all_succeed()
    fail(room, AWAY, "content_qa", "crawl_render", "core_web_vitals", "seo_kbase")
    await smoke(room)
    tree = await tree_of(served, "/")
    assert said(one(tree, "#news")) == "1 broken"
    row = one(tree, "#attention li")
    assert said(one(tree, "#attention a.t")).endswith(": 4 services")
    assert AWAY in said(row)
    assert "and 1 more" in said(row)
    assert said(one(tree, f"#site-{room.site.id} .now")) == "4 failed"


async def test_the_heading_says_that_all_is_well_and_what_was_never_tested(served: Served) -> None:
    room = served.room
    room.all_succeed()
    assert said(one(await tree_of(served, "/"), "#news")) == "Nothing tested yet"
    await smoke(room, "content_qa")
    assert said(one(await tree_of(served, "/"), "#news")) == "1 of 13 services passed, 12 not tested"  # fmt: skip
    await smoke(room)
    tree = await tree_of(served, "/")
    assert said(one(tree, "#news")) == "All 13 services passed"
    assert not tree.css("#attention")


async def test_a_person_takes_a_cause_and_gives_it_back(served: Served) -> None:
    room = served.room
    room.all_succeed()
    fail(room, AWAY, "content_qa")
    await smoke(room)
    ann = await served.user("ann@example.com", "operator")
    path, cause = f"/sites/{room.site.id}/causes", await cause_in(room)
    async with served.browsing(ann) as http:
        async with http.post(f"{path}/take", data={"cause": cause}) as answer:
            tree = LexborHTMLParser(await answer.text())
        assert "ann@example.com" in said(one(tree, "#attention li"))
        assert said(one(tree, "#attention button")) == "Give back"
        assert "ann@example.com" in said(one(tree, f"#site-{room.site.id}"))
        other = await tree_of(served, "/")
        assert said(one(other, "#attention button")) == "Take over"
        async with http.post(f"{path}/give-back", data={"cause": cause}) as answer:
            tree = LexborHTMLParser(await answer.text())
    assert "Nobody yet" in said(one(tree, "#attention li"))
    assert said(one(tree, "#attention button")) == "I take it"
    assert await audited(room) == [
        ("ann@example.com", "cause_taken"),
        ("ann@example.com", "cause_given_back"),
    ]


async def test_open_pages_hear_that_a_cause_was_taken_and_given_back(served: Served) -> None:
    room = served.room
    room.register("content_qa")
    fail(room, AWAY, "content_qa")
    await smoke(room)
    cause, site = await cause_in(room), str(room.site.id)
    async with stream_of(served.http) as stream:
        await stream.until("hello")
        for action in ("take", "give-back"):
            assert (await press(served, f"/sites/{site}/causes/{action}", cause=cause))[0] == 303
            event = await stream.next()
            assert (event.name, event.data["siteId"], event.data["jobId"]) == ("job", site, None)


async def test_with_several_sites_one_press_tests_all_on_which_something_can_run(
    served: Served,
) -> None:
    room = served.room
    room.register("content_qa")
    other = await room.hermes.sites.add(SiteInput(base_url="https://other.example"), "tests")
    action = "form[action='/smoke-tests'] button"
    assert "on all 2 sites" in (one(await tree_of(served, "/"), action).attributes["aria-label"] or "")  # fmt: skip
    status, headers, _ = await press(served, "/smoke-tests")
    assert (status, headers["Location"]) == (303, "/")
    for site in (room.site, other):
        (job,) = await room.hermes.jobs.of(site.id)
        assert (job.run_type, job.open) == ("smoke", True)


async def test_a_press_for_all_sites_says_why_nothing_can_run_on_any(served: Served) -> None:
    await served.room.hermes.sites.add(SiteInput(base_url="https://other.example"), "tests")
    status, _, body = await press(served, "/smoke-tests")
    assert status == 422
    assert "0 services found because:" in body


async def test_who_took_a_cause_is_forgotten_when_its_last_service_passes(served: Served) -> None:
    room = served.room
    room.all_succeed()
    fail(room, AWAY, "content_qa", "seo_kbase")
    await smoke(room)
    cause = await cause_in(room)
    assert (await press(served, f"/sites/{room.site.id}/causes/take", cause=cause))[0] == 303
    room.all_succeed()
    await smoke(room, "content_qa")
    assert await room.hermes.pool.fetchval("select count(*) from taken_causes") == 1
    await smoke(room, "seo_kbase")
    assert await room.hermes.pool.fetchval("select count(*) from taken_causes") == 0
    fail(room, AWAY, "seo_kbase")
    await smoke(room, "seo_kbase")
    assert "Nobody yet" in said(one(await tree_of(served, "/"), "#attention li"))


async def test_who_is_on_a_setting_is_forgotten_when_it_is_entered(served: Served) -> None:
    room = served.room
    room.register("serp_intel")
    hermes = Hermes(room.hermes.pool, shipped_catalog(), room.hermes.vault, room.clock)
    wanted = next(c for c in (await hermes.overview.read()).causes if c.site)
    assert wanted.title == "1 service needs the tracked keywords"
    await hermes.overview.take(room.site.id, wanted.key, "ann")
    assert (await hermes.overview.read()).sites[0].people == ("ann",)
    for settings, people in (({"pages": ["/x"]}, ("ann",)), ({"keywords": ["shoes"]}, ())):
        seen = (await hermes.sites.one(room.site.id)).updated_at
        assert seen
        change = SiteChange(updated_at=seen, settings=settings)
        await hermes.sites.change(room.site.id, change, "tests")
        assert (await hermes.overview.read()).sites[0].people == people
    assert await room.hermes.pool.fetchval("select count(*) from taken_causes") == 0


@pytest.mark.parametrize("cause", ["", "service:content_qa", "settings:pages", "x" * 5000])
async def test_what_is_no_cause_cannot_be_taken(served: Served, cause: str) -> None:
    status, _, _ = await press(served, f"/sites/{served.room.site.id}/causes/take", cause=cause)
    assert status == 404
    assert await audited(served.room) == []


async def test_a_viewer_sees_who_is_on_it_and_takes_nothing(served: Served) -> None:
    room = served.room
    room.all_succeed()
    fail(room, AWAY, "content_qa")
    await smoke(room)
    viewer = await served.user("eve@example.com", "viewer")
    async with served.browsing(viewer) as http:
        async with http.get("/") as answer:
            tree = LexborHTMLParser(await answer.text())
        form = {"cause": await cause_in(room)}
        async with http.post(f"/sites/{room.site.id}/causes/take", data=form) as answer:
            assert answer.status == 403
    assert not tree.css("#attention button, #new-site, #run-smoke-tests")
    assert said(one(tree, "#attention .r a")) == "Open"


async def test_outputs_lost_and_gained_since_yesterday_are_named(served: Served) -> None:
    room = served.room
    room.all_succeed()
    leave_out(served, "content_generator", "drafts")
    await smoke(room)
    assert "Nothing to compare" in said(one(await tree_of(served, "/"), "#changed"))
    room.clock.forward(timedelta(days=1).total_seconds())
    room.all_succeed()
    leave_out(served, "content_generator", "faq_schema")
    await smoke(room)
    found = [said(each) for each in (await tree_of(served, "/")).css("#changed li")]
    assert found == [
        "Lost: FAQ markupContent Generator, Example",
        "Gained: DraftsContent Generator, Example",
    ]
    room.clock.forward(timedelta(days=1).total_seconds())
    assert "No service was tested today." in said(one(await tree_of(served, "/"), "#changed"))


async def test_the_chart_has_a_table_of_the_days_behind_it(served: Served) -> None:
    room = served.room
    room.all_succeed()
    await smoke(room, "content_generator")
    room.clock.forward(timedelta(days=1).total_seconds())
    leave_out(served, "content_generator", "drafts")
    await smoke(room, "content_generator")
    tree = await tree_of(served, "/")
    rows = [[said(cell) for cell in row.css("td")] for row in tree.css("#delivered-table tbody tr")]
    assert rows == [["2026-11-22", "3", "4", "1 partial"], ["2026-11-21", "4", "4", "1 passed"]]
    assert "between 75% and 100% on 2 days" in str(one(tree, "#delivered .chart").attributes["aria-label"])  # fmt: skip


async def test_sites_are_shown_by_urgency_a_page_at_a_time(served: Served) -> None:
    room = served.room
    room.all_succeed()
    wanted = [
        SiteInput(base_url=f"https://s{number}.example", name=f"Site {number:02}")
        for number in range(26)
    ]
    added = [await room.hermes.sites.add(each, "tests") for each in wanted]
    fail(room, AWAY, "content_qa")
    await smoke(room, "content_qa", site=added[-1])
    first, second = await tree_of(served, "/"), await tree_of(served, "/?page=2")
    names = [said(each) for each in first.css("table.sites .name")]
    assert names[:2] == ["Site 25", "Example"]
    assert len(names) == 25
    assert len(second.css("table.sites .name")) == 2
    assert "There is no page 99" in await text_of(served, "/?page=99")
    for wrong in ("0", "-1", "x", "9" * 40):
        assert len((await tree_of(served, f"/?page={wrong}")).css("table.sites .name")) == 25


async def test_a_catalog_file_that_cannot_be_used_is_said_on_the_overview(
    served: Served, tmp_path: Path
) -> None:
    (tmp_path / "bad.toml").write_text("servics = []", "utf-8")
    scope = served.room.hermes.scope
    served.room.hermes.scope = replace(scope, catalogs=CatalogFiles([tmp_path]))
    body = (await tree_of(served, "/")).text()
    assert "bad.toml" in body
    assert "field servics" in body
