"""Alerts at work: opened and closed once by judged runs, muted by maintenance, delivered or said not to be."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from hermes.core.alerts import AlertRule, WindowInput
from hermes.core.schedules import ScheduleInput
from hermes.core.views.alerts import AlertView
from hermes.runner.alerts import AlertWatch
from hermes.upkeep.alerting import Alerting
from hermes.upkeep.worker_channel import ITSELF
from hermes_base.postgres.listening import Listener
from hermes_base.problems import Problem
from hermes_fleet.notifications.message import Message
from tests.support.catalog import outputs_of
from tests.support.room import Room
from tests.support.waiting import until
from tests.support.worker import done

SLUG = "seo_kbase"


async def judge(room: Room, *outcomes: str, slug: str = SLUG, error: str = "out of paper") -> None:
    """Smoke runs of a service that end so, one after the other."""
    service = room.catalog.service(slug)
    finals = {
        "failed": {"status": "failed", "error": error},
        "success": done(outputs_of(service)),
        "partial": done(outputs_of(service, service.expected_outputs[0])),
    }
    room.register(slug)
    for outcome in outcomes:
        room.worker.script(slug).final = finals[outcome]
        room.clock.forward(60)
        await room.hermes.jobs.start_smoke(room.site.id, "tests", slug)
        await room.finish(step=1)


async def review(room: Room) -> list[AlertView]:
    review = Alerting(room.hermes.scope, room.hermes.jobs, "https://hermes.example")
    await review.review()
    await review.deliver()
    return await room.hermes.alerts.of(room.site.id)


@pytest.fixture
def wired(room: Room) -> Room:
    """A room where alerts can be delivered."""
    room.register("notifications")
    outputs = outputs_of(room.catalog.service("notifications"))
    room.worker.script("notifications").final = done(outputs)
    return room


def sent(room: Room) -> list[dict[str, Any]]:
    """The messages that the notifications worker was given."""
    return [message for body in room.worker.bodies for message in body.get("messages", [])]


async def test_two_failures_open_one_alert_and_two_passes_close_it(room: Room) -> None:
    await judge(room, "failed")
    assert await review(room) == []
    await judge(room, "failed")
    (alert,) = await review(room)
    assert (alert.state, alert.text) == ("open", "SEO Knowledge Base failed 2 smoke tests in a row")
    assert "out of paper" in alert.why
    assert alert.next_step
    await judge(room, "failed", "success")
    assert [each.id for each in await review(room)] == [alert.id], "still the same one"
    await judge(room, "success")
    (closed,) = await review(room)
    assert (closed.id, closed.state, closed.closed_at) == (alert.id, "closed", room.clock.now)


async def test_what_turned_between_two_reviews_is_found_in_order(room: Room) -> None:
    await judge(room, "failed", "failed", "success", "success", "failed", "failed")
    (alert,) = await review(room)
    assert (alert.state, alert.flaps) == ("open", 1), "it came back at once, and is the same"
    assert await Alerting(room.hermes.scope, room.hermes.jobs).review() == 0


async def test_connection_and_full_and_cancelled_runs_do_not_count(room: Room) -> None:
    await judge(room, "failed")
    room.worker.script(SLUG).health_status = 500
    await room.hermes.jobs.start_connections(room.site.id, "tests", SLUG)
    await room.finish(step=1)
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests", SLUG)
    await room.hermes.jobs.cancel(started.job_id, "tests")
    assert await review(room) == []
    await judge(room, "failed")
    assert [alert.state for alert in await review(room)] == ["open"], (
        "the second smoke test in a row"
    )


async def test_reviews_at_once_open_one_alert(room: Room) -> None:
    await judge(room, "failed", "failed")
    pool = room.hermes.pool
    async with pool.acquire() as held, held.transaction():
        await held.execute("lock table alert_rule")  # so that they all begin before one goes on
        pairs = [(room.site.id, SLUG)]
        reviews = [
            asyncio.create_task(Alerting(room.hermes.scope, room.hermes.jobs).review(pairs))
            for _ in range(5)
        ]
        waiting = "select count(*) from pg_locks where not granted"

        async def all_wait() -> bool:
            return await held.fetchval(waiting) >= 5

        await until(all_wait, "five reviews wait for the lock")
    assert sum(await asyncio.gather(*reviews)) == 1
    assert await room.hermes.pool.fetchval("select count(*) from alerts") == 1


async def test_each_cause_has_its_own_alert_and_services_that_share_one_have_one(
    room: Room,
) -> None:
    await judge(room, "failed", "failed")
    await judge(room, "failed", "failed", slug="content_qa", error="no such model")
    assert {alert.service for alert in await review(room)} == {SLUG, "content_qa"}
    await judge(room, "failed", "failed", slug="crawl_render")
    of_paper, _ = sorted(await review(room), key=lambda alert: -len(alert.affected))
    assert [each.service for each in of_paper.affected] == [SLUG, "crawl_render"]
    assert of_paper.text == "2 services fail by one cause: Worker reported failure"
    assert of_paper.standing_text == "None passed since; closes when all of them have passed."
    await judge(room, "success", "success")
    of_paper = next(a for a in await review(room) if len(a.affected) == 2)
    assert (of_paper.state, of_paper.text) == (
        "open",
        "Technical SEO Crawler failed 2 smoke tests in a row",
    )
    await judge(room, "success", "success", slug="crawl_render")
    assert {a.state for a in await review(room) if len(a.affected) == 2} == {"closed"}


async def test_a_service_that_is_partial_three_times_calls_somebody_as_a_warning(
    room: Room,
) -> None:
    await judge(room, "partial", "partial")
    assert await review(room) == []
    await judge(room, "partial")
    (alert,) = await review(room)
    assert (alert.severity, alert.standing) == ("warning", "partial")
    assert alert.text == "SEO Knowledge Base did not pass 3 smoke tests in a row"
    await judge(room, "success", "success")
    assert [each.state for each in await review(room)] == ["closed"]


async def test_the_rule_may_be_changed_and_is_on_record(room: Room) -> None:
    await room.hermes.maintenance.set_rule(AlertRule(fail_after=1, recover_after=3), "root")
    await judge(room, "failed")
    (alert,) = await review(room)
    assert alert.text == "SEO Knowledge Base failed a smoke test"
    await judge(room, "success", "success")
    assert [each.state for each in await review(room)] == ["open"]
    await judge(room, "success")
    assert [each.state for each in await review(room)] == ["closed"]
    row = await room.hermes.pool.fetchrow(
        "select actor, detail from audit_events where action = 'alert_rule_changed'"
    )
    assert row is not None
    assert (row["actor"], row["detail"]) == (
        "root",
        {"failAfter": 1, "partialAfter": 3, "recoverAfter": 3},
    )


async def test_without_a_channel_an_alert_says_that_nobody_was_told_and_why(room: Room) -> None:
    await judge(room, "failed", "failed")
    (alert,) = await review(room)
    assert alert.delivery == "kept"
    assert alert.delivery_text == (
        "Not delivered: no channel is available. Notifications: HERMES_WORKER_NOTIFICATIONS was not found in:"
        " environment. Kept after 1 try."
    )


async def test_an_alert_is_delivered_once_by_the_notifications_worker(wired: Room) -> None:
    await judge(wired, "failed", "failed")
    (alert,) = await review(wired)
    assert alert.delivery == "under_way"
    await review(wired)
    await wired.finish(step=1)
    (alert,) = await review(wired)
    assert (alert.delivery, alert.delivery_text) == ("delivered", "Delivered.")
    (message,) = sent(wired)
    assert message["subject"] == "SEO Knowledge Base is failing on Example"
    assert "out of paper" in message["text"]
    place = f"https://hermes.example/sites/{wired.site.id}/services/{SLUG}"
    assert message["text"].endswith(place)
    assert message["key"] == f"alert-{alert.id}-opened"
    assert Message.model_validate(message), "as the bundled worker reads it"
    assert wired.worker.starts["notifications"] == 1


async def test_alerts_that_open_together_go_in_one_job_and_those_that_come_later_in_the_next(
    wired: Room,
) -> None:
    alerts = Alerting(wired.hermes.scope, wired.hermes.jobs)
    site = wired.site.id
    for slug in (SLUG, "content_qa", "crawl_render"):
        await judge(wired, "failed", "failed", slug=slug, error=f"no {slug}")
    await alerts.review([(site, SLUG), (site, "content_qa")])
    assert await alerts.deliver() == 2
    await alerts.review([(site, "crawl_render")])
    assert await alerts.deliver() == 0, "the first job is still open, and carries no third message"
    await wired.finish(step=1)
    wired.clock.forward(10)
    await review(wired)
    await wired.finish(step=1)
    assert wired.worker.starts["notifications"] == 2
    assert len(sent(wired)) == 3
    assert {alert.delivery for alert in await review(wired)} == {"delivered"}


async def test_a_delivery_that_failed_is_not_called_delivered_and_says_why(wired: Room) -> None:
    wired.worker.script("notifications").final = {"status": "failed", "error": "no mail server"}
    await judge(wired, "failed", "failed")
    await review(wired)
    await wired.finish(step=1)
    (alert,) = await review(wired)
    assert alert.delivery == "kept"
    assert alert.delivery_text == (
        "Not delivered: Worker reported failure: no mail server. Kept after 1 try."
    )
    outputs = outputs_of(wired.catalog.service("notifications"))
    wired.worker.script("notifications").final = done(outputs)
    wired.clock.forward(60)
    await review(wired)
    await wired.finish(step=1)
    assert [each.delivery for each in await review(wired)] == ["delivered"]


async def test_messages_are_carried_for_hermes_alone(wired: Room) -> None:
    row = await wired.hermes.integrations.service(wired.site.id, "notifications")
    assert not row.supports_full, "there is no button"
    with pytest.raises(Problem) as refused:
        await wired.hermes.jobs.start_full(wired.site.id, "tests", "notifications")
    assert refused.value.code == "nothing_selected"
    assert "needs messages, which Hermes provides itself" in refused.value.message
    plan = ScheduleInput(cron="0 7 * * *", mode="full", service="notifications")
    with pytest.raises(Problem) as unplanned:
        await wired.hermes.schedules.add(wired.site.id, plan, "tests")
    assert "is started by Hermes" in str(unplanned.value.details)


async def test_the_channel_does_not_report_itself(wired: Room) -> None:
    await judge(wired, "failed", "failed", slug="notifications")
    (alert,) = await review(wired)
    assert alert.delivery == "kept"
    assert ITSELF in alert.delivery_text
    assert sent(wired) == []


async def test_a_window_mutes_and_what_is_open_at_its_end_is_delivered_then(wired: Room) -> None:
    window = WindowInput(
        starts_at=wired.clock.now, ends_at=wired.clock.now + timedelta(hours=1), service=SLUG,
        reason="The move to the new host.",
    )  # fmt: skip
    await wired.hermes.maintenance.add(window, "ann")
    await judge(wired, "failed", "failed")
    (alert,) = await review(wired)
    assert (alert.state, alert.delivery) == ("open", "muted")
    assert alert.delivery_text == "Muted during maintenance: The move to the new host."
    assert alert.muted_until == window.ends_at
    assert await wired.hermes.jobs.of(wired.site.id, 1) != [], "the smoke tests alone"
    wired.clock.forward(3600)
    (alert,) = await review(wired)
    assert (alert.delivery, alert.muted_until) == ("under_way", None)


async def test_a_window_comes_again_every_week_until_it_is_ended(room: Room) -> None:
    now = room.clock.now
    window = WindowInput(
        starts_at=now, ends_at=now + timedelta(hours=1), repeats="weekly", reason="The shop is rebuilt."
    )  # fmt: skip
    added = await room.hermes.maintenance.add(window, "ann")
    room.clock.forward(7 * 24 * 3600 + 60)
    await judge(room, "failed", "failed")
    (alert,) = await review(room)
    assert (alert.delivery, alert.muted_until) == ("muted", window.ends_at + timedelta(days=7))
    await room.hermes.maintenance.end(added.id, "ann")
    (alert,) = await review(room)
    assert alert.muted_until is None
    assert await room.hermes.maintenance.windows() == []


async def test_a_window_is_ended_early_and_one_ahead_is_forgotten(room: Room) -> None:
    maintenance = room.hermes.maintenance
    now = room.clock.now
    open_now = await maintenance.add(
        WindowInput(starts_at=now, ends_at=now + timedelta(hours=1), reason="The move."), "ann"
    )
    later = now + timedelta(hours=2)
    ahead = await maintenance.add(
        WindowInput(starts_at=later, ends_at=later + timedelta(hours=1), reason="Again."), "ann"
    )
    assert [window.state for window in await maintenance.windows()] == ["open", "ahead"]
    room.clock.forward(10)
    await maintenance.end(open_now.id, "bob")
    await maintenance.end(ahead.id, "bob")
    assert await maintenance.windows() == []
    with pytest.raises(Problem, match="no window"):
        await maintenance.end(ahead.id, "bob")


async def test_a_window_in_the_past_is_refused(room: Room) -> None:
    long_ago = room.clock.now - timedelta(hours=2)
    wanted = WindowInput(starts_at=long_ago, ends_at=room.clock.now, reason="The move.")
    with pytest.raises(Problem, match="is in the past") as refused:
        await room.hermes.maintenance.add(wanted, "ann")
    assert refused.value.field == "startsAt"


async def test_a_watch_reviews_what_is_announced_and_tells_open_pages(room: Room) -> None:
    listener = Listener(room.database_url)
    heard: list[dict[str, Any]] = []
    watch = AlertWatch(
        Alerting(room.hermes.scope, room.hermes.jobs), room.hermes.scope.catalogs, listener
    )
    listener.subscribe("hermes", heard.append)
    listening = asyncio.create_task(listener.run())
    await until(lambda: listener.connected, "the listener is connected")
    await watch.turn()  # what was missed before
    await judge(room, "failed", "failed")
    await until(
        lambda: sum(SLUG in event.get("services", []) for event in heard) >= 4, "all four are heard"
    )
    await watch.turn()
    assert [a.state for a in await room.hermes.alerts.of(room.site.id)] == ["open"]
    await until(
        lambda: any("jobId" in e and e["jobId"] is None for e in heard), "the alert is announced"
    )
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def test_a_watch_that_may_have_missed_something_reviews_everything(room: Room) -> None:
    listener = Listener(room.database_url)
    watch = AlertWatch(
        Alerting(room.hermes.scope, room.hermes.jobs), room.hermes.scope.catalogs, listener
    )
    await watch.turn()
    await judge(room, "failed", "failed")  # nobody listens yet
    await watch.turn()
    assert await room.hermes.alerts.of(room.site.id) == []
    listening = asyncio.create_task(listener.run())
    await until(lambda: listener.connected, "the listener is connected")
    await watch.turn()
    assert [a.state for a in await room.hermes.alerts.of(room.site.id)] == ["open"]
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
