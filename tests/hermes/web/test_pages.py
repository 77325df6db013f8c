"""The pages over real HTTP: what they say, what their buttons do, and that all of it works without a script."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from hermes.core.views import JobView
from hermes.core.worker_config import fingerprint
from hermes.web.pages.integrations.presses import shown_presses
from hermes_base.web.html import formatting
from tests.support.catalog import outputs_of
from tests.support.served import Served
from tests.support.worker import KEY, done

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
HTMX = {"HX-Request": "true"}


async def text_of(
    served: Served, path: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> str:
    async with served.http.get(path, headers=headers) as answer:
        assert answer.status == status, await answer.text()
        assert answer.content_type == "text/html"
        return await answer.text()


async def tree_of(served: Served, path: str, status: int = 200) -> LexborHTMLParser:
    return LexborHTMLParser(await text_of(served, path, status))


async def press(
    served: Served, path: str, headers: dict[str, str] | None = None, **fields: str
) -> tuple[int, Mapping[str, str], str]:
    """(status, headers, body) of a posted form; redirects are not followed."""
    body = urlencode(fields)
    async with served.http.post(
        path, data=body, headers={**FORM, **(headers or {})}, allow_redirects=False
    ) as answer:
        return answer.status, answer.headers, await answer.text()


def one(tree: LexborHTMLParser, selector: str) -> LexborNode:
    found = tree.css(selector)
    assert len(found) == 1, f"{selector}: {len(found)} found"
    return found[0]


def said(node: LexborNode) -> str:
    return " ".join(node.text().split())


def site_path(served: Served, rest: str = "integrations") -> str:
    return f"/sites/{served.room.site.id}/{rest}"


def leave_out(served: Served, slug: str, *outputs: str) -> None:
    service = served.room.catalog.service(slug)
    served.room.worker.script(slug).final = done(outputs_of(service, *outputs))


def without_timing(html: str) -> str:
    """The database is measured anew for every answer."""
    return re.sub(r"[\d.]+ ms per query", "", html)


async def run_of(served: Served, slug: str) -> str:
    view = await served.room.hermes.integrations.service(served.room.site.id, slug)
    assert view.smoke.run is not None
    return f"/runs/{view.smoke.run.id}"


async def test_a_press_without_a_script_goes_back_to_the_page_that_shows_the_job(
    served: Served,
) -> None:
    served.room.all_succeed()
    status, headers, _ = await press(
        served, site_path(served, "smoke-tests"), back=site_path(served)
    )
    assert (status, headers["Location"]) == (303, site_path(served))
    tree = await tree_of(served, site_path(served))
    assert said(one(tree, ".job .sentence")) == "Smoke Test started: 0/13 completed"
    assert said(one(tree, ".job .words .d2")) == "13 waiting"
    assert "13 running" in said(one(tree, "#headline")), "queued counts as running"
    bar = one(tree, ".job [role=progressbar]")
    assert (bar.attributes["aria-valuenow"], bar.attributes["aria-valuemax"]) == ("0", "13")


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", ""]
)
async def test_a_button_never_leads_to_another_site(served: Served, back: str) -> None:
    served.room.all_succeed()
    status, headers, _ = await press(served, site_path(served, "test-connections"), back=back)
    assert status == 303
    assert re.fullmatch(r"/jobs/[0-9a-f-]{36}", headers["Location"])


async def test_the_two_buttons_cannot_be_confused(served: Served) -> None:
    tree = await tree_of(served, site_path(served))
    connections, smoke = one(tree, "#test-connections"), one(tree, "#run-smoke-tests")
    assert (said(connections), said(smoke)) == ("Test Connections", "Run Smoke Tests")
    assert connections.attributes["class"] != smoke.attributes["class"]
    assert one(tree, "#test-connections use").attributes["href"] == "#i-plug"
    assert one(tree, "#run-smoke-tests use").attributes["href"] == "#i-flask"
    assert [said(line) for line in tree.css("#press p")] == [
        "Checks that Hermes can reach each worker and that the worker accepts the key. Does not check outputs.",
        "Runs a small real job on each service and checks the outputs it returns.",
    ]


async def test_nothing_to_run_is_said_with_a_reason_for_each_service(served: Served) -> None:
    status, _, body = await press(served, site_path(served, "smoke-tests"))
    tree = LexborHTMLParser(body)
    assert status == 422
    assert said(one(tree, ".notice p > b")).startswith("0 services found because:")
    reasons = [said(item) for item in tree.css(".notice li")]
    assert len(reasons) == len(served.room.catalog.workers)
    assert any("Notifications: HERMES_WORKER_NOTIFICATIONS" in reason for reason in reasons)
    assert "undefined" not in body


async def test_a_script_gets_the_same_notice_for_the_place_of_notices(served: Served) -> None:
    status, headers, body = await press(served, site_path(served, "smoke-tests"), HTMX)
    assert (status, headers["HX-Retarget"]) == (422, "#notice")
    assert "0 services found because:" in body
    assert "<html" not in body


@pytest.mark.parametrize("rest", ["integrations", "services/crawl_render"])
async def test_a_page_and_its_live_fragment_are_the_same_markup(served: Served, rest: str) -> None:
    served.room.all_succeed()
    await served.room.hermes.jobs.start_smoke(served.room.site.id, "tests")
    await served.room.finish()
    whole = without_timing(await text_of(served, site_path(served, rest)))
    part = without_timing(await text_of(served, site_path(served, rest), headers=HTMX))
    assert "<html" in whole
    assert "<html" not in part
    live = part.partition('<div id="links"')[0].strip()
    assert live
    assert live in whole


async def test_missing_in_the_table_is_missing_in_the_inspector_and_in_the_job(
    served: Served,
) -> None:
    room = served.room
    room.all_succeed()
    leave_out(served, "content_generator", "drafts", "faq_schema")
    room.worker.script("seo_kbase").final = {"status": "failed", "error": "the disk is full"}
    room.worker.script("serp_intel").polls = 500
    del room.variables[room.catalog.service("notifications").secret]
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests")
    await room.runner().drain()
    table = await tree_of(served, site_path(served))
    job = await tree_of(served, f"/jobs/{started.job_id}")
    expected = {
        "content_generator": "2 missing",
        "seo_kbase": "4 missing",
        "serp_intel": "Pending",
        "notifications": "Not tested yet",
        "content_qa": "None missing",
    }
    for slug, words_of_it in expected.items():
        inspector = await tree_of(served, site_path(served, f"services/{slug}"))
        assert said(one(table, f"#row-{slug} .missing")) == words_of_it
        assert said(one(inspector, "#smoke-results .missing")) == words_of_it
        labels = [said(item) for item in table.css(f"#row-{slug} .missing-list .top > b")]
        assert len(labels) == int("0" + "".join(filter(str.isdigit, words_of_it)))
        assert labels == [said(item) for item in inspector.css(".missing-list .top > b")]
        if slug != "notifications":
            cell = one(job, f"tr[data-service={slug}] td:last-child")
            assert said(cell) == words_of_it


async def test_each_missing_output_has_a_label_a_likely_cause_and_a_next_step(
    served: Served,
) -> None:
    served.room.all_succeed()
    leave_out(served, "content_generator", "drafts")
    await served.room.hermes.jobs.start_smoke(served.room.site.id, "tests", "content_generator")
    await served.room.finish()
    tree = await tree_of(served, site_path(served))
    item = said(one(tree, "#missing-content_generator .missing-list li"))
    assert item.startswith("Missing Drafts drafts critical Not in the response. Likely cause: ")
    assert " Next " in item


async def test_the_likely_cause_is_the_one_that_fits_what_the_worker_said(served: Served) -> None:
    room = served.room
    room.register("content_decay")
    entry = room.catalog.service("content_decay")
    said_so = "No search result pages are kept for this site yet. Run the smoke test of SERP first."
    result = {
        "outputs": outputs_of(entry, "competitor_replacement"),
        "missing": {"competitor_replacement": said_so},
    }
    room.worker.script("content_decay").final = {"status": "completed", "result": result}
    await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_decay")
    await room.finish()
    item = said(one(await tree_of(served, site_path(served)), "#missing-content_decay li"))
    assert said_so in item
    assert "Likely cause: No search result pages were looked up for this site yet" in item
    assert "No competitors are listed" not in item


async def test_a_connection_test_changes_no_missing_cell(served: Served) -> None:
    served.room.all_succeed()
    before = await tree_of(served, site_path(served))
    await served.room.hermes.jobs.start_connections(served.room.site.id, "tests")
    await served.room.finish()
    after = await tree_of(served, site_path(served))
    assert [said(c) for c in after.css("td.connection .st")] == ["Connected"] * 13
    assert [said(c) for c in after.css("td.missing-cell")] == ["Not tested yet"] * 13
    assert [said(c) for c in before.css("td.missing-cell")] == ["Not tested yet"] * 13
    assert said(one(after, ".job .sentence")) == (
        "Connection Test complete: 13/13 checked, 13 connected"
    )


async def test_planned_services_stand_apart_and_are_never_failed(served: Served) -> None:
    tree = await tree_of(served, site_path(served))
    planned = one(tree, "#group-planned")
    assert said(one(tree, "#group-planned .grp")) == "Planned, not built yet"
    assert len(planned.css("tr[data-planned]")) == 3
    assert planned.css("#row-google_ads_connector")
    assert not tree.css("tr[data-service]#row-google_ads_connector")
    assert said(one(tree, "#row-google_ads_connector .smoke")) == "Planned"
    assert said(one(tree, "#statuses-blocked .n")) == "3"
    assert said(one(tree, "#statuses-failed .n")) == "0"


async def test_the_heading_says_the_state_of_the_services_in_a_sentence(served: Served) -> None:
    room = served.room
    room.all_succeed()
    leave_out(served, "content_qa", "fix_list")
    room.worker.script("seo_kbase").final = {"status": "failed", "error": "no"}
    await room.hermes.jobs.start_smoke(room.site.id, "tests")
    await room.finish()
    tree = await tree_of(served, site_path(served))
    assert said(one(tree, "#headline")).endswith(
        "1 failed, 1 partial, 11 passed, 3 planned and not built yet."
    )
    assert [said(b) for b in tree.css("#headline b")] == ["1 failed", "1 partial"]
    groups = [said(row) for row in tree.css("table.services .grp")]
    assert groups == [
        "Failed or partial", "Passed, all outputs returned", "Planned, not built yet",
    ]  # fmt: skip
    assert {row.attributes["data-service"] for row in tree.css("#group-trouble tr[data-service]")} == {
        "content_qa", "seo_kbase",
    }  # fmt: skip


async def test_every_bad_row_has_a_next_step(served: Served) -> None:
    room = served.room
    room.all_succeed()
    leave_out(served, "content_qa", "fix_list")
    room.worker.script("seo_kbase").final = {"status": "failed", "error": "no"}
    room.worker.script("audit_log").health_status = 401
    del room.variables[room.catalog.service("notifications").secret]
    await room.hermes.jobs.start_connections(room.site.id, "tests")
    await room.finish()
    await room.hermes.jobs.start_smoke(room.site.id, "tests")
    await room.finish()
    tree = await tree_of(served, site_path(served))
    for slug in ("content_qa", "seo_kbase", "audit_log", "notifications"):
        assert said(one(tree, f"#row-{slug} th .step")).startswith("Next ")
    assert not tree.css("#row-crawl_render th .step")


async def test_an_ended_job_stays_until_another_one_starts(served: Served) -> None:
    room = served.room
    room.all_succeed()
    await room.hermes.jobs.start_connections(room.site.id, "tests")
    await room.finish()
    ended = (await room.hermes.jobs.of(room.site.id))[0]
    assert shown_presses([ended], "tests", room.clock()) == [ended]
    room.clock.forward(1)
    await room.hermes.jobs.start_smoke(room.site.id, "tests")
    jobs: list[JobView] = await room.hermes.jobs.of(room.site.id)
    assert [job.job_type for job in shown_presses(jobs, "tests", room.clock())] == ["smoke_all"]


async def test_what_is_wrong_with_an_address_is_said_beside_it_and_the_typing_is_kept(
    served: Served,
) -> None:
    status, _, body = await press(served, "/sites", base_url="ftp://x y", name='My "shop"')
    tree = LexborHTMLParser(body)
    assert status == 422
    assert said(one(tree, "#base_url-fault")).startswith("Must be an http:// or https:// address")
    assert one(tree, "#base_url").attributes["value"] == "ftp://x y"
    assert one(tree, "#base_url").attributes["aria-invalid"] == "true"
    assert one(tree, "#name").attributes["value"] == 'My "shop"'


async def test_a_site_that_is_there_already_is_said_beside_its_address(served: Served) -> None:
    status, _, body = await press(served, "/sites", base_url="https://site.example")
    assert status == 409
    assert "A site with the address https://site.example already exists." in said(
        one(LexborHTMLParser(body), "#base_url-fault")
    )


async def test_an_added_site_opens_its_integrations(served: Served) -> None:
    status, headers, _ = await press(served, "/sites", base_url="shop.example", name="Shop")
    assert status == 303
    tree = await tree_of(served, headers["Location"])
    assert said(one(tree, ".crumbs a:nth-of-type(2)")) == "Shop"
    names = [said(card) for card in (await tree_of(served, "/")).css("table.sites .name")]
    assert sorted(names) == ["Example", "Shop"]


@pytest.mark.parametrize(
    "path",
    [
        "/sites/00000000-0000-4000-8000-000000000001/integrations",
        "/sites/1/integrations",
        "/jobs/00000000-0000-4000-8000-000000000001",
        "/runs/x",
    ],
)
async def test_what_is_not_there_is_a_page_that_says_so(served: Served, path: str) -> None:
    tree = await tree_of(served, path, 404)
    assert "There is no" in said(one(tree, ".notice b"))
    assert one(tree, "#live").attributes.get("hx-get") is None


async def test_what_a_worker_says_is_text_and_never_markup(served: Served) -> None:
    room = served.room
    room.all_succeed()
    evil = '<img src=x onerror=alert(1)><script>alert("&")</script>'
    room.worker.script("seo_kbase").final = {"status": "failed", "error": evil}
    service = room.catalog.service("content_qa")
    values: dict[str, Any] = outputs_of(service) | {"fix_list": [evil], "compliance_status": evil}
    room.worker.script("content_qa").final = done(values)
    await room.hermes.jobs.start_smoke(room.site.id, "tests")
    await room.finish()
    paths = [site_path(served), site_path(served, "services/content_qa")]
    paths += [site_path(served, "services/seo_kbase")]
    paths += [await run_of(served, "seo_kbase"), await run_of(served, "content_qa")]
    seen = 0
    for path in paths:
        body = await text_of(served, path)
        assert not LexborHTMLParser(body).css("img")
        assert "<script>" not in body
        seen += body.count("&lt;script&gt;")
    assert seen >= len(paths)


async def test_no_page_needs_what_the_content_security_policy_forbids(served: Served) -> None:
    room = served.room
    room.all_succeed()
    leave_out(served, "content_qa", "fix_list")
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests")
    await room.finish()
    paths = ["/", site_path(served), site_path(served, "services/content_qa")]
    paths += [f"/jobs/{started.job_id}", await run_of(served, "content_qa")]
    for path in paths:
        tree = await tree_of(served, path)
        everything = tree.css("*")
        names = {name for node in everything for name in node.attributes}
        assert "style" not in names
        assert not [name for name in names if name.startswith(("on", "hx-on", "hx-vals"))]
        scripts = tree.css("script")
        assert scripts, path
        assert all(script.attributes.get("src") for script in scripts)
        assert not tree.css("style")
        addresses = [n.attributes.get(a) or "" for n in everything for a in ("src", "href")]
        assert len([address for address in addresses if address.startswith("/")]) > 5, path
        assert not [address for address in addresses if "//" in address]


async def run_in_progress(served: Served, progress: dict[str, Any]) -> LexborHTMLParser:
    room = served.room
    room.register("crawl_render")
    script = room.worker.script("crawl_render")
    script.polls = 500

    async def status(_: object) -> Any:
        from aiohttp import web

        return web.json_response({"status": "running", "progress": progress})

    script.on_status = status
    await room.hermes.jobs.start_full(room.site.id, "tests", "crawl_render")
    await room.runner().drain()
    room.clock.forward(60)
    await room.runner().drain()
    view = await room.hermes.integrations.service(room.site.id, "crawl_render")
    assert view.full.run is not None
    return await tree_of(served, f"/runs/{view.full.run.id}")


async def test_a_time_left_that_is_not_known_is_said_to_be_not_known(served: Served) -> None:
    progress = {"done": 0, "total": 900, "unit": "pages", "rate": None, "eta_s": None}
    tree = await run_in_progress(served, progress)
    bar = one(tree, "#progress [role=progressbar]")
    assert (bar.attributes["value"], bar.attributes["max"]) == ("0", "900")
    assert [said(d) for d in tree.css("#progress dd")] == [
        "0 of 900 pages",
        "Not known yet",
        "Not known yet",
    ]


async def test_a_running_crawl_shows_pages_rate_time_left_and_findings(served: Served) -> None:
    progress = {"done": 300, "total": 900, "unit": "pages", "rate": 12.5, "eta_s": 48.0}
    tree = await run_in_progress(served, progress | {"findings": {"redirect_chains": 3}})
    assert [said(d) for d in tree.css("#progress dd")] == [
        "300 of 900 pages",
        "12.5 per second",
        "48 s",
        "3",
    ]
    assert said(one(tree, "#cancel")) == "Cancel run"


async def test_the_newest_findings_stand_first_as_plain_text(served: Served) -> None:
    found = [{"type": "non_200_urls", "url": f"http://x.example/{n}"} for n in range(2)]
    odd = {"url": "<b id=bad>here</b>", "type": "missing_titles"}
    tree = await run_in_progress(served, {"done": 3, "total": 9, "latest": [*found, odd]})
    assert [said(item) for item in tree.css("#progress .latest li")] == [
        "Missing titles <b id=bad>here</b>",
        "Addresses not answering 200 http://x.example/1",
        "Addresses not answering 200 http://x.example/0",
    ]
    assert not tree.css("#bad")


async def test_a_worker_that_tells_odd_progress_breaks_no_page(served: Served) -> None:
    odd: dict[str, Any] = {
        "done": "many", "total": [1], "eta": {}, "findings": 7, "unit": None, "latest": {"a": 1},
    }  # fmt: skip
    tree = await run_in_progress(served, odd)
    assert "has not reported progress yet" in said(one(tree, "#progress"))


async def test_a_run_shows_its_stages_its_exchange_and_diagnostics_without_the_key(
    served: Served,
) -> None:
    served.room.all_succeed()
    leave_out(served, "content_qa", "fix_list")
    await served.room.hermes.jobs.start_smoke(served.room.site.id, "tests", "content_qa")
    await served.room.finish()
    path = await run_of(served, "content_qa")
    tree = await tree_of(served, path)
    outcomes = [stage.attributes["data-outcome"] for stage in tree.css(".stages li")]
    assert outcomes == ["ok"] * 6 + ["failed"]
    assert f"POST {served.room.worker.url}/content_qa/start status 200" in said(
        one(tree, "#exchange-start summary")
    )
    diagnostics = json.loads(one(tree, "#diagnostics-json").text())
    assert diagnostics["status"] == "partial"
    assert diagnostics["outputs"]["missingOutputs"] == ["fix_list"]
    assert len(diagnostics["evidence"]["stages"]) == 7
    assert KEY not in await text_of(served, path)


async def test_run_again_starts_a_job_of_the_same_kind_for_the_same_service(
    served: Served,
) -> None:
    served.room.all_succeed()
    await served.room.hermes.jobs.start_smoke(served.room.site.id, "tests", "content_qa")
    await served.room.finish()
    tree = await tree_of(served, await run_of(served, "content_qa"))
    form = one(tree, "form:has(#again)")
    fields = {i.attributes["name"]: i.attributes["value"] for i in tree.css("form:has(#again) input")}  # fmt: skip
    assert fields == {"service": "content_qa"}
    _, headers, _ = await press(served, str(form.attributes["action"]), service="content_qa")
    again = await tree_of(served, headers["Location"])
    assert said(one(again, "h1")) == "Smoke Test started: 0/1 completed"


async def test_cancel_ends_a_job_and_a_second_cancel_says_that_it_is_over(served: Served) -> None:
    served.room.all_succeed()
    started = await served.room.hermes.jobs.start_smoke(served.room.site.id, "tests")
    path = f"/jobs/{started.job_id}"
    status, headers, _ = await press(served, f"{path}/cancel")
    assert (status, headers["Location"]) == (303, path)
    assert said(one(await tree_of(served, path), "h1")).startswith("Smoke Test cancelled")
    status, _, body = await press(served, f"{path}/cancel")
    assert status == 409
    assert "There is nothing to cancel." in body


async def test_cancel_ends_one_run(served: Served) -> None:
    served.room.all_succeed()
    await served.room.hermes.jobs.start_smoke(served.room.site.id, "tests")
    path = await run_of(served, "content_qa")
    status, headers, _ = await press(served, f"{path}/cancel")
    assert (status, headers["Location"]) == (303, path)
    assert one(await tree_of(served, path), ".head .st").attributes["data-state"] == "cancelled"


async def test_a_full_run_needs_a_service_and_never_starts_all(served: Served) -> None:
    served.room.all_succeed()
    status, _, body = await press(served, site_path(served, "full-run"))
    assert status == 422
    assert "A full run needs a service." in body
    assert await served.room.hermes.jobs.of(served.room.site.id) == []


async def test_a_form_of_more_than_64_kib_is_refused(served: Served) -> None:
    status, _, body = await press(served, "/sites", base_url="x" * 65_536)
    assert status == 413
    assert "The form is too large." in body


async def test_the_inspector_says_how_the_worker_is_configured_and_never_the_key(
    served: Served,
) -> None:
    served.room.register("content_qa")
    body = await text_of(served, site_path(served, "services/content_qa"))
    facts = [said(fact) for fact in LexborHTMLParser(body).css("#configuration dd")]
    address = served.room.worker.url.removeprefix("http://")
    assert facts == ["HERMES_WORKER_CONTENT_QA", "environment", address, fingerprint(KEY)]
    assert KEY not in body
    tree = await tree_of(served, site_path(served, "services/seo_kbase"))
    assert said(one(tree, "#configuration .step")).startswith("Next ")


async def test_a_whole_page_with_its_files_weighs_less_than_100_kb_on_the_wire(
    served: Served,
) -> None:
    served.room.all_succeed()
    leave_out(served, "content_generator", "drafts", "content_blocks", "faq_schema")
    await served.room.hermes.jobs.start_smoke(served.room.site.id, "tests")
    await served.room.finish()
    html = await text_of(served, site_path(served))
    files = re.findall(r'(?:src|href)="(/static/hermes-[0-9a-f]{12}\.(?:css|js))"', html)
    assert sorted(file.rpartition(".")[2] for file in files) == ["css", "js"], "two bundles"
    weights = {path: await transferred(served, path) for path in (site_path(served), *files)}
    assert sum(weights.values()) < 100_000, weights


async def transferred(served: Served, path: str) -> int:
    """Bytes of the body as they cross the network, to a browser that takes gzip."""
    headers = {**served.http.headers, "Accept-Encoding": "gzip"}
    async with (
        aiohttp.ClientSession(headers=headers, auto_decompress=False) as http,
        http.get(served.url + path) as answer,
    ):
        assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")
        kept = answer.headers.get("Cache-Control", "")
        assert ("immutable" in kept) == path.startswith("/static/"), kept
        return len(await answer.read())


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, ""), (0, "under 1 ms"), (0.0084, "8 ms"), (2.44, "2.4 s"), (42, "42 s"), (185, "3 min 05 s"), (3725, "1 h 02 min")],
)  # fmt: skip
def test_durations_are_read_at_a_glance(seconds: float | None, text: str) -> None:
    assert formatting.duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "returned without a value"), (1234567, "1,234,567"), (0, "0"), (0.25, "0.25"),
        ([], "0 items"), ([1], "1 item"), ({"count": 12, "items": [1], "complete": False}, "12 items (incomplete)"),
        ({"value": 34.5, "items": [1, 2]}, "34.5"), ({"value": 0, "items": [], "complete": False}, "0 (incomplete)"),
        ({"items": [1, 2], "basis": "x"}, "2 items"), ({"value": 3, "unit": "ms"}, "2 fields: value, unit"),
        ({"a": 1, "b": 2}, "2 fields: a, b"), ({}, "empty"), ("yes", "yes"), ("x" * 200, "x" * 160 + "…"), (None, "no value"),
    ],
)  # fmt: skip
def test_values_are_read_at_a_glance(value: Any, text: str) -> None:
    assert formatting.readable(value) == text
