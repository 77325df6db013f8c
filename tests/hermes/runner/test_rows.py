"""Rows: smoke and full side by side, and greens from before a change, the same on every surface."""

from hermes.core.views import IntegrationsView, ServiceRow
from hermes.core.views.secrets import SecretView
from tests.support.catalog import outputs_of
from tests.support.room import Room

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
