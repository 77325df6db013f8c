"""Secrets, schedules, waivers, alerts and the audit log: as pages and as API, over real HTTP."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession
from selectolax.lexbor import LexborHTMLParser, LexborNode

from hermes.core.worker_config import fingerprint
from hermes.upkeep.alerting import Alerting
from tests.support.catalog import outputs_of
from tests.support.served import Served
from tests.support.worker import KEY, done

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SCHEDULE = {"cron": "0 6 * * 1-5", "timeZone": "Europe/Zurich", "mode": "smoke", "service": ""}
WAIVER = {"output": "crawl_render/orphan_pages", "owner": "Ann", "reason": "No archive yet."}


async def tree_of(served: Served, path: str) -> LexborHTMLParser:
    async with served.http.get(path) as answer:
        assert answer.status == 200, await answer.text()
        return LexborHTMLParser(await answer.text())


async def press(http: ClientSession, path: str, **fields: str) -> tuple[int, LexborHTMLParser]:
    """(status, page) of a posted form; redirects are not followed."""
    body = urlencode(fields)
    async with http.post(path, data=body, headers=FORM, allow_redirects=False) as answer:
        return answer.status, LexborHTMLParser(await answer.text())


async def ask(served: Served, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    async with served.http.request(method, path, json=body) as answer:
        return answer.status, None if answer.status == 204 else await answer.json(content_type=None)


def said(node: LexborNode | None) -> str:
    assert node is not None
    return " ".join(node.text().split())


def fault_beside(page: LexborHTMLParser, name: str) -> str:
    field = page.css_first(f"#{name}")
    assert field is not None
    assert field.attributes.get("aria-invalid") == "true"
    assert field.attributes.get("aria-describedby") == f"{name}-help"
    return said(page.css_first(f"#{name}-help.fault"))


# Schedules -----------------------------------------------------------------------------------------


async def test_a_schedule_is_made_paused_changed_and_deleted_by_forms(served: Served) -> None:
    site = served.room.site
    status, _ = await press(served.http, "/settings/schedules", siteId=str(site.id), **SCHEDULE)
    assert status == 303
    page = await tree_of(served, "/settings/schedules")
    row = said(page.css_first("tbody tr"))
    for words in ("Smoke tests of all services", "At 06:00 on Monday through Friday"):
        assert words in row
    assert "Mon 23 Nov 2026, 06:00 (Europe/Zurich)" in row
    (found,) = await served.room.hermes.schedules.all()
    base = f"/settings/schedules/{found.id}"
    assert (await press(served.http, f"{base}/pause"))[0] == 303
    assert "Paused" in said((await tree_of(served, "/settings/schedules")).css_first("tbody tr"))
    assert (await press(served.http, f"{base}/resume"))[0] == 303
    form = await tree_of(served, f"/settings/schedules?edit={found.id}")
    cron = form.css_first("#cron")
    assert cron is not None
    assert cron.attributes["value"] == "0 6 * * 1-5"
    changed = SCHEDULE | {"cron": "30 7 * * *", "service": "content_qa"}
    assert (await press(served.http, base, **changed))[0] == 303
    (after,) = await served.room.hermes.schedules.all()
    assert (after.cron, after.service, after.enabled) == ("30 7 * * *", "content_qa", True)
    assert (await press(served.http, f"{base}/delete"))[0] == 303
    assert "No schedules yet" in said((await tree_of(served, "/settings/schedules")).body)


@pytest.mark.parametrize(("typed", "field", "words"), [
    ({"cron": "0 25 * * *"}, "cron", "does not fit the hour"),
    ({"timeZone": "Mars"}, "timeZone", "Is not a time zone"),
    ({"mode": "full"}, "service", "A full run needs one service"), ({"siteId": ""}, "siteId", "needs a site"),
])  # fmt: skip
async def test_what_is_wrong_with_a_schedule_stands_beside_its_field_and_nothing_typed_is_lost(
    served: Served, typed: Mapping[str, str], field: str, words: str
) -> None:
    given = {"siteId": str(served.room.site.id), **SCHEDULE, **typed}
    status, page = await press(served.http, "/settings/schedules", **given)
    assert status == 422
    assert words in fault_beside(page, field)
    cron = page.css_first("#cron")
    assert cron is not None
    assert cron.attributes["value"] == given["cron"]
    assert await served.room.hermes.schedules.all() == []


async def test_the_last_run_of_a_schedule_leads_to_its_job_or_says_why_there_is_none(
    served: Served,
) -> None:
    room, schedules = served.room, served.room.hermes.schedules
    path = f"/api/sites/{room.site.id}/schedules"
    await ask(served, "POST", path, {"cron": "0 * * * *", "service": "content_qa"})
    room.clock.forward(3600)
    await schedules.run_due()
    row = (await tree_of(served, "/settings/schedules")).css_first("tbody tr")
    assert "Nothing was started: 0 services found because:" in said(row)
    room.register("content_qa")
    room.clock.forward(3600)
    await schedules.run_due()
    (job,) = await room.hermes.jobs.of(room.site.id)
    page = await tree_of(served, "/settings/schedules")
    assert page.css_first(f'tbody a[href="/jobs/{job.id}"]') is not None


async def test_the_api_of_schedules_writes_reads_changes_and_deletes(served: Served) -> None:
    path = f"/api/sites/{served.room.site.id}/schedules"
    status, made = await ask(served, "POST", path, {"cron": "*/15 * * * *", "mode": "connection"})
    assert (status, made["timeZone"], made["enabled"]) == (201, "UTC", True)
    assert made["nextAt"] == "2026-11-21T09:15:00Z"
    _, listed = await ask(served, "GET", path)
    assert listed == (await ask(served, "GET", "/api/schedules"))[1] == [made]
    status, changed = await ask(served, "PATCH", f"{path}/{made['id']}", {"enabled": False})
    assert (status, changed["nextAt"], changed["cron"]) == (200, None, "*/15 * * * *")
    assert (await ask(served, "DELETE", f"{path}/{made['id']}"))[0] == 204
    status, problem = await ask(served, "DELETE", f"{path}/{made['id']}")
    assert (status, problem["code"]) == (404, "unknown_schedule")


async def test_the_api_names_every_faulty_field(served: Served) -> None:
    path = f"/api/sites/{served.room.site.id}/schedules"
    body = {"cron": "61 * * * *", "timeZone": "Mars", "mode": "quick"}
    status, problem = await ask(served, "POST", path, body)
    assert (status, problem["code"]) == (422, "invalid_request")
    assert [fault["field"] for fault in problem["details"]] == ["cron", "timeZone", "mode"]


# Waivers -------------------------------------------------------------------------------------------


async def test_a_waiver_is_given_shown_and_ended_by_forms(served: Served) -> None:
    given = {**WAIVER, "siteId": "", "expiresAt": "2027-03-31"}
    assert (await press(served.http, "/settings/waivers", **given))[0] == 303
    (waiver,) = await served.room.hermes.waivers.all()
    assert waiver.expires_at.isoformat() == "2027-03-31T23:59:59+00:00"
    row = (await tree_of(served, "/settings/waivers")).css_first(f"#waiver-{waiver.id}")
    for words in ("Orphan pages", "All sites", "No archive yet.", "Ann", "2027-03-31 23:59:59 UTC"):
        assert words in said(row)
    assert (await press(served.http, f"/settings/waivers/{waiver.id}/end"))[0] == 303
    page = await tree_of(served, "/settings/waivers")
    assert "No active waivers" in said(page.body)
    assert "by api token" in said(page.css_first("#over tbody tr"))


@pytest.mark.parametrize(("typed", "field", "words"), [
    ({"output": ""}, "output", "Choose the output"), ({"output": "crawl_render/x"}, "output", "has no output 'x'"),
    ({"reason": "no"}, "reason", "at least 5"), ({"owner": ""}, "owner", "at least 2"),
    ({"expiresAt": "soon"}, "expiresAt", "Choose a date"), ({"expiresAt": "2026-11-20"}, "expiresAt", "in the past"),
    ({"expiresAt": "2027-11-22"}, "expiresAt", "more than 365 days"),
])  # fmt: skip
async def test_what_is_wrong_with_a_waiver_stands_beside_its_field(
    served: Served, typed: Mapping[str, str], field: str, words: str
) -> None:
    given = {**WAIVER, "siteId": "", "expiresAt": "2027-03-31", **typed}
    status, page = await press(served.http, "/settings/waivers", **given)
    assert status == 422
    assert words in fault_beside(page, field)
    assert await served.room.hermes.waivers.all() == []


async def test_a_waived_output_is_shown_as_such_on_every_page_and_counted_on_none(
    served: Served,
) -> None:
    room = served.room
    body = {
        "service": "content_generator",
        "output": "faq_schema",
        "owner": "Ann",
        "reason": "No questions.",
    }
    ends = (room.clock.now + timedelta(days=30)).isoformat()
    assert (await ask(served, "POST", "/api/waivers", {**body, "expiresAt": ends}))[0] == 201
    room.register("content_generator")
    service = room.catalog.service("content_generator")
    room.worker.script("content_generator").final = done(outputs_of(service, "faq_schema"))
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_generator")
    await room.finish()
    (run,) = await room.hermes.runs.of_job(started.job_id)
    words = "Waived by Ann until 2026-12-21: No questions."
    site = f"/sites/{room.site.id}"
    for path in (
        f"{site}/services/content_generator",
        f"/runs/{run.id}",
        f"/jobs/{run.job_id}/report",
    ):
        assert words in said((await tree_of(served, path)).body), path
    cell = (await tree_of(served, f"{site}/integrations")).css_first(
        "#row-content_generator .missing-cell"
    )
    assert "None missing, 1 waived" in said(cell)
    assert words in said(cell)
    _, answer = await ask(served, "GET", f"/api/runs/{run.id}")
    assert (answer["missing"]["count"], answer["outputs"]["missingOutputs"]) == (0, [])
    assert answer["missing"]["waived"][0]["text"] == words[:1].lower() + words[1:]


async def test_the_inspector_leads_to_a_waiver_of_what_is_missing(served: Served) -> None:
    room = served.room
    room.register("content_generator")
    service = room.catalog.service("content_generator")
    room.worker.script("content_generator").final = done(outputs_of(service, "faq_schema"))
    await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_generator")
    await room.finish()
    page = await tree_of(served, f"/sites/{room.site.id}/services/content_generator")
    link = page.css_first('a[href^="/settings/waivers?output="]')
    assert link is not None
    form = await tree_of(served, link.attributes["href"] or "")
    chosen = [option.attributes["value"] for option in form.css("option[selected]")]
    assert chosen == ["content_generator/faq_schema", str(room.site.id)]


async def test_the_api_of_waivers_says_what_is_in_the_way(served: Served) -> None:
    body = {
        "service": "crawl_render",
        "output": "orphan_pages",
        "owner": "Ann",
        "reason": "No archive yet.",
    }
    status, problem = await ask(served, "POST", "/api/waivers", body)
    assert (status, problem["field"]) == (422, "expiresAt")
    body["expiresAt"] = "2027-03-31T00:00:00Z"
    status, made = await ask(served, "POST", "/api/waivers", body)
    assert (status, made["state"], made["outputLabel"]) == (201, "in_force", "Orphan pages")
    assert (await ask(served, "POST", "/api/waivers", body))[1]["code"] == "waiver_exists"
    assert (await ask(served, "DELETE", f"/api/waivers/{made['id']}"))[0] == 204
    assert (await ask(served, "DELETE", f"/api/waivers/{made['id']}"))[0] == 404
    _, listed = await ask(served, "GET", "/api/waivers")
    assert [each["state"] for each in listed] == ["ended"]


# Alerts --------------------------------------------------------------------------------------------


async def fail_twice(served: Served, slug: str = "seo_kbase") -> None:
    room = served.room
    room.register(slug)
    room.worker.script(slug).final = {"status": "failed", "error": "<b>out of paper</b>"}
    for _ in range(2):
        room.clock.forward(1)
        await room.hermes.jobs.start_smoke(room.site.id, "tests", slug)
        await room.finish(step=1)
    await Alerting(room.hermes.scope, room.hermes.jobs).review()
    await Alerting(room.hermes.scope, room.hermes.jobs).deliver()


async def test_an_alert_is_shown_on_sites_integrations_and_alerts_and_in_the_api(
    served: Served,
) -> None:
    await fail_twice(served)
    site = served.room.site.id
    words = "SEO Knowledge Base failed 2 smoke tests in a row"
    overview = said((await tree_of(served, "/")).css_first("#attention"))
    assert "SEO Knowledge Base" in overview
    row = (await tree_of(served, f"/sites/{site}/integrations")).css_first("#row-seo_kbase .at a")
    assert row is not None
    assert said(row).startswith("Alert since")
    assert words in (row.attributes["title"] or "")
    shown = said((await tree_of(served, row.attributes["href"] or "")).css_first("main"))
    assert words in shown
    assert "<b>out of paper</b>" in shown, "a worker's words are only ever text"
    assert "Not delivered: no channel is available." in shown
    _, (alert,) = await ask(served, "GET", f"/api/sites/{site}/alerts")
    assert (alert["state"], alert["delivery"], alert["text"]) == ("open", "kept", words)


async def test_without_an_alert_nothing_is_shown(served: Served) -> None:
    site = served.room.site.id
    rows = await tree_of(served, f"/sites/{site}/integrations")
    assert rows.css("#row-seo_kbase")
    assert not rows.css("[id^=alert-]")
    assert "No open alerts" in said((await tree_of(served, "/alerts")).body)
    assert await ask(served, "GET", f"/api/sites/{site}/alerts") == (200, [])


async def test_a_window_is_planned_on_the_clocks_of_its_zone_and_cancelled(served: Served) -> None:
    window = {
        "siteId": "", "service": "seo_kbase", "startsAt": "2026-11-22T06:00", "endsAt": "2026-11-22T08:00",
        "timeZone": "Europe/Zurich", "reason": "The move to the new host.",
    }  # fmt: skip
    assert (await press(served.http, "/settings/alerts/windows", **window))[0] == 303
    _, (found,) = await ask(served, "GET", "/api/maintenance-windows")
    assert (found["startsAt"], found["state"]) == ("2026-11-22T05:00:00Z", "ahead")
    path = f"/settings/alerts/windows/{found['id']}/end"
    assert (await press(served.http, path))[0] == 303
    assert await ask(served, "GET", "/api/maintenance-windows") == (200, [])
    for changed, field in (({"endsAt": "2026-11-22T05:00"}, "endsAt"), ({"startsAt": ""}, "startsAt"),
                           ({"timeZone": "Mars"}, "timeZone"), ({"reason": ""}, "reason")):  # fmt: skip
        status, page = await press(served.http, "/settings/alerts/windows", **{**window, **changed})
        assert (status, bool(fault_beside(page, field))) == (422, True)


async def test_the_rule_is_changed_within_its_bounds(served: Served) -> None:
    rule = {"failAfter": "3", "partialAfter": "5", "recoverAfter": "1"}
    assert (await press(served.http, "/settings/alerts/rule", **rule))[0] == 303
    _, told = await ask(served, "GET", "/api/alert-rule")
    assert told == {"failAfter": 3, "partialAfter": 5, "recoverAfter": 1}
    status, page = await press(
        served.http, "/settings/alerts/rule", failAfter="0", recoverAfter="x"
    )
    assert (status, bool(fault_beside(page, "failAfter"))) == (422, True)
    assert fault_beside(page, "recoverAfter")


# Secrets -------------------------------------------------------------------------------------------


async def test_no_value_of_a_secret_is_on_the_page_or_in_the_api(served: Served) -> None:
    room = served.room
    room.register("crawl_render")
    hidden = {
        "HERMES_PROVIDER_GOOGLE": '{"private_key": "very-hidden-1"}',
        "HERMES_PROVIDER_BRAVE": "very-hidden-2",
    }
    room.variables.update(hidden)
    room.variables[room.catalog.service("content_qa").secret] = "very-hidden-3"
    for path in ("/settings/secrets", "/api/secrets"):
        async with served.http.get(path) as answer:
            assert answer.status == 200
            text = await answer.text()
        assert fingerprint(KEY) in text
        assert "very-hidden" not in text
        assert KEY not in text
        assert "has no address" in text


async def test_keys_that_differ_are_said_with_both_fingerprints(served: Served) -> None:
    room = served.room
    room.register("crawl_render")
    room.worker.script("crawl_render").health["expected_key_fingerprint"] = "aaaaaa…bbbbbb"
    await room.hermes.jobs.start_connections(room.site.id, "tests", "crawl_render")
    await room.finish()
    secret = room.catalog.service("crawl_render").secret
    row = (await tree_of(served, "/settings/secrets")).css_first(f"#secret-{secret}")
    for words in ("Keys differ", fingerprint(KEY), "aaaaaa…bbbbbb", "Different key"):
        assert words in said(row)


# Audit log -----------------------------------------------------------------------------------------


async def record(served: Served, count: int) -> None:
    for number in range(count):
        await served.room.hermes.pool.execute(
            "insert into audit_events (actor, action, subject, detail) values ($1, 'role_changed', $2, $3)",
            f"ann{number % 2}", f"subject {number}", {"role": "admin", "changed": ["name", "settings.pages"]},
        )  # fmt: skip


async def test_the_audit_log_is_read_newest_first_page_by_page(served: Served) -> None:
    await record(served, 120)
    seen: list[str] = []
    path: str | None = "/settings/audit?action=role_changed"
    while path:
        page = await tree_of(served, path)
        seen += [said(row.css_first(".subject")) for row in page.css("tbody tr")]
        older = page.css_first("#older")
        path = older.attributes["href"] if older else None
    assert seen == [f"subject {number}" for number in reversed(range(120))]


async def test_the_audit_log_is_filtered_by_who_what_and_where(served: Served) -> None:
    await record(served, 4)
    site = served.room.site
    page = await tree_of(served, "/settings/audit?actor=ANN1")
    assert [said(row.css_first(".subject")) for row in page.css("tbody tr")] == ["subject 3", "subject 1"]  # fmt: skip
    assert "changed: name, settings.pages" in said(page.css_first("tbody tr"))
    _, told = await ask(served, "GET", f"/api/audit?site_id={site.id}")
    assert [event["action"] for event in told["events"]] == ["site_added"]
    assert told["events"][0]["site"] == site.name
    assert told["nextBefore"] is None
    nothing = await tree_of(served, "/settings/audit?actor=nobody")
    assert "No entries match this filter" in said(nothing.css_first("#no-events"))


async def test_pages_of_the_audit_api_join_without_a_gap(served: Served) -> None:
    await record(served, 7)
    subjects: list[str] = []
    before = ""
    while True:
        _, told = await ask(served, "GET", f"/api/audit?action=role_changed&limit=3{before}")
        subjects += [event["subject"] for event in told["events"]]
        if told["nextBefore"] is None:
            break
        before = f"&before={told['nextBefore']}"
    assert subjects == [f"subject {number}" for number in reversed(range(7))]


# Who may -------------------------------------------------------------------------------------------


async def test_a_viewer_reads_and_is_offered_no_button(served: Served) -> None:
    room, hermes = served.room, served.room.hermes
    await ask(served, "POST", f"/api/sites/{room.site.id}/schedules", {"cron": "0 6 * * *"})
    given = {**WAIVER, "siteId": "", "expiresAt": "2027-03-31"}
    await press(served.http, "/settings/waivers", **given)
    (schedule,), (waiver,) = await hermes.schedules.all(), await hermes.waivers.all()
    viewer = await served.user("viewer@example.com", "viewer")
    async with served.browsing(viewer) as http:
        for name in ("schedules", "waivers", "alerts", "audit"):
            async with http.get(f"/settings/{name}") as answer:
                assert answer.status == 200
                page = LexborHTMLParser(await answer.text())
            actions = [form.attributes["action"] for form in page.css("form[method=post]")]
            assert actions == ["/theme", "/sign-out"], name
        async with http.get("/settings/secrets") as answer:
            assert answer.status == 403
        for path in (
            f"/settings/schedules/{schedule.id}/delete",
            f"/settings/waivers/{waiver.id}/end",
        ):
            assert (await press(http, path))[0] == 403
    assert await hermes.schedules.all() == [schedule]
