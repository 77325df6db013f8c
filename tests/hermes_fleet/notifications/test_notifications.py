"""The notifications worker over HTTP against the stand-ins of its channels."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from hermes_fleet.notifications import not_ready, worker
from hermes_fleet.providers import SANDBOX_FILE
from tests.hermes_fleet.google.support import Caller, called
from tests.hermes_fleet.notifications.support import (
    DISCORD,
    SECRETS,
    SLACK,
    SMOKE,
    SMTP,
    TO,
    WEBHOOK,
    Demo,
    demo_network,
)

ELSEWHERE = "https://www.example.com"


@pytest.fixture
async def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Demo]:
    async with demo_network(tmp_path, monkeypatch) as network:
        yield network


@pytest.fixture
async def notifier(tmp_path: Path) -> AsyncGenerator[Caller]:
    async with called(worker, tmp_path / "state") as caller:
        yield caller


def a_message(**more: Any) -> dict[str, Any]:
    return {"subject": "Crawl failed", "text": "3 of 4 pages answered 500.", **more}


async def full(notifier: Caller, *messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return await notifier.result(**{**SMOKE, "mode": "full", "messages": messages, **more})


async def test_the_test_message_arrives_and_is_read_back(demo: Demo, notifier: Caller) -> None:
    result = await notifier.result(**SMOKE)
    assert result["outputs"] == {"email_sent": 1, "slack_sent": 1, "alert_delivered": True}
    assert result["provenance"] == {
        "email_sent": "measured",
        "slack_sent": "sample",
        "alert_delivered": "measured",
    }
    (mail,) = demo.mails
    (post,) = demo.posts
    token = mail["text"].split("Token: ")[1].strip()
    assert mail["recipients"] == [TO]
    assert token in mail["message_id"]
    assert token in mail["subject"]
    assert token in post["text"]
    assert result["metrics"]["items"] == 1
    assert result["metrics"]["requests"] == 3  # two messages and one look
    assert result["metrics"]["channels"]["email"]["channel"] == "sink"
    assert result["metrics"]["channels"]["email"]["receipts"] == 1
    assert result["metrics"]["channels"]["slack"]["label"] == "accepted by Slack"


async def test_every_smoke_run_has_a_token_of_its_own(demo: Demo, notifier: Caller) -> None:
    for _run in range(2):
        assert (await notifier.result(**SMOKE))["outputs"]["alert_delivered"] is True
    first, second = (mail["message_id"] for mail in demo.mails)
    assert first != second


async def test_what_is_lost_after_acceptance_is_not_delivered(demo: Demo, notifier: Caller) -> None:
    await demo.served.switch("smtp", "lost")
    result = await notifier.result(**SMOKE)
    assert result["outputs"] == {"email_sent": 1, "slack_sent": 1}
    gap = result["missing"]["alert_delivered"]
    assert gap["reason"] == "outputs_missing"
    assert "accepted by the sink but did not appear there" in gap["message"]
    assert result["metrics"]["requests"] <= 40


async def test_without_any_channel_nothing_is_claimed(demo: Demo, notifier: Caller) -> None:
    result = await notifier.result(**{**SMOKE, "site": ELSEWHERE})
    assert result["outputs"] == {}
    assert {gap["reason"] for gap in result["missing"].values()} == {"missing_config"}
    assert SMTP in result["missing"]["email_sent"]["message"]
    assert SLACK in result["missing"]["slack_sent"]["message"]
    assert all(name in result["missing"]["alert_delivered"]["message"] for name in SECRETS)
    assert (result["metrics"]["items"], result["metrics"]["requests"]) == (0, 0)
    assert demo.mails == demo.posts == []


async def test_without_a_receipt_accepted_is_all_that_is_said(demo: Demo, notifier: Caller) -> None:
    demo.store(SLACK)
    result = await notifier.result(**{**SMOKE, "site": ELSEWHERE})
    assert result["outputs"] == {"slack_sent": 1}
    assert result["provenance"] == {"slack_sent": "provider"}
    assert "Accepted by Slack, delivery not confirmed" in result["missing"]["alert_delivered"]["message"]  # fmt: skip


async def test_a_mail_server_without_a_sink_gives_no_receipt(demo: Demo, notifier: Caller) -> None:
    demo.store(SMTP, read_back=None)
    result = await notifier.result(**{**SMOKE, "site": ELSEWHERE})
    assert result["outputs"] == {"email_sent": 1}
    assert result["provenance"] == {"email_sent": "provider"}
    assert result["metrics"]["channels"]["email"]["channel"] == "mail server"
    assert "delivery not confirmed" in result["missing"]["alert_delivered"]["message"]


async def test_discord_proves_delivery_by_the_message_it_shows(
    demo: Demo, notifier: Caller
) -> None:
    demo.store(DISCORD)
    result = await notifier.result(**{**SMOKE, "site": ELSEWHERE})
    assert result["outputs"] == {"alert_delivered": True}
    assert result["provenance"] == {"alert_delivered": "provider"}
    assert [post["channel"] for post in demo.posts] == ["discord"]


async def test_discord_that_lost_the_message_spoils_the_proof_of_the_mail(
    demo: Demo, notifier: Caller
) -> None:
    demo.store(DISCORD)
    await demo.served.switch("discord", "lost")
    result = await notifier.result(**SMOKE)
    assert result["outputs"] == {"email_sent": 1, "slack_sent": 1}
    assert (
        "Discord webhook but did not appear there"
        in result["missing"]["alert_delivered"]["message"]
    )


@pytest.mark.parametrize(
    ("fault", "reason", "words"),
    [
        ("auth_535", "auth_401", "app password"),
        ("unknown_550", "worker_failed", "correct notify_to"),
        ("too_big_552", "worker_failed", "too large"),
    ],
)
async def test_what_the_mail_server_refuses_for_good(
    demo: Demo, notifier: Caller, fault: str, reason: str, words: str
) -> None:
    await demo.served.switch("smtp", fault)
    result = await notifier.result(**SMOKE)
    gap = result["missing"]["email_sent"]
    assert (gap["reason"], words in gap["message"]) == (reason, True)
    assert result["outputs"] == {"slack_sent": 1}
    assert result["metrics"]["channels"]["email"] == {
        "channel": "sink", "accepted": 0, "refused": 1, "held": 0, "receipts": 0,
    }  # fmt: skip
    assert result["metrics"]["requests"] == 2  # it is not asked again


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("unavailable_421", "server_error_5xx"),
        ("mailbox_busy_450", "rate_limited"),
        ("local_error_451", "server_error_5xx"),
    ],
)
async def test_what_the_mail_server_refuses_for_now_is_tried_three_times(
    demo: Demo, notifier: Caller, fault: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hermes_fleet.notifications.channels.mail.SECONDS_AGAIN", 0.01)
    await demo.served.switch("smtp", fault)
    result = await notifier.result(**SMOKE)
    assert result["missing"]["email_sent"]["reason"] == reason
    assert result["metrics"]["requests"] == 4  # three tries of the mail and one of Slack


@pytest.mark.parametrize(
    ("fault", "reason", "words"),
    [
        ("invalid_token", "auth_401", "403 invalid_token"),
        ("action_prohibited", "forbidden_403", "administrator"),
        ("no_service", "auth_401", "404 no_service"),
        ("no_team", "auth_401", "404 no_team"),
        ("channel_not_found", "auth_401", "404 channel_not_found"),
        ("channel_is_archived", "forbidden_403", "archived"),
        ("user_not_found", "auth_401", "400 user_not_found"),
        ("invalid_payload", "worker_failed", "could not read"),
        ("rate_limited", "rate_limited", "limiting messages"),
        ("rollup_error", "server_error_5xx", "500 rollup_error"),
        ("html", "malformed_reply", "not a Slack webhook (200)"),
        ("redirect", "malformed_reply", "302, a redirect"),
        ("gateway", "server_error_5xx", "502"),
    ],
)
async def test_what_slack_refuses(
    demo: Demo,
    notifier: Caller,
    fault: str,
    reason: str,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hermes_fleet.notifications.sending.LONGEST_WAIT", 0.5)  # Slack says 1
    await demo.served.switch("slack", fault)
    result = await notifier.result(**SMOKE)
    gap = result["missing"]["slack_sent"]
    assert (gap["reason"], words in gap["message"]) == (reason, True), gap
    assert result["outputs"] == {"email_sent": 1, "alert_delivered": True}
    assert not any(word in json.dumps(result) for word in secret_words(demo))


def secret_words(demo: Demo) -> list[str]:
    slack, smtp = demo.served.secrets[SLACK], demo.served.secrets[SMTP]
    return [slack["url"], slack["url"].rsplit("/", 1)[1], smtp["password"]]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("unknown_webhook", "auth_401"),
        ("invalid_token", "auth_401"),
        ("server_error", "server_error_5xx"),
        ("html", "malformed_reply"),
        ("broken_json", "malformed_reply"),
    ],
)
async def test_what_discord_refuses_is_told_where_delivery_is_proved(
    demo: Demo, notifier: Caller, fault: str, reason: str
) -> None:
    demo.store(DISCORD)
    await demo.served.switch("discord", fault)
    result = await notifier.result(**SMOKE)
    assert result["outputs"] == {"email_sent": 1, "slack_sent": 1}
    gap = result["missing"]["alert_delivered"]
    assert (gap["reason"], gap["message"].startswith("Message 1 was refused. Discord:")) == (reason, True)  # fmt: skip


async def test_discord_is_asked_again_after_the_time_it_names(demo: Demo, notifier: Caller) -> None:
    demo.store(DISCORD)
    await demo.served.switch("discord", "rate_limited")
    result = await notifier.result(**SMOKE)
    assert result["missing"]["alert_delivered"]["reason"] == "rate_limited"
    assert result["metrics"]["requests"] == 2 + 1 + 3  # mail with its look, Slack, three tries


async def test_mail_without_a_recipient_names_the_setting(demo: Demo, notifier: Caller) -> None:
    for notify_to, words in (
        (None, "Enter one under Send alerts to"),
        ("team", "must be one email address"),
    ):
        result = await notifier.result(**{**SMOKE, "settings": {"notify_to": notify_to}})
        gap = result["missing"]["email_sent"]
        assert (gap["reason"], words in gap["message"]) == ("missing_config", True)
        assert result["outputs"] == {"slack_sent": 1}
    assert demo.mails == []


async def test_an_unusable_secret_names_its_field(demo: Demo, notifier: Caller) -> None:
    demo.store(SMTP, port="smtp")
    demo.store(SLACK, url="hooks.slack.com/services/T/B/secret-part")
    demo.vault.setenv(WEBHOOK, '{"url": "http://127.0.0.1:1/"}')
    result = await notifier.result(**SMOKE)
    assert result["outputs"] == {}
    assert f"The field port of {SMTP}" in result["missing"]["email_sent"]["message"]
    assert result["missing"]["slack_sent"]["message"] == f"The field url of {SLACK} is not an http(s) address."  # fmt: skip
    assert "no field secret" in result["missing"]["alert_delivered"]["message"]


async def test_messages_go_where_they_are_meant(demo: Demo, notifier: Caller) -> None:
    demo.store(DISCORD)
    result = await full(
        notifier,
        a_message(channel="email", to="boss@demo.example", text="Für dich"),
        a_message(channel="discord"),
    )
    assert result["outputs"] == {"email_sent": 1, "alert_delivered": True}
    gap = result["missing"]["slack_sent"]
    assert gap == {"reason": "outputs_missing", "message": "This run had no message for Slack."}
    (mail,) = demo.mails
    assert (mail["recipients"], mail["text"].strip()) == (["boss@demo.example"], "Für dich")
    assert [post["channel"] for post in demo.posts] == ["discord"]


async def test_a_message_for_a_channel_that_is_not_there_is_told(
    demo: Demo, notifier: Caller
) -> None:
    result = await full(notifier, a_message(), a_message(channel="discord", key="other"))
    assert result["outputs"] == {"email_sent": 1, "slack_sent": 1}
    assert DISCORD in result["missing"]["alert_delivered"]["message"]


async def test_one_refused_among_several_is_counted_and_told(demo: Demo, notifier: Caller) -> None:
    mails = [a_message(channel="email", to=to) for to in (TO, "nobody@demo.example", TO)]
    result = await full(notifier, *mails)
    assert result["outputs"] == {"email_sent": 2}
    gap = result["missing"]["alert_delivered"]
    assert gap["message"].startswith("Message 2 was refused. Email: the recipient's address")
    assert [each["outcome"] for each in result["metrics"]["deliveries"]] == ["accepted", "refused", "accepted"]  # fmt: skip


async def test_the_same_key_is_sent_once_in_a_while(demo: Demo, notifier: Caller) -> None:
    alert = a_message(channel="email", key="crawl-failed")
    assert (await full(notifier, alert))["outputs"]["email_sent"] == 1
    again = await full(notifier, alert)
    assert again["outputs"] == {}
    assert "the same key was sent 0 min ago" in again["missing"]["email_sent"]["message"]
    other_site = await full(notifier, alert, site_id="another")
    other_person = await full(notifier, {**alert, "to": "boss@demo.example"})
    later = await full(notifier, alert, same_key_minutes=0)
    assert [each["outputs"]["email_sent"] for each in (other_site, other_person, later)] == [1, 1, 1]  # fmt: skip
    assert len(demo.mails) == 4


async def test_quiet_hours_hold_back_what_is_not_urgent(demo: Demo, notifier: Caller) -> None:
    always = {"from": "00:00", "to": "23:59:59.999999"}
    mails = [a_message(channel="email"), a_message(channel="email", urgent=True)]
    result = await full(notifier, *mails, quiet_hours=always)
    assert result["outputs"] == {"email_sent": 1, "alert_delivered": True}
    held = result["metrics"]["deliveries"][0]
    assert (held["outcome"], "quiet hours last until 23:59 (UTC)" in held["words"]) == (
        "held",
        True,
    )
    nothing = await full(notifier, mails[0], quiet_hours=always)
    assert nothing["missing"]["alert_delivered"]["message"].startswith("Nothing was accepted. Held back: quiet hours last")  # fmt: skip


async def test_slack_is_written_to_once_a_second(demo: Demo, notifier: Caller) -> None:
    alerts = [a_message(channel="slack", text=f"number {n}") for n in (1, 2)]
    result = await full(notifier, *alerts)
    assert result["outputs"] == {"slack_sent": 2}
    assert result["metrics"]["seconds"] >= 1
    assert [post["text"].split("\n")[1] for post in demo.posts] == ["number 1", "number 2"]


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"messages": [{"text": "x"}]}, "messages.0.subject"),
        ({"messages": [a_message(to="team")]}, "messages.0.to"),
        ({"messages": [a_message(subject="a\r\nBcc: x@y.example")]}, "messages.0.subject"),
        ({"messages": [a_message(channel="fax")]}, "messages.0.channel"),
        ({"messages": [a_message(colour="red")]}, "messages.0.colour"),
        ({"messages": [a_message()] * 51}, "messages"),
        ({"quiet_hours": {"from": "22:00"}}, "quiet_hours.to"),
        ({"quiet_hours": {"from": "22:00", "to": "22:00"}}, "quiet_hours"),
        ({"quiet_hours": {"from": "22:00", "to": "07:00", "time_zone": "Mars"}}, "quiet_hours.time_zone"),
        ({"same_key_minutes": -1}, "same_key_minutes"),
    ],
)  # fmt: skip
async def test_bad_input_names_its_field(
    notifier: Caller, payload: dict[str, Any], field: str
) -> None:
    end = await notifier.end(**{**SMOKE, "mode": "full", **payload})
    assert end["error"]["field"] == field


async def test_a_full_run_without_messages_says_what_it_needs(demo: Demo, notifier: Caller) -> None:
    end = await notifier.end(**{**SMOKE, "mode": "full"})
    assert end["error"]["code"] == "missing_config"
    assert end["error"]["message"].startswith("messages: a full run needs at least one message")
    assert demo.mails == []


async def test_health_says_what_is_configured_and_sends_nothing(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not_ready() == {}
    monkeypatch.delenv(SANDBOX_FILE)
    assert not_ready()["channels"].startswith("No channel is configured. Add one of these secrets")
    demo.vault.setenv(SLACK, "{")
    assert not_ready() == {"slack": f"The secret {SLACK} is not valid JSON."}
    demo.store(SLACK)
    assert not_ready() == {}
    assert demo.mails == demo.posts == []
