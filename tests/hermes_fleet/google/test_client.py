"""The client that both workers share: what people enter, what the wire does, what is never told."""

import asyncio
import json
from datetime import date

import pytest
from aiohttp import web
from pydantic import BaseModel

from hermes_fleet import http
from hermes_fleet.google.analytics import ANALYTICS
from hermes_fleet.google.client import signed_in
from hermes_fleet.google.dates import Period
from hermes_fleet.google.errors import refused
from hermes_fleet.google.key import NAME, key_of
from hermes_fleet.google.search_console import every_row
from hermes_fleet.google.settings import analytics_property, search_property
from hermes_fleet.providers import Credential
from hermes_worker import WorkerError
from tests.hermes_fleet.google.support import (
    PROPERTY,
    TOKEN,
    Question,
    Reply,
    ScriptedGoogle,
    private_key,
    refusal,
    row,
    serving,
)


class Anything(BaseModel):
    pass


def credential(google: ScriptedGoogle) -> Credential:
    return Credential(NAME, json.loads(google.secret()))


@pytest.mark.parametrize(
    ("entered", "name"),
    [
        (" sc-domain:Example.com ", "sc-domain:example.com"),
        ("https://www.Example.com", "https://www.example.com/"),
        ("https://www.example.com/shop", "https://www.example.com/shop"),
        ("http://127.0.0.1:8420/", "http://127.0.0.1:8420/"),
    ],
)
def test_the_name_of_a_property_is_written_as_search_console_writes_it(
    entered: str, name: str
) -> None:
    assert search_property(entered) == name


@pytest.mark.parametrize(
    "entered",
    [
        "",
        None,
        7,
        "example.com",
        "sc-domain:",
        "sc-domain:https://example.com",
        "ftp://x.y",
        "https://",
    ],
)
def test_what_is_no_search_console_property_is_refused_with_the_fix(entered: object) -> None:
    with pytest.raises(
        WorkerError, match=r"Search Console property \(gsc_site\) .*sc-domain:example\.com"
    ):
        search_property(entered)


@pytest.mark.parametrize("entered", ["123456789", " properties/123456789 ", 123456789])
def test_the_number_of_a_ga4_property_may_be_text_or_number(entered: object) -> None:
    assert analytics_property(entered) == "123456789"


@pytest.mark.parametrize(
    "entered", ["UA-1234-1", "G-AB12", "properties/", "12a", True, None, -5, 1.5]
)
def test_what_is_no_ga4_property_is_refused_with_the_fix(entered: object) -> None:
    with pytest.raises(WorkerError, match=r"GA4 property .*Property details"):
        analytics_property(entered)


def test_a_key_does_not_show_its_secrets() -> None:
    fields = {"client_email": "a@b.example", "private_key": private_key()}
    key = key_of(Credential(NAME, fields))
    person = {"client_id": "id", "client_secret": "hush-hush", "refresh_token": "1//quiet"}
    shown = repr(key) + repr(key_of(Credential(NAME, person)))
    assert "a@b.example" in shown
    assert not any(word in shown for word in ("PRIVATE", "hush-hush", "1//quiet"))


async def test_an_answer_that_does_not_come_is_read_timeout() -> None:
    async def silent(request: web.Request) -> web.Response:
        await asyncio.sleep(30)
        raise AssertionError

    app = web.Application()
    app.router.add_post("/token", silent)
    google = ScriptedGoogle()
    async with serving(app) as google.base, signed_in(credential(google), seconds=0.2) as opened:
        with pytest.raises(WorkerError, match="Google's sign-in: the response timed out") as caught:
            await opened.read(Anything, ANALYTICS, "/x", "1", None)
    assert caught.value.code == "read_timeout"


async def test_an_answer_that_breaks_off_is_malformed() -> None:
    async def broken(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"{")
        assert request.transport is not None
        request.transport.close()
        return response

    google, app = ScriptedGoogle(), web.Application()
    app.router.add_post("/token", broken)
    async with serving(app) as google.base, signed_in(credential(google)) as opened:
        with pytest.raises(WorkerError, match="cut off") as caught:
            await opened.read(Anything, ANALYTICS, "/x", "1", None)
    assert caught.value.code == "malformed_reply"


async def test_what_google_repeats_of_a_token_is_hidden() -> None:
    google = ScriptedGoogle(
        visits=refusal(403, f"token {TOKEN} is weak", status="PERMISSION_DENIED")
    )
    async with serving(google.app()) as google.base, signed_in(credential(google)) as opened:
        with pytest.raises(WorkerError) as caught:
            await opened.read(Anything, ANALYTICS, "/v1beta/properties/1:runReport", "1", {})
    assert "token [hidden] is weak" in caught.value.message
    assert TOKEN not in caught.value.message


async def test_rows_are_read_answer_by_answer_until_one_is_short() -> None:
    def pages(question: Question) -> Reply:
        left = 25_003 - question["startRow"]
        one = row("/page", clicks=1, impressions=9, position=3)
        return 200, {"rows": [one] * min(left, question["rowLimit"])}

    google, day = ScriptedGoogle(search=pages), Period(date(2026, 11, 1), date(2026, 11, 1))
    async with serving(google.app()) as google.base, signed_in(credential(google)) as opened:
        answers = every_row(opened, PROPERTY, day, ["page"], 300_000)
        assert [len(each) async for each in answers] == [25_000, 3]
    assert [each["startRow"] for each in google.questions] == [0, 25_000]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ((429, {"error": {"code": 429, "message": "Slow", "status": "RESOURCE_EXHAUSTED"}}), "quota_exceeded"),
        (
            (429, {"error": {"status": "RESOURCE_EXHAUSTED", "details": [{"reason": "RATE_LIMIT_EXCEEDED"}]}}),
            "rate_limited",
        ),
        ((429, "busy"), "rate_limited"),
        ((403, {"error": {"message": "Quota exceeded for quota group 'default'"}}), "quota_exceeded"),
        ((403, {"error": {"errors": [{"reason": "dailyLimitExceeded"}]}}), "quota_exceeded"),
        ((403, {"error": ["unexpected"]}), "forbidden_403"),
        ((418, {"error": "text"}), "worker_failed"),
        ((200, {"error": {"code": 401, "message": "inside"}}), "auth_401"),
    ],
)  # fmt: skip
def test_the_words_in_an_error_decide_before_its_status(reply: Reply, reason: str) -> None:
    status, body = reply
    found = refused(http.Reply(status, {}, json.dumps(body).encode()))
    assert found is not None
    assert found.reason == reason


def test_an_answer_without_an_error_is_none() -> None:
    assert refused(http.Reply(200, {}, b'{"rows": []}')) is None
    assert refused(http.Reply(200, {}, b"<html>")) is None
