"""One cause, one alert, one life: a storm, a channel that is away, flapping, and who is told when."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from standardwebhooks import Webhook

from hermes.channels.carrier import Carrier
from hermes.channels.posting import posting
from hermes.core.alerting.backing_off import GIVEN_UP
from hermes.core.schedules import ScheduleInput
from hermes.core.sites.input import SiteInput
from hermes.core.views.alerts import AlertView
from hermes.storage import channels
from hermes.upkeep.alert_delivery import LEASE
from hermes.upkeep.alerting import Alerting
from hermes_base.alerts.model import CALM
from hermes_base.alerts.storage import AlertStore
from hermes_base.clock import utc_now
from hermes_base.problems import Problem
from hermes_egress.opened import Opened
from tests import ROOT
from tests.hermes.upkeep.test_alerts import SLUG, judge
from tests.support.room import Room
from tests.support.waiting import until

PROGRAM = ROOT / "tests" / "support" / "alert_program.py"
KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass
class Receiver:
    """Somebody's webhook: it takes what is well signed, unless it is `away`."""

    base: str = ""
    away: bool = False
    tries: int = 0
    taken: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    ids: list[str] = field(default_factory=list[str])
    holds: asyncio.Event = field(default_factory=asyncio.Event)

    async def post(self, request: web.Request) -> web.Response:
        self.tries += 1
        await self.holds.wait()
        if self.away:
            return web.Response(status=503, text="back soon")
        body = await request.read()
        Webhook(KEY).verify(body.decode(), dict(request.headers))
        self.ids.append(request.headers["webhook-id"])
        self.taken.append(json.loads(body)["data"])
        return web.Response(status=204)

    @property
    def said(self) -> list[str]:
        return [each["event"] for each in self.taken]


@pytest.fixture
async def receiver() -> AsyncGenerator[Receiver]:
    found = Receiver()
    found.holds.set()
    app = web.Application()
    app.router.add_post("/hook", found.post)
    async with TestServer(app) as server:
        found.base = str(server.make_url("")).rstrip("/")
        yield found


@dataclass
class Desk:
    """A room whose alerts go to the receiver alone."""

    room: Room
    alerting: Alerting
    receiver: Receiver

    async def look(self, seconds: float = 0) -> None:
        self.room.clock.forward(seconds)
        await self.alerting.review()
        await self.alerting.deliver()

    async def all(self) -> list[AlertView]:
        return await self.room.hermes.alerts.all()


@pytest.fixture
async def desk(room: Room, receiver: Receiver) -> AsyncGenerator[Desk]:
    opened = Opened("127.0.0.0/8")
    room.variables["HERMES_CHANNEL_HOOK"] = json.dumps(
        {"url": f"{receiver.base}/hook", "secret": KEY}
    )
    async with posting(opened) as posts:
        carrier = Carrier(posts, room.hermes.vault, opened, utc_now)  # a receiver verifies the time
        await add_route(room, await add_channel(room, "Hook"))
        alerting = Alerting(room.hermes.scope, room.hermes.jobs, "https://hermes.example", carrier)
        yield Desk(room, alerting, receiver)


async def add_channel(room: Room, name: str, held_in: str = "HERMES_CHANNEL_HOOK") -> Any:
    async with room.hermes.pool.acquire() as connection:
        return await channels.add_channel(connection, name, "webhook", "", held_in, "tests")


async def add_route(room: Room, *told: Any, **other: Any) -> Any:
    usual: dict[str, Any] = {
        "product": None, "site_id": None, "service": None, "severity": None, "days": range(1, 8),
        "starts": None, "ends": None, "time_zone": "UTC", "remind_after": None, "escalate_after": None,
        "escalate_to": (),
    }  # fmt: skip
    async with room.hermes.pool.acquire() as connection:
        return await channels.add_route(connection, told=told, actor="tests", **(usual | other))


async def storm(desk: Desk, outcome: str, rounds: int = 2) -> None:
    """Two hundred services, ten at each of twenty sites, that all say the same of their provider."""
    room = desk.room
    slugs = [
        s.slug for s in room.catalog.workers if s.state == "built" and s.slug != "notifications"
    ]
    sites = [site.id for site in await room.hermes.sites.all()]
    for _ in range(rounds):
        room.clock.forward(60)
        await room.hermes.pool.execute(
            "with j as (insert into test_jobs (id, site_id, job_type, status, requested_by, created_at, summary,"
            " progress_json) select gen_random_uuid(), s, 'smoke_all', 'done', 'tests', $3, '', '{}'"
            " from unnest($1::uuid[]) s returning id, site_id)"
            " insert into service_runs (id, job_id, site_id, service_slug, run_type, status, reason, detail,"
            " outputs_json, created_at, finished_at, deadline_seconds)"
            " select gen_random_uuid(), j.id, j.site_id, g, 'smoke', $4::text,"
            " case when $4::text = 'failed' then 'worker_failed' end, case when $4::text = 'failed'"
            " then 'The provider refused the key.' else '' end, '{}', $3, $3, 60 from j, unnest($2::text[]) g",
            sites, slugs[:10], room.clock.now, outcome,
        )  # fmt: skip


@pytest.fixture
async def fleet(desk: Desk) -> Desk:
    for number in range(19):
        address = SiteInput(base_url=f"https://site{number}.example", name=f"Site {number}")
        await desk.room.hermes.sites.add(address, "tests")
    return desk


async def test_two_hundred_services_that_lose_one_provider_are_one_alert(fleet: Desk) -> None:
    await storm(fleet, "failed")
    await fleet.look()
    (alert,) = await fleet.all()
    assert len(alert.affected) == 200
    assert alert.text == "200 services fail by one cause: Worker reported failure"
    (told,) = fleet.receiver.taken
    assert told["subject"] == alert.text
    assert "The provider refused the key." in told["text"]
    assert told["url"] == f"https://hermes.example/alerts#alert-{alert.id}"
    await storm(fleet, "success")
    await fleet.look()
    (alert,) = await fleet.all()
    assert alert.state == "closed"
    assert fleet.receiver.said == ["opened", "recovered"]


async def test_a_channel_that_is_away_for_an_hour_is_told_once_after(desk: Desk) -> None:
    desk.receiver.away = True
    await judge(desk.room, "failed", "failed")
    for _ in range(60):
        await desk.look(60)
    (alert,) = [each for each in await desk.all() if each.product == "control_room"]
    (kept,) = alert.deliveries
    assert (kept.state, alert.delivery) == ("kept", "kept")
    assert "answered 503: back soon" in kept.text
    assert 5 < kept.attempts < 12, "less and less often"
    desk.receiver.away = False
    for _ in range(60):
        await desk.look(60)
    assert desk.receiver.said == ["opened"]
    (alert,) = [each for each in await desk.all() if each.product == "control_room"]
    assert alert.delivery == "delivered"


async def test_what_was_over_before_its_channel_came_back_is_told_in_one_message(
    desk: Desk,
) -> None:
    desk.receiver.away = True
    await judge(desk.room, "failed", "failed")
    await desk.look()
    await judge(desk.room, "success", "success")
    await desk.look()
    desk.receiver.away = False
    for _ in range(60):
        await desk.look(60)
    (told,) = desk.receiver.taken
    assert told["subject"] == "Recovered: SEO Knowledge Base was failing on Example"
    assert not told["open"]


async def test_flapping_is_said_once_and_its_end_when_it_was_calm(desk: Desk) -> None:
    for _ in range(5):
        await judge(desk.room, "failed", "failed")
        await desk.look()
        await judge(desk.room, "success", "success")
        await desk.look()
    (alert,) = await desk.all()
    assert (alert.flaps, alert.state) == (4, "closed")
    assert desk.receiver.said == ["opened", "recovered", "flapping"]
    await desk.look(CALM.total_seconds())
    await desk.look(CALM.total_seconds())
    assert desk.receiver.said == ["opened", "recovered", "flapping", "recovered"]
    assert "It came back 4 times" in desk.receiver.taken[-1]["text"]
    await judge(desk.room, "failed", "failed")
    await desk.look()
    assert len(await desk.all()) == 2, "after half an hour of calm it is another one"


async def test_a_process_killed_while_it_delivers_loses_nothing_and_the_same_letter_goes_out_again(
    desk: Desk,
) -> None:
    room, receiver = desk.room, desk.receiver
    await judge(room, "failed", "failed")
    await desk.alerting.review()
    receiver.holds.clear()
    variables = {
        **os.environ, "PYTHONPATH": str(ROOT), "ALERT_DATABASE": room.database_url,
        "HERMES_CHANNEL_HOOK": room.variables["HERMES_CHANNEL_HOOK"],
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(sys.executable, str(PROGRAM), env=variables)
    await until(lambda: receiver.tries == 1, "the letter is on its way")
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    receiver.holds.set()
    room.clock.now = utc_now()
    await desk.look()
    assert receiver.tries == 1, "it is claimed by somebody who may still live"
    await desk.look(LEASE.total_seconds())
    (alert,) = await desk.all()
    assert alert.delivery == "delivered"
    assert set(receiver.ids) == {f"alert-{alert.id}-opened"}, "one id, by which a double is known"


async def test_orders_and_processes_of_hermes_go_the_same_way(desk: Desk) -> None:
    store = AlertStore("orders")
    await store.raise_alert(desk.room.hermes.pool, "silent:brain", "silent", "No brain is running.")
    await desk.look()
    assert desk.receiver.taken[0]["subject"] == "No brain is running."
    async with desk.room.hermes.pool.acquire() as connection:
        await store.close_alert(connection, "silent:brain", [])
    await desk.look()
    assert desk.receiver.said == ["opened", "recovered"]


async def test_work_of_hermes_that_nobody_takes_is_an_alert_until_somebody_does(desk: Desk) -> None:
    room = desk.room
    plan = ScheduleInput(cron="0 7 * * *", mode="smoke", service=SLUG)
    await room.hermes.schedules.add(room.site.id, plan, "tests")
    await desk.look(24 * 3600)
    assert desk.receiver.taken[0]["subject"].startswith("1 schedule did not run for more than 10")
    await room.hermes.schedules.run_due()
    await desk.look(60)
    assert desk.receiver.said == ["opened", "recovered"]


async def test_a_channel_that_does_not_deliver_is_an_alert_over_the_others(desk: Desk) -> None:
    room = desk.room
    broken = await add_channel(room, "Slack #seo", "HERMES_CHANNEL_GONE")
    (hook,) = [
        r for r in await channels.channels(room.hermes.pool, room.clock.now) if r["name"] == "Hook"
    ]
    await room.hermes.pool.execute("delete from alert_routes")
    await add_route(room, broken, hook["id"])
    await judge(room, "failed", "failed")
    for _ in range(10):
        await desk.look(60)
    subjects = [each["subject"] for each in desk.receiver.taken]
    assert subjects[0] == "SEO Knowledge Base is failing on Example"
    assert subjects[1].startswith(
        "Slack #seo does not deliver; 1 kept. HERMES_CHANNEL_GONE was not"
    )
    assert len(subjects) == 2
    room.variables["HERMES_CHANNEL_GONE"] = room.variables["HERMES_CHANNEL_HOOK"]
    for _ in range(40):
        await desk.look(60)
    assert desk.receiver.said == ["opened", "opened", "opened", "recovered"]


async def test_nobody_takes_it_then_the_next_is_told_and_all_are_reminded(desk: Desk) -> None:
    room = desk.room
    duty = await add_channel(room, "On duty")
    (hook,) = [
        r for r in await channels.channels(room.hermes.pool, room.clock.now) if r["name"] == "Hook"
    ]
    await room.hermes.pool.execute("delete from alert_routes")
    await add_route(room, hook["id"], remind_after=120, escalate_after=30, escalate_to=[duty])
    await judge(room, "failed", "failed")
    await desk.look()
    await desk.look(29 * 60)
    assert desk.receiver.said == ["opened"]
    await desk.look(60)
    assert desk.receiver.said == ["opened", "escalation"]
    await desk.look(90 * 60)
    assert desk.receiver.said == ["opened", "escalation", "reminder", "reminder"]
    (alert,) = await desk.all()
    await room.hermes.alerts.acknowledge(alert.id, "ann", "The key was renamed.")
    await desk.look(1000 * 60)
    assert len(desk.receiver.said) == 4
    (alert,) = await desk.all()
    assert (alert.acknowledged_by, alert.acknowledgement) == ("ann", "The key was renamed.")


async def test_a_snoozed_alert_is_silent_until_then_and_recalled_at_once(desk: Desk) -> None:
    room = desk.room
    await room.hermes.pool.execute("update alert_routes set remind_after = 60")
    await judge(room, "failed", "failed")
    await desk.look()
    (alert,) = await desk.all()
    await room.hermes.alerts.snooze(alert.id, 300, "ann")
    await desk.look(299 * 60)
    assert desk.receiver.said == ["opened"]
    await desk.look(60)
    assert desk.receiver.said == ["opened", "reminder"]
    with pytest.raises(Problem, match="0 to 30 days"):
        await room.hermes.alerts.snooze(alert.id, -1, "ann")


async def test_a_private_address_is_not_asked_unless_it_was_opened(desk: Desk) -> None:
    await judge(desk.room, "failed", "failed")
    async with posting(Opened()) as posts:
        carrier = Carrier(posts, desk.room.hermes.vault, Opened(), desk.room.clock)
        scope = desk.room.hermes.scope
        strict = Alerting(scope, desk.room.hermes.jobs, "", carrier)
        await strict.review()
        await strict.deliver()
    assert desk.receiver.tries == 0
    (alert,) = await desk.all()
    assert "in a private network" in alert.delivery_text


async def test_what_no_channel_takes_for_a_week_is_given_up_and_says_so(desk: Desk) -> None:
    desk.receiver.away = True
    await judge(desk.room, "failed", "failed")
    await desk.look()
    await desk.look((GIVEN_UP + timedelta(minutes=1)).total_seconds())
    (alert,) = [each for each in await desk.all() if each.service == SLUG]
    assert [(each.state, each.text) for each in alert.deliveries] == [("dropped", "Given up.")]
