"""Letters by SMTP, to a real mail server on loopback; and the watcher outside, over real HTTP."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from hermes.channels.carrier import Carrier
from hermes.channels.mailing import mail
from hermes.channels.posting import posting
from hermes.core.alerting.life import Letter
from hermes.core.alerting.wire import ChannelFault
from hermes.storage import outbox
from hermes.upkeep.alerting import Alerting
from hermes_egress.opened import Opened
from hermes_sandbox.providers.faults import Faults
from hermes_sandbox.providers.mail import NAME, USER, Sink, faults_of_mail
from hermes_sandbox.providers.posts import Posts
from tests.support.room import Room

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LETTER = Letter(
    "alert-1-opened", "alert-1", "opened", True, "critical", "Crawler is failing", "Why.", "", AT
)
HERE = Opened("127.0.0.0/8")


@pytest.fixture
def posts() -> Posts:
    """What the mail server took."""
    return Posts()


@pytest.fixture
async def sink(posts: Posts) -> AsyncGenerator[Sink]:
    found = Sink("right", Faults({NAME: faults_of_mail()}), posts)
    await found.open()
    yield found
    await found.close()


def secret(sink: Sink, **other: str) -> dict[str, str]:
    usual = {"host": "127.0.0.1", "port": str(sink.port), "user": USER, "password": "right"}
    return {**usual, "from": "hermes@example.com", "tls": "none", **other}


async def test_a_letter_is_one_mail_to_all_who_are_named(sink: Sink, posts: Posts) -> None:
    await mail(LETTER, secret(sink), "ann@example.com, bob@example.com", HERE)
    (kept,) = posts.holding("")
    assert kept["recipients"] == ["ann@example.com", "bob@example.com"]
    assert (kept["subject"], kept["text"].strip()) == ("Crawler is failing", "Why.")
    assert kept["message_id"] == "<alert-1-opened@example.com>"


async def test_one_address_that_is_refused_keeps_nobody_else_from_being_told(
    sink: Sink, posts: Posts
) -> None:
    await mail(LETTER, secret(sink), "nobody@example.com, bob@example.com", HERE)
    assert len(posts.holding("")) == 1
    with pytest.raises(ChannelFault, match=r"refused every address \(550\)"):
        await mail(LETTER, secret(sink), "nobody@example.com", HERE)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"password": "wrong"}, "answered 535"),
        ({"port": "x"}, "is not a port"),
        ({"host": ""}, "needs the fields host and from"),
        ({"tls": "starttls"}, "could not be used"),
    ],
)
async def test_what_is_wrong_is_said_without_the_password(
    sink: Sink, other: dict[str, str], told: str
) -> None:
    with pytest.raises(ChannelFault, match=told) as fault:
        await mail(LETTER, secret(sink, **other), "ann@example.com", HERE)
    assert "right" not in fault.value.words
    assert "wrong" not in fault.value.words


async def test_a_mail_server_in_a_private_network_is_not_asked_unless_it_was_opened(
    sink: Sink, posts: Posts
) -> None:
    with pytest.raises(ChannelFault):
        await mail(LETTER, secret(sink), "ann@example.com", Opened())
    assert posts.holding("") == []


async def test_the_watcher_outside_is_asked_and_its_silence_is_on_record(room: Room) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=200 if request.path == "/here" else 404)

    app = web.Application()
    app.router.add_get("/{any}", answer)
    async with TestServer(app) as server, posting(HERE) as posts:
        carrier = Carrier(posts, room.hermes.vault, HERE, room.clock)
        alerting = Alerting(room.hermes.scope, room.hermes.jobs, carrier=carrier)
        await alerting.ping(str(server.make_url("/here")))
        first = room.clock.now
        room.clock.forward(60)
        await alerting.ping(str(server.make_url("/gone")))
    found = await outbox.ping(room.hermes.pool)
    assert found is not None
    assert (found["answered_at"], found["sent_at"]) == (first, room.clock.now)
    assert "answered 404" in found["fault"]
