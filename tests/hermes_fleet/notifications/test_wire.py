"""The ways to the channels: signed webhooks, Apprise, mail servers that misbehave, and restarts."""

import asyncio
import json
import ssl
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiosmtpd import smtp
from trustme import CA

from hermes.core import webhooks
from hermes_base.problems import Problem
from hermes_fleet.notifications import worker
from hermes_fleet.notifications.ledger import ledger
from hermes_fleet.notifications.message import Message
from hermes_fleet.notifications.opening import channels_of
from hermes_fleet.notifications.sending import Addressed, Sending, token_of
from hermes_worker import Job
from hermes_worker.ledger import Ledger
from tests.hermes_fleet.google.support import Caller, called, serving
from tests.hermes_fleet.notifications.support import (
    APPRISE,
    SMOKE,
    SMTP,
    TO,
    WEBHOOK,
    Demo,
    Receiver,
    demo_network,
    mail_server_saying,
)

ELSEWHERE = SMOKE | {"site": "https://www.example.com"}
SIGNING = "a signing secret"


@pytest.fixture
async def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Demo]:
    async with demo_network(tmp_path, monkeypatch) as network:
        yield network


@pytest.fixture
async def notifier(tmp_path: Path) -> AsyncGenerator[Caller]:
    async with called(worker, tmp_path / "state") as caller:
        yield caller


async def to_webhook(demo: Demo, notifier: Caller, receiver: Receiver) -> dict[str, Any]:
    async with serving(receiver.app()) as base:
        demo.vault.setenv(WEBHOOK, json.dumps({"url": f"{base}/hook", "secret": SIGNING}))
        return await notifier.result(**ELSEWHERE)


async def test_a_webhook_is_signed_and_can_be_checked(demo: Demo, notifier: Caller) -> None:
    receiver = Receiver()
    result = await to_webhook(demo, notifier, receiver)
    assert "Accepted by Webhook, delivery not confirmed" in result["missing"]["alert_delivered"]["message"]  # fmt: skip
    assert result["outputs"] == {}
    (headers,), (body,) = receiver.headers, receiver.bodies
    webhooks.verify(SIGNING, headers, body, datetime.now(UTC))
    with pytest.raises(Problem):
        webhooks.verify("another secret", headers, body, datetime.now(UTC))
    assert headers["Idempotency-Key"] == headers["webhook-id"]
    said = json.loads(body)
    assert said["type"] == "hermes.alert"
    assert headers["webhook-id"] in said["data"]["text"]


async def test_a_webhook_that_is_busy_gets_the_same_message_again(
    demo: Demo, notifier: Caller
) -> None:
    receiver = Receiver([429, 429])
    result = await to_webhook(demo, notifier, receiver)
    assert result["metrics"]["channels"]["webhook"]["accepted"] == 1
    assert len({headers["webhook-id"] for headers in receiver.headers}) == 1
    assert result["metrics"]["requests"] == len(receiver.bodies) == 3


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, "auth_401"),
        (403, "forbidden_403"),
        (410, "worker_failed"),
        (500, "server_error_5xx"),
        (307, "malformed_reply"),
    ],
)
async def test_a_webhook_that_refuses_is_not_asked_again(
    demo: Demo, notifier: Caller, status: int, reason: str
) -> None:
    receiver = Receiver([status])
    result = await to_webhook(demo, notifier, receiver)
    assert result["missing"]["alert_delivered"]["reason"] == reason
    assert len(receiver.bodies) == 1
    assert SIGNING not in json.dumps(result)


async def test_a_channel_nobody_answers_at_is_told(demo: Demo, notifier: Caller) -> None:
    async with serving(Receiver().app()) as base:
        pass  # its port is free again
    demo.vault.setenv(WEBHOOK, json.dumps({"url": base, "secret": SIGNING}))
    result = await notifier.result(**ELSEWHERE)
    gap = result["missing"]["alert_delivered"]
    assert gap["reason"] == "connect_refused"
    assert gap["message"] == "Nothing was accepted. Webhook: the connection was refused or closed."


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # what Apprise's plugins import
async def test_apprise_is_accepted_when_every_address_took_it(demo: Demo, notifier: Caller) -> None:
    receiver = Receiver()
    async with serving(receiver.app()) as base:
        url = base.replace("http://", "json://")
        demo.vault.setenv(APPRISE, json.dumps({"urls": [f"{url}/one", f"{url}/two"]}))
        result = await notifier.result(**ELSEWHERE)
        assert result["metrics"]["channels"]["apprise"]["accepted"] == 1
        assert "Accepted by Apprise" in result["missing"]["alert_delivered"]["message"]
        assert json.loads(receiver.bodies[0])["title"].startswith("Test of alerts")
        receiver.statuses = [200, 500]
        result = await notifier.result(**ELSEWHERE)
        gap = result["missing"]["alert_delivered"]
        assert (gap["reason"], "1 of 2 services accepted" in gap["message"]) == (
            "worker_failed",
            True,
        )
        demo.vault.setenv(APPRISE, json.dumps({"urls": [f"{url}/one", "nonsense-and-a-key"]}))
        result = await notifier.result(**ELSEWHERE)
    assert result["missing"]["alert_delivered"]["reason"] == "missing_config"
    assert "Entry 2 of urls" in result["missing"]["alert_delivered"]["message"]
    assert "nonsense-and-a-key" not in json.dumps(result)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("554 5.7.1 go away",), "forbidden_403"),
        (("421 busy",), "server_error_5xx"),
        (("HTTP/1.1 400 Bad Request", ""), "malformed_reply"),
        (("220 hello",), "connect_refused"),
        (("220 hello", "250 mail.example"), "worker_failed"),  # no AUTH: the password stays here
    ],
)
async def test_a_mail_server_that_misbehaves(
    demo: Demo,
    notifier: Caller,
    lines: tuple[str, ...],
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hermes_fleet.notifications.channels.mail.SECONDS_AGAIN", 0.01)
    async with mail_server_saying(*lines) as port:
        secret = demo.store(SMTP, port=port)
        result = await notifier.result(**ELSEWHERE)
    assert result["missing"]["email_sent"]["reason"] == reason, result["missing"]
    assert secret["password"] not in json.dumps(result)


async def test_a_wrong_password_is_told_without_it(demo: Demo, notifier: Caller) -> None:
    demo.store(SMTP, password="guess-guess")
    result = await notifier.result(**ELSEWHERE)
    assert result["missing"]["email_sent"]["reason"] == "auth_401"
    assert "guess-guess" not in json.dumps(result)


async def test_a_mail_server_that_repeats_the_password_is_not_repeated(
    demo: Demo, notifier: Caller
) -> None:
    lines = ("220 hello", "250-mail\r\n250 AUTH PLAIN", "535 5.7.8 no such password: guess-guess")
    async with mail_server_saying(*lines) as port:
        demo.store(SMTP, port=port, password="guess-guess")
        result = await notifier.result(**ELSEWHERE)
    assert "535" in result["missing"]["email_sent"]["message"]
    assert "[hidden]" in result["missing"]["email_sent"]["message"]
    assert "guess-guess" not in json.dumps(result)


async def test_a_sink_that_does_not_answer_holds_nobody_up(
    demo: Demo, notifier: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def silent(_: web.Request) -> web.Response:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    app = web.Application()
    app.router.add_get("/", silent)
    monkeypatch.setattr("hermes_fleet.notifications.delivery.SECONDS_MORE", 0.1)
    async with serving(app) as base:
        demo.store(SMTP, read_back=f"{base}/")
        result = await notifier.result(**ELSEWHERE)
    assert asked.is_set()
    assert result["outputs"] == {"email_sent": 1}
    assert "does not respond when Hermes checks" in result["missing"]["alert_delivered"]["message"]
    assert result["metrics"]["seconds"] < 3


async def test_a_certificate_that_nobody_vouches_for_is_refused(
    demo: Demo, notifier: Caller
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    CA().issue_cert("localhost").configure_cert(context)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: smtp.SMTP(Nobody(), hostname="x", tls_context=context), "127.0.0.1", 0
    )
    async with server:
        port = server.sockets[0].getsockname()[1]
        demo.store(SMTP, host="localhost", port=port, tls="starttls")
        result = await notifier.result(**ELSEWHERE)
    assert result["missing"]["email_sent"]["reason"] == "tls"


class Nobody:
    async def handle_DATA(  # noqa: N802  (aiosmtpd's name)
        self, server: smtp.SMTP, session: smtp.Session, envelope: smtp.Envelope
    ) -> str:
        raise AssertionError("nothing may be sent over this connection")


async def test_a_restarted_job_does_not_send_again_what_was_accepted(
    demo: Demo, tmp_path: Path
) -> None:
    messages = [Message(subject="s", text="t", channel="email", key="k")]
    addressed = Addressed("http://127.0.0.1:8420", "", TO)
    store = Ledger(tmp_path / "jobs.sqlite3")
    try:
        job = Job(store.add("job", None, "digest", json.dumps(SMOKE)), store, tmp_path / "job")
        async with aiohttp.ClientSession() as session:
            channels = channels_of("http://127.0.0.1:8420", session)
            for _life in range(2):
                with ledger(tmp_path, 0) as kept:
                    sending = Sending(job, channels, kept, addressed)
                    await sending.send(messages)
                assert [each.outcome for each in sending.deliveries] == ["accepted"]
                assert sending.deliveries[0].reference == token_of("job", 1)
    finally:
        store.close()
    assert len(demo.mails) == 1
