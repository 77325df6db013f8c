"""Waivers at work: a run keeps those it was judged with, and everything that counts leaves them out."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from hermes.core.runs.waiver_input import WaiverInput
from hermes.core.sites.input import SiteInput
from hermes.core.views import RunView
from hermes.core.views.history import NEWEST
from hermes.core.views.jobs import verdict_of
from hermes.core.views.waivers import WaiverView
from hermes_base.problems import Problem
from tests.support.catalog import outputs_of
from tests.support.room import Room
from tests.support.worker import done

SLUG, OUTPUT = "content_generator", "faq_schema"


async def waive(
    room: Room, output: str = OUTPUT, site_id: UUID | None = None, days: float = 30
) -> WaiverView:
    wanted = WaiverInput(
        service=SLUG, output=output, site_id=site_id, owner="Ann", reason="No questions yet.",
        expires_at=room.clock.now + timedelta(days=days),
    )  # fmt: skip
    return await room.hermes.waivers.add(wanted, "ann")


async def smoke(room: Room, *absent: str, site_id: UUID | None = None) -> RunView:
    """The verdict of a smoke run that does not bring these outputs."""
    room.register(SLUG)
    service = room.catalog.service(SLUG)
    room.worker.script(SLUG).final = done(outputs_of(service, *absent))
    room.clock.forward(1)
    started = await room.hermes.jobs.start_smoke(site_id or room.site.id, "tests", SLUG)
    await room.finish()
    (run,) = await room.hermes.runs.of_job(started.job_id)
    return run


async def test_a_run_that_misses_only_what_is_waived_passes_and_says_so(room: Room) -> None:
    waiver = await waive(room)
    run = await smoke(room, OUTPUT)
    assert (run.status, run.reason) == ("success", None)
    assert (run.missing.count, run.missing.text) == (0, "None missing, 1 waived")
    assert run.outputs.missing_outputs == []
    assert OUTPUT not in run.outputs.actual_outputs
    until = waiver.expires_at.date().isoformat()
    (waived,) = run.missing.waived
    assert waived.text == f"waived by Ann until {until}: No questions yet."
    assert run.metrics["waived"][OUTPUT]["waiverId"] == str(waiver.id)


async def test_every_surface_leaves_it_out_of_its_counts_and_shows_it(room: Room) -> None:
    await waive(room)
    await smoke(room, OUTPUT, "drafts")
    table = await room.hermes.integrations.table(room.site.id)
    row = next(row for row in table.services if row.slug == SLUG)
    inspector = await room.hermes.integrations.service(room.site.id, SLUG)
    summary = await room.hermes.integrations.health(room.site.id)
    (partial,) = summary.services_partial
    assert row.missing == inspector.missing
    assert row.missing.text == "1 missing, 1 waived"
    assert [output.slug for output in row.missing.outputs] == ["drafts"]
    assert (partial.missing_count, partial.text) == (1, "Content Generator: 1 missing")
    assert [top.slug for top in summary.top_missing_outputs] == ["drafts"]
    assert summary.waived == 1
    assert "1 output waived" in summary.headline
    assert row.summary == "2 of 4 outputs returned, 1 waived."
    assert row.smoke.run is not None
    assert OUTPUT not in (row.smoke.run.detail or "")


async def test_a_report_does_not_say_that_everything_was_delivered(room: Room) -> None:
    await waive(room)
    run = await smoke(room, OUTPUT)
    job = await room.hermes.jobs.one(run.job_id)
    said = verdict_of(job, [run])
    assert said == "1 of 1 service returned all outputs except waived ones."


async def test_what_brings_nothing_has_failed_whatever_is_waived(room: Room) -> None:
    outputs = room.catalog.service(SLUG).expected_outputs
    for output in outputs:
        await waive(room, output)
    run = await smoke(room, *outputs)
    assert (run.status, run.missing.text) == ("failed", f"None missing, {len(outputs)} waived")


async def test_a_run_that_failed_for_another_reason_counts_what_is_not_waived(room: Room) -> None:
    await waive(room)
    room.register(SLUG)
    room.worker.script(SLUG).final = {"status": "failed", "error": "out of paper"}
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests", SLUG)
    await room.finish()
    (run,) = await room.hermes.runs.of_job(started.job_id)
    promised = room.catalog.service(SLUG).expected_outputs
    assert (run.reason, run.missing.count) == ("worker_failed", len(promised) - 1)
    assert [each.slug for each in run.missing.waived] == [OUTPUT]


async def test_a_waiver_of_one_site_does_not_count_at_another(room: Room) -> None:
    other = await room.hermes.sites.add(SiteInput(base_url="https://other.example"), "tests")
    await waive(room, site_id=other.id)
    assert (await smoke(room, OUTPUT)).status == "partial"
    assert (await smoke(room, OUTPUT, site_id=other.id)).status == "success"


async def test_an_expired_waiver_counts_again_from_the_next_run_and_old_verdicts_stay(
    room: Room,
) -> None:
    await waive(room, days=1)
    before = await smoke(room, OUTPUT)
    room.clock.forward(86_400)
    assert (await room.hermes.waivers.all())[0].state == "expired"
    assert (await room.hermes.runs.one(before.id)).missing == before.missing, "judged is judged"
    after = await smoke(room, OUTPUT)
    assert (after.status, after.missing.text, after.missing.waived) == ("partial", "1 missing", [])


async def test_a_long_run_is_judged_by_the_waivers_of_its_end(room: Room) -> None:
    """Asked before the waiver was given, and finished after."""
    service = room.catalog.service("serp_intel")
    room.register("serp_intel")
    script = room.worker.script("serp_intel")
    script.polls, script.final = 1, done(outputs_of(service, "serp_tracked_keywords"))
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests", "serp_intel")
    await room.runner().drain()
    wanted = WaiverInput(
        service="serp_intel", output="serp_tracked_keywords", owner="Ann", reason="None yet.",
        expires_at=room.clock.now + timedelta(days=1),
    )  # fmt: skip
    await room.hermes.waivers.add(wanted, "ann")
    await room.finish()
    (run,) = await room.hermes.runs.of_job(started.job_id)
    assert (run.status, run.missing.text) == ("success", "None missing, 1 waived")


async def test_the_past_of_an_output_still_tells_that_it_did_not_come(room: Room) -> None:
    await smoke(room)
    await waive(room)
    first = await smoke(room, OUTPUT)
    for _ in range(NEWEST):
        await smoke(room, OUTPUT)
    view = await room.hermes.integrations.service(room.site.id, SLUG)
    past = next(each for each in view.output_history if each.slug == OUTPUT)
    assert {point.outcome for point in past.smoke} == {"missing"}
    assert past.standing == "regressed"
    assert view.first_missing_since[OUTPUT] == first.created_at


async def test_an_ended_waiver_stays_on_record(room: Room) -> None:
    waiver = await waive(room)
    waivers = room.hermes.waivers
    await waivers.end(waiver.id, "bob")
    (over,) = await waivers.all()
    assert (over.state, over.ended_by) == ("ended", "bob")
    assert (await smoke(room, OUTPUT)).status == "partial"
    with pytest.raises(Problem, match="no waiver"):
        await waivers.end(waiver.id, "bob")
    found = await room.hermes.pool.fetch(
        "select action, actor, detail from audit_events where action like 'waiver%' order by id"
    )
    assert [(e["action"], e["actor"]) for e in found] == [("waiver_added", "ann"), ("waiver_ended", "bob")]  # fmt: skip
    assert found[0]["detail"]["reason"] == "No questions yet."


async def test_the_same_output_is_waived_once_at_a_time(room: Room) -> None:
    given = await asyncio.gather(*(waive(room) for _ in range(5)), return_exceptions=True)
    refused = [each for each in given if isinstance(each, Problem)]
    assert [problem.code for problem in refused] == ["waiver_exists"] * 4
    await waive(room, site_id=room.site.id)  # of one site it is another waiver
    room.clock.forward(31 * 86_400)
    await waive(room)  # and after its end it may be given again


async def test_of_another_site_there_is_no_waiver(room: Room) -> None:
    other = await room.hermes.sites.add(SiteInput(base_url="https://other.example"), "tests")
    waiver = await waive(room, site_id=room.site.id)
    limited = room.hermes.within(other.id).waivers
    assert await limited.all() == []
    with pytest.raises(Problem, match="no waiver"):
        await limited.end(waiver.id, "mallory")
