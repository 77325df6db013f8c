"""Slack, Discord and the mail sink: what they accept can be read back, what they refuse says why."""

from collections.abc import AsyncGenerator
from email.message import EmailMessage
from typing import Any

import aiosmtplib
import pytest

from tests.support.stand_ins import Served, serve_stand_ins

TO = "staff@demo.example"


@pytest.fixture
async def served() -> AsyncGenerator[Served]:
    async with serve_stand_ins() as found:
        yield found


async def slack(served: Served, **how: Any) -> tuple[int, Any]:
    return await served.post(served.secrets["HERMES_PROVIDER_SLACK"]["url"], **how)


async def read_back(served: Served, token: str, channel: str = "SLACK") -> list[dict[str, Any]]:
    address = served.secrets[f"HERMES_PROVIDER_{channel}"]["read_back"]
    _status, told = await served.get(address, params={"token": token})
    return told["messages"]


async def test_slack_says_ok_and_the_post_is_found_by_its_token(served: Served) -> None:
    assert await slack(served, json={"text": "Smoke test tok-17"}) == (200, "ok")
    assert await slack(served, data={"payload": '{"text": "as a form tok-18"}'}) == (200, "ok")
    (found,) = await read_back(served, "tok-17")
    assert (found["channel"], found["text"]) == ("slack", "Smoke test tok-17")
    assert len(await read_back(served, "tok-")) == 2
    assert await read_back(served, "tok-99") == []


async def test_slack_answers_nonsense_in_one_word(served: Served) -> None:
    assert await slack(served, data=b"{") == (400, "invalid_payload")
    assert await slack(served, json=["text"]) == (400, "invalid_payload")
    assert await slack(served, json={"colour": "red"}) == (400, "no_text")
    url = served.secrets["HERMES_PROVIDER_SLACK"]["url"]
    assert await served.post(url + "x", json={"text": "x"}) == (403, "invalid_token")
    team, service, token = url.rsplit("/", 3)[1:]
    assert (await served.post(f"/slack/services/{team}/B0/{token}", json={}))[1] == "no_service"
    assert (await served.post(f"/slack/services/T0/{service}/{token}", json={}))[1] == "no_team"


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("invalid_payload", 400), ("user_not_found", 400), ("action_prohibited", 403), ("invalid_token", 403),
        ("channel_not_found", 404), ("no_service", 404), ("no_team", 404), ("channel_is_archived", 410),
        ("rate_limited", 429), ("rollup_error", 500),
    ],
)  # fmt: skip
async def test_faults_of_slack_are_their_own_words(served: Served, fault: str, status: int) -> None:
    await served.switch("slack", fault)
    assert await slack(served, json={"text": "tok-1"}) == (status, fault)
    assert await read_back(served, "tok-1") == []


async def test_what_is_lost_was_accepted_and_is_not_found(served: Served) -> None:
    await served.switch("slack", "lost")
    assert await slack(served, json={"text": "tok-2"}) == (200, "ok")
    assert await read_back(served, "tok-2") == []
    await served.switch("smtp", "lost")
    assert await mail(served, "tok-3") == 250
    assert await read_back(served, "tok-3", "SMTP") == []
    await served.switch("discord", "lost")
    url = served.secrets["HERMES_PROVIDER_DISCORD"]["url"]
    _status, told = await served.post(url, params={"wait": "true"}, json={"content": "tok-4"})
    assert (await served.get(f"{url}/messages/{told['id']}"))[0] == 404


async def test_discord_gives_a_message_that_can_be_fetched_by_its_id(served: Served) -> None:
    url = served.secrets["HERMES_PROVIDER_DISCORD"]["url"]
    status, told = await served.post(url, params={"wait": "true"}, json={"content": "tok-5"})
    assert (status, told["content"]) == (200, "tok-5")
    assert await served.get(f"{url}/messages/{told['id']}") == (200, told)
    assert await served.post(url, json={"content": "no wait"}) == (204, None)
    assert len(await read_back(served, "tok-5")) == 1


async def test_discord_can_be_asked_without_posting(served: Served) -> None:
    url = served.secrets["HERMES_PROVIDER_DISCORD"]["url"]
    status, told = await served.get(url)
    assert (status, told["type"], url.endswith(told["token"])) == (200, 1, True)
    assert await read_back(served, "") == []


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, 50006), ({"content": "x" * 2001}, 50035), ({"embeds": [{}] * 11}, 50035)],
)
async def test_discord_refuses_what_is_empty_or_too_long(
    served: Served, body: Any, code: int
) -> None:
    url = served.secrets["HERMES_PROVIDER_DISCORD"]["url"]
    status, told = await served.post(url, json=body)
    assert (status, told["code"]) == (400, code)


async def test_faults_and_keys_of_discord(served: Served) -> None:
    url = served.secrets["HERMES_PROVIDER_DISCORD"]["url"]
    assert (await served.get(f"{url}x"))[1]["code"] == 50027
    for fault, status, code in (
        ("unknown_webhook", 404, 10015),
        ("invalid_token", 401, 50027),
        ("server_error", 500, 0),
    ):
        await served.switch("discord", fault)
        found, told = await served.post(url, json={"content": "x"})
        assert (found, told["code"]) == (status, code)
    await served.switch("discord", "rate_limited")
    found, told = await served.post(url, json={"content": "x"})
    assert (found, told["retry_after"], told["global"]) == (429, 0.3, False)


def connection(served: Served, **changed: Any) -> aiosmtplib.SMTP:
    secret = served.secrets["HERMES_PROVIDER_SMTP"] | changed
    return aiosmtplib.SMTP(
        hostname=secret["host"],
        port=secret["port"],
        username=secret["user"],
        password=secret["password"],
        start_tls=False,
        timeout=5,
    )


async def mail(served: Served, token: str, to: str = TO, text: str = "Grüße") -> int:
    """Send one message; the code of the answer, whatever it is."""
    message = EmailMessage()
    message["From"], message["To"] = served.secrets["HERMES_PROVIDER_SMTP"]["from"], to
    message["Subject"] = f"Prüfung {token}"
    message.set_content(text)
    try:
        async with connection(served) as client:
            await client.send_message(message)
    except aiosmtplib.SMTPRecipientsRefused as refused:
        return refused.recipients[0].code
    except aiosmtplib.SMTPResponseException as refused:
        return refused.code
    return 250


async def test_a_message_reaches_the_sink_whole(served: Served) -> None:
    assert await mail(served, "tok-6") == 250
    (found,) = await read_back(served, "tok-6", "SMTP")
    assert found["recipients"] == [TO]
    assert (found["sender"], found["subject"]) == ("hermes@demo.example", "Prüfung tok-6")
    assert found["text"].strip() == "Grüße"


async def test_the_way_can_be_tried_without_sending(served: Served) -> None:
    async with connection(served) as client:
        assert (await client.noop()).code == 250
    assert await read_back(served, "", "SMTP") == []


async def test_a_wrong_password_is_535_and_none_is_530(served: Served) -> None:
    with pytest.raises(aiosmtplib.SMTPAuthenticationError) as refused:
        await connection(served, password="guess").connect()
    assert refused.value.code == 535
    async with connection(served, user=None, password=None) as client:
        await client.ehlo()
        answer = await client.execute_command(b"MAIL FROM:<a@demo.example>")
    assert answer.code == 530


@pytest.mark.parametrize("to", ["bounce@demo.example", "nobody@demo.example"])
async def test_planted_addresses_bounce(served: Served, to: str) -> None:
    assert await mail(served, "tok-7", to) == 550
    assert await read_back(served, "tok-7", "SMTP") == []


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("unavailable_421", 421), ("mailbox_busy_450", 450), ("local_error_451", 451), ("auth_535", 535),
        ("unknown_550", 550), ("too_big_552", 552),
    ],
)  # fmt: skip
async def test_faults_of_the_mail_server(served: Served, fault: str, code: int) -> None:
    await served.switch("smtp", fault)
    assert await mail(served, "tok-8") == code
    assert await read_back(served, "tok-8", "SMTP") == []
    await served.switch("smtp", None)
    assert await mail(served, "tok-8") == 250


async def test_a_message_over_the_limit_is_too_big_by_itself(served: Served) -> None:
    assert await mail(served, "tok-9", text="x" * 70 + "\n" + ("y" * 70 + "\n") * 15_000) == 552
