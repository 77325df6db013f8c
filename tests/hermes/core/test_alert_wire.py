"""What each kind of channel is asked, and what of an alert is said when: rules alone."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from hermes.core.alerting.letters import Failing, News, letter
from hermes.core.alerting.life import Letter, Life
from hermes.core.alerting.own import LEAST_FREE, OwnFigures, troubles
from hermes.core.alerting.routes import Route, route_of
from hermes.core.alerting.telling import told_of
from hermes.core.alerting.wire import KINDS, ChannelFault, call_of, fields_of

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)  # a Saturday
ONE = Failing("Crawler", "Shop", 2, "Timed out", "Timed out: 30 s", "/sites/1/services/c")
OPEN = Letter("alert-1-opened", "alert-1", "opened", True, "critical", "A <b> & c", "Text", "", NOW)
OVER = Letter(
    "alert-1-recovered", "alert-1", "recovered", False, "critical", "Over", "Text", "", NOW
)


def asked(kind: Any, secret: str, sent: Letter = OPEN, target: str = "") -> tuple[str, Any]:
    call = call_of(kind, sent, fields_of(secret, "S"), target, NOW)
    return call.url, json.loads(call.body)


def test_each_kind_says_it_in_the_words_of_its_service() -> None:
    assert asked("slack", "https://s.example/x")[1] == {"text": "*A &lt;b&gt; &amp; c*\nText"}
    assert asked("discord", "https://d.example/x")[0] == "https://d.example/x?wait=true"
    card = asked("teams", "https://t.example/x")[1]["attachments"][0]["content"]
    assert [block["text"] for block in card["body"]] == ["A <b> & c", "Text"]
    url, body = asked("telegram", "T1", target="-100")
    assert (url, body["chat_id"]) == ("https://api.telegram.org/botT1/sendMessage", "-100")
    events = [asked("pagerduty", "K", each)[1] for each in (OPEN, OVER)]
    assert [(e["event_action"], e["dedup_key"]) for e in events] == [
        ("trigger", "alert-1"), ("resolve", "alert-1"),
    ]  # fmt: skip
    assert asked("opsgenie", "K")[1]["alias"] == "alert-1"
    assert asked("opsgenie", "K", OVER)[0].endswith("/v2/alerts/alert-1/close?identifierType=alias")


def test_a_webhook_is_signed_as_standard_webhooks_says() -> None:
    key = base64.b64encode(b"k" * 24).decode()
    secret = json.dumps({"url": "https://w.example", "secret": f"whsec_{key}"})
    call = call_of("webhook", OPEN, fields_of(secret, "S"), "", NOW)
    stamp = call.headers["webhook-timestamp"]
    signed = f"alert-1-opened.{stamp}.".encode() + call.body
    wanted = base64.b64encode(hmac.digest(b"k" * 24, signed, hashlib.sha256)).decode()
    assert call.headers["webhook-signature"] == f"v1,{wanted}"
    assert (stamp, call.headers["webhook-id"]) == (str(int(NOW.timestamp())), "alert-1-opened")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("email", "notifications")])
def test_a_secret_that_lacks_something_says_what(kind: Any) -> None:
    with pytest.raises(ChannelFault, match="has no"):
        call_of(kind, OPEN, {}, "", NOW)


def test_slack_has_taken_it_only_where_it_says_ok() -> None:
    call = call_of("slack", OPEN, fields_of("https://s.example", "S"), "", NOW)
    assert [call.accepts(200, "ok"), call.accepts(200, "<html>"), call.accepts(404, "ok")] == [
        True, False, False,
    ]  # fmt: skip


def news(*failing: Failing, **other: Any) -> News:
    usual: dict[str, Any] = {
        "alert_id": uuid4(), "what": "opened", "number": 0, "severity": "critical", "opened_at": NOW,
        "closed_at": None, "flaps": 0, "text": "", "failing": failing,
    }  # fmt: skip
    return News(**(usual | other))


def test_a_letter_names_service_site_and_reason_and_links_to_it() -> None:
    said = letter(news(ONE), "https://h.example")
    assert said.subject == "Crawler is failing on Shop"
    assert said.text == (
        "Crawler on Shop failed its last 2 smoke tests. Timed out: 30 s\nhttps://h.example/sites/1/services/c"
    )
    over = letter(news(ONE, closed_at=NOW + timedelta(hours=1)), "")
    assert over.subject == "Recovered: Crawler was failing on Shop"
    assert "is over since 21 Nov 2026, 10:00 UTC" in over.text
    assert letter(news(text="Line\nbreak"), "").subject == "Line break"


def route(**other: Any) -> Route:
    usual: dict[str, Any] = {
        "id": uuid4(), "product": None, "site_id": None, "service": None, "severity": None,
        "days": tuple(range(1, 8)), "starts": None, "ends": None, "time_zone": "UTC",
        "channels": (uuid4(),), "remind_after": None, "escalate_after": None, "escalate_to": (),
    }  # fmt: skip
    return Route(**(usual | other))


def life(**other: Any) -> Life:
    usual: dict[str, Any] = {
        "id": uuid4(), "product": "control_room", "severity": "critical", "opened_at": NOW,
        "closed_at": None, "flaps": 0, "acknowledged_at": None, "snoozed_until": None, "told_at": None,
        "told_services": 0, "told_flaps": 0, "told_closed_at": None, "reminded_at": None, "reminders": 0,
        "escalated_at": None, "places": ((uuid4(), "crawl"),),
    }  # fmt: skip
    return Life(**(usual | other))


@pytest.mark.parametrize(
    ("fields", "fits"),
    [
        ({}, True),
        ({"product": "orders"}, False),
        ({"severity": "warning"}, False),
        ({"service": "crawl"}, True),
        ({"service": "other"}, False),
        ({"site_id": uuid4()}, False),
        ({"days": (1, 2, 3, 4, 5)}, False),
        ({"starts": time(8), "ends": time(18)}, True),
        ({"starts": time(8), "ends": time(9)}, False),
        ({"starts": time(22), "ends": time(10)}, True),
        # 09:00 UTC on Saturday is 01:00 in Los Angeles: the hours that began on Friday evening
        ({"starts": time(22), "ends": time(6), "time_zone": "America/Los_Angeles", "days": (5,)}, True),
        ({"starts": time(22), "ends": time(6), "time_zone": "America/Los_Angeles", "days": (6,)}, False),
    ],
)  # fmt: skip
def test_a_route_fits_by_product_place_severity_and_time(fields: Any, *, fits: bool) -> None:
    wanted = route(**fields)
    assert (route_of([wanted], life(), NOW) is wanted) is fits


def test_nobody_is_told_where_no_route_fits_and_it_is_told_when_one_does() -> None:
    night = route(starts=time(22), ends=time(6))
    alert = life()
    assert told_of(alert, route_of([night], alert, NOW), NOW).sayings == ()
    later = NOW + timedelta(hours=14)
    assert [s.what for s in told_of(alert, route_of([night], alert, later), later).sayings] == [
        "opened"
    ]


def test_what_was_over_before_anybody_was_told_is_said_to_nobody() -> None:
    told = told_of(life(closed_at=NOW, places=()), None, NOW)
    assert (told.sayings, told.columns["told_closed_at"]) == ((), NOW)


@pytest.mark.parametrize(
    ("figures", "keys"),
    [
        (OwnFigures(free=LEAST_FREE, runs=0, schedules=0), []),
        (OwnFigures(free=None, runs=0, schedules=0), []),
        (OwnFigures(free=LEAST_FREE - 1, runs=0, schedules=0), ["disk"]),
        (OwnFigures(free=None, runs=2, schedules=1), ["runs", "schedules"]),
    ],
)
def test_hermes_tells_of_itself_what_its_figures_say(figures: OwnFigures, keys: list[str]) -> None:
    assert list(troubles(figures)) == keys
