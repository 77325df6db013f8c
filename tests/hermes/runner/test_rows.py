"""Rows: smoke and full side by side, and greens from before a change, the same on every surface."""

import xml.etree.ElementTree as ET

from hermes import reports
from hermes.core.views import IntegrationsView, ServiceRow
from hermes.core.views.secrets import SecretView
from hermes.upkeep.alert_review import AlertReview
from tests.support.catalog import outputs_of
from tests.support.room import Room
from tests.support.worker import done

SLUG = "crawl_render"


async def passed(room: Room) -> None:
    room.register(SLUG)
    service = room.catalog.service(SLUG)
    room.worker.script(SLUG).final = {
        "status": "completed",
        "result": {"outputs": outputs_of(service)},
    }
    await room.hermes.jobs.start_smoke(room.site.id, "tests", SLUG)
    await room.finish()


async def full(room: Room, final: dict[str, object]) -> None:
    room.worker.script(SLUG).final = final
    room.clock.forward(60)
    await room.hermes.jobs.start_full(room.site.id, "tests", SLUG)
    await room.finish()


async def table(room: Room) -> tuple[IntegrationsView, ServiceRow]:
    found = await room.hermes.integrations.table(room.site.id)
    return found, next(row for row in found.services if row.slug == SLUG)


async def test_a_full_run_that_failed_is_said_in_row_roll_up_summary_and_next_actions(
    room: Room,
) -> None:
    await passed(room)
    await full(room, {"status": "failed", "error": "the disk is full"})
    view, row = await table(room)
    assert (row.smoke.state, row.full.state) == ("success", "failed")
    assert row.last_run_type == "full"
    assert "The full run: Failed" in row.summary
    assert (view.roll_up.passed, view.roll_up.full_failed) == (1, 1)
    health = await room.hermes.integrations.health(room.site.id)
    assert [short.slug for short in health.full_runs_short] == [SLUG]
    assert "1 full run failed or partial" in health.headline
    action = next(each for each in view.next_actions if each.slug == SLUG)
    assert "full run" in action.what
    assert "the disk is full" in action.why


async def test_a_full_run_that_delivered_a_part_says_what_is_missing(room: Room) -> None:
    await passed(room)
    outputs = outputs_of(room.catalog.service(SLUG))
    outputs.pop("orphan_pages")
    await full(room, {"status": "completed", "result": {"outputs": outputs}})
    view, row = await table(room)
    assert row.full.state == "partial"
    assert row.summary.endswith("The full run: 1 missing.")
    assert view.roll_up.full_partial == 1


async def test_a_full_run_that_passed_adds_nothing(room: Room) -> None:
    await passed(room)
    await full(room, room.worker.script(SLUG).final)
    view, row = await table(room)
    assert row.full.state == "success"
    assert "full run" not in row.summary
    assert (view.roll_up.full_failed, view.roll_up.full_partial) == (0, 0)


async def test_a_green_from_before_a_changed_key_or_address_or_contract_is_marked(
    room: Room,
) -> None:
    await passed(room)
    assert (await table(room))[1].smoke.changed_since == ""
    room.variables["HERMES_WORKER_CRAWL_RENDER"] = room.worker.secret(
        SLUG, "another-key-0123456789"
    )
    assert (await table(room))[1].smoke.changed_since == "the key"
    room.variables["HERMES_WORKER_CRAWL_RENDER"] = (
        '{"base_url": "https://elsewhere.example", "api_key": "test-key-0123456789abcdef"}'
    )
    view, row = await table(room)
    assert (row.smoke.state, row.smoke.changed_since) == ("success", "the address")
    health = await room.hermes.integrations.health(room.site.id)
    assert health.before_a_change == [SLUG]
    assert "1 service passed before a change" in health.headline
    action = next(each for each in view.next_actions if each.slug == SLUG)
    assert "before the address changed" in action.why
    room.register(SLUG)
    service = room.catalog.service(SLUG)
    fewer = service.model_copy(update={"expected_outputs": service.expected_outputs[:-1]})
    room.catalog.by_name[SLUG] = fewer
    found = await room.hermes.integrations.service(room.site.id, SLUG)
    assert found.smoke.changed_since == "what the catalog promises"
    other = service.model_copy(update={"rules": service.rules[1:]})
    room.catalog.by_name[SLUG] = other
    found = await room.hermes.integrations.service(room.site.id, SLUG)
    assert found.smoke.changed_since == "what the catalog promises"


async def test_a_fingerprint_belongs_to_the_address_that_told_it(room: Room) -> None:
    from hermes.core.worker_config import fingerprint
    from tests.support.worker import KEY

    room.register(SLUG)
    room.worker.script(SLUG).health = {
        "status": "ok", "service": SLUG, "expected_key_fingerprint": fingerprint(KEY),
    }  # fmt: skip
    await room.hermes.jobs.start_connections(room.site.id, "tests", SLUG)
    await room.finish()

    async def secret() -> SecretView:
        found = await room.hermes.secrets.status()
        return next(each for each in found.workers if each.name == "HERMES_WORKER_CRAWL_RENDER")

    assert (await secret()).expected_fingerprint == fingerprint(KEY)
    room.variables["HERMES_WORKER_CRAWL_RENDER"] = (
        '{"base_url": "https://elsewhere.example", "api_key": "test-key-0123456789abcdef"}'
    )
    assert (await secret()).expected_fingerprint is None


async def test_what_is_not_configured_neither_fails_nor_alerts_anywhere(room: Room) -> None:
    _, row = await table(room)
    assert (row.smoke.state, row.smoke.text, row.missing.text) == (
        "not_configured", "Not configured", "Not tested yet",
    )  # fmt: skip
    for _ in range(2):
        room.register(SLUG)
        room.clock.forward(60)
        await room.hermes.jobs.start_smoke(room.site.id, "tests", SLUG)
        room.variables.clear()
        await room.finish()
    view, row = await table(room)
    assert (row.smoke.state, row.missing.state) == ("not_configured", "not_configured")
    assert (view.roll_up.failed, view.roll_up.not_tested) == (0, 0)
    assert view.roll_up.not_configured == view.roll_up.built
    health = await room.hermes.integrations.health(room.site.id)
    assert (health.services_failing, SLUG in health.not_configured) == ([], True)
    assert health.headline == f"{view.roll_up.built} services not configured"
    await AlertReview(room.hermes.scope).review()
    assert await room.hermes.alerts.of(room.site.id) == []
    report = await junit(room)
    assert (report.get("failures"), report.get("skipped")) == ("0", "1")
    room.register(SLUG)
    _, row = await table(room)
    assert (row.readiness, row.smoke.state) == ("ready", "not_tested")


async def test_a_green_whose_secret_is_gone_is_marked(room: Room) -> None:
    await passed(room)
    room.variables.clear()
    assert (await table(room))[1].smoke.changed_since == "the secret"


async def junit(room: Room) -> ET.Element:
    """The newest run as CI reads it."""
    run = (await room.hermes.runs.of(room.site.id))[0].model_dump(mode="json", by_alias=True)
    return ET.fromstring(reports.as_junit({"runType": "smoke"}, [run]))  # noqa: S314  # our own


async def test_ci_has_a_case_for_each_output_with_how_it_ended(room: Room) -> None:
    room.register(SLUG)
    outputs = outputs_of(room.catalog.service(SLUG))
    outputs |= {"orphan_pages": True, "pages_crawled": -3}
    del outputs["meta_tags"]
    room.worker.script(SLUG).final = done(outputs)
    await room.hermes.jobs.start_smoke(room.site.id, "tests", SLUG)
    await room.finish()
    cases = [
        case for case in (await junit(room)).iter("testcase") if SLUG in case.attrib["classname"]
    ]
    assert [case.attrib["name"] for case in cases] == list(
        room.catalog.service(SLUG).expected_outputs
    )
    failures = {case.attrib["name"]: f for case in cases if (f := case.find("failure")) is not None}
    assert {slug: failure.get("type") for slug, failure in failures.items()} == {
        "orphan_pages": "claimed_only", "pages_crawled": "implausible", "meta_tags": "outputs_missing",
    }  # fmt: skip
    assert "claimed (claimed_only): " in (failures["orphan_pages"].get("message") or "")
