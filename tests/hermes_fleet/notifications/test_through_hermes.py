"""Alerts of Hermes on their way through the bundled notifications worker, to a channel or to none."""

from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import UUID

import pytest

from hermes.core.views.alerts import AlertView
from hermes.upkeep.alerting import Alerting
from hermes_fleet.notifications import worker
from tests.hermes_fleet.google.support import KEY, called
from tests.hermes_fleet.notifications.support import DISCORD, SECRETS, SLACK, TO, Demo, demo_network
from tests.support.catalog import shipped_catalog
from tests.support.room import Room, open_room
from tests.support.stand_ins import SITE

FAILING = "seo_kbase"


@pytest.fixture
async def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Demo]:
    async with demo_network(tmp_path, monkeypatch) as network:
        yield network


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncGenerator[Room]:
    """A room with the catalog as shipped, and the bundled worker of notifications."""
    async with (
        open_room(database_url, shipped_catalog()) as room,
        called(worker, tmp_path / "state") as caller,
    ):
        room.register(FAILING)
        room.worker.script(FAILING).final = {"status": "failed", "error": "out of paper"}
        room.variables[room.catalog.service("notifications").secret] = (
            f'{{"base_url": "{caller.base}", "api_key": "{KEY}"}}'
        )
        yield room


async def alert_of(room: Room, site_id: UUID) -> AlertView:
    """The alert that two failures open, after Hermes tried to tell somebody of it."""
    for _ in range(2):
        room.clock.forward(60)
        await room.hermes.jobs.start_smoke(site_id, "tests", FAILING)
        await room.finish(step=1)
    review = Alerting(room.hermes.scope, room.hermes.jobs, "https://hermes.example")
    await review.review()
    await review.deliver()
    await room.finish(step=1)
    await review.deliver()
    (alert,) = await room.hermes.alerts.of(site_id)
    return alert


async def test_an_alert_reaches_the_channels_that_are_there(demo: Demo, office: Room) -> None:
    site = await office.hermes.sites.put_demo("Demo", SITE, {"notify_to": TO})
    alert = await alert_of(office, site.id)
    assert (alert.delivery, alert.delivery_text) == ("delivered", "Delivered.")
    (mail,) = demo.mails
    assert mail["recipients"] == [TO]
    assert "out of paper" in mail["text"]
    assert f"https://hermes.example/sites/{site.id}/services/{FAILING}" in mail["text"]
    assert len(demo.posts) == 1


async def test_one_channel_that_shows_the_message_is_enough(demo: Demo, office: Room) -> None:
    demo.store(DISCORD)
    alert = await alert_of(office, office.site.id)
    assert (alert.delivery, alert.delivery_text) == ("delivered", "Delivered.")
    assert demo.mails == []


async def test_a_channel_without_a_receipt_is_not_called_delivered(
    demo: Demo, office: Room
) -> None:
    demo.store(SLACK)
    alert = await alert_of(office, office.site.id)
    assert alert.delivery == "handed_over"
    assert len(demo.posts) == 1


async def test_without_any_channel_nobody_was_told_and_the_alert_says_what_to_store(
    demo: Demo, office: Room
) -> None:
    alert = await alert_of(office, office.site.id)
    assert alert.delivery == "kept"
    assert SECRETS[0] in alert.delivery_text, alert.delivery_text
    assert (demo.mails, demo.posts) == ([], [])
