"""Who may send what when, and what replies mean: rules without a network."""

import importlib
import pkgutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hermes_fleet.notifications import channels
from hermes_fleet.notifications.channels import CHANNELS, discord, slack, webhook
from hermes_fleet.notifications.channels.address import email_address
from hermes_fleet.notifications.channels.apprise_urls import urls_in
from hermes_fleet.notifications.channels.channel import Channel, Letter, Throttle, TryLater
from hermes_fleet.notifications.channels.mail import composed
from hermes_fleet.notifications.channels.mail_secret import MailServer
from hermes_fleet.notifications.channels.smtp_replies import meaning
from hermes_fleet.notifications.ledger import KEPT_SECONDS, Subject, ledger
from hermes_fleet.notifications.message import Message
from hermes_fleet.notifications.rules import HOUR, Go, Hold, Past, QuietHours, decide
from hermes_fleet.notifications.sending import pause_after
from hermes_fleet.providers import Credential
from hermes_worker import WorkerError
from tests.support.catalog import shipped_catalog

NOW = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
MOMENT = NOW.timestamp()
SMTP = {"host": "mail.example.com", "user": "team@example.com", "password": "p4ss", "port": 587}


def message(key: str = "", *, urgent: bool = False) -> Message:
    return Message(subject="s", text="t", key=key, urgent=urgent)


def quiet(start: str, end: str, zone: str = "UTC") -> QuietHours:
    return QuietHours.model_validate({"from": start, "to": end, "time_zone": zone})


@pytest.mark.parametrize(
    ("start", "end", "zone", "held"),
    [
        ("22:00", "07:00", "UTC", True),
        ("23:30", "23:31", "UTC", True),
        ("07:00", "23:30", "UTC", False),
        ("23:31", "23:30", "UTC", False),
        ("00:00", "07:00", "Europe/Berlin", True),
        ("22:00", "00:30", "Europe/Berlin", False),
        ("18:30", "18:31", "America/New_York", True),
    ],
)
def test_quiet_hours_go_over_midnight_and_by_their_own_clock(
    start: str, end: str, zone: str, held: bool
) -> None:
    hours = quiet(start, end, zone)
    assert hours.hold(NOW) is held
    decision = decide(message(), Past(), Throttle(0), NOW, hours)
    assert isinstance(decision, Hold) is held
    assert decide(message(urgent=True), Past(), Throttle(0), NOW, hours) == Go()


@pytest.mark.parametrize(
    ("minutes_ago", "window", "held"), [(59, 60, True), (60, 60, False), (0, 0, False), (9, 10, True)]
)  # fmt: skip
def test_one_key_is_sent_once_within_its_window(
    minutes_ago: float, window: float, held: bool
) -> None:
    past = Past(same_key=MOMENT - minutes_ago * 60)
    decision = decide(message("k"), past, Throttle(0), NOW, None, window * 60)
    assert isinstance(decision, Hold) is held
    urgent = decide(message("k", urgent=True), past, Throttle(0), NOW, None, window * 60)
    assert isinstance(urgent, Hold) is held  # urgent is no reason to say it twice
    assert decide(message(), past, Throttle(0), NOW, None, window * 60) == Go()


def test_a_storm_of_alerts_is_held_back_after_so_many_an_hour() -> None:
    past = Past([MOMENT - 60 * n for n in range(3, 0, -1)])
    held = decide(message(), past, Throttle(0, most_an_hour=3), NOW)
    assert isinstance(held, Hold)
    assert (held.reason, "3 messages went out within an hour" in held.words) == ("rate_limited", True)  # fmt: skip
    assert decide(message(), past, Throttle(0, most_an_hour=4), NOW) == Go()
    assert decide(message(urgent=True), past, Throttle(0, most_an_hour=3), NOW) == Go()


def test_messages_of_a_channel_keep_their_distance() -> None:
    assert decide(message(), Past([MOMENT - 0.25]), Throttle(1), NOW) == Go(0.75)
    assert decide(message(), Past([MOMENT - 5]), Throttle(1), NOW) == Go(0)
    assert decide(message(), Past([MOMENT + 900]), Throttle(1), NOW) == Go(1)  # a clock set back
    assert decide(message(), Past(), Throttle(1), NOW) == Go(0)


def test_only_what_was_surely_not_taken_is_tried_again_and_not_for_long() -> None:
    later = TryLater("rate_limited", "later", 2)
    assert [pause_after(later, tries, 1) for tries in (1, 2, 3)] == [2, 2, None]
    assert pause_after(later, 1, 10) is None
    assert pause_after(TryLater("rate_limited", "much later", 60), 1, 1) is None
    assert pause_after(WorkerError("read_timeout", "perhaps taken"), 1, 1) is None


def test_the_ledger_tells_what_the_rules_need(tmp_path: Path) -> None:
    about, other = Subject("site a@b.example", "k"), Subject("site", "k")
    with ledger(tmp_path, MOMENT) as kept:
        kept.accept("t1", "email", "ref", MOMENT - HOUR - 1, about)
        kept.accept("t2", "email", "", MOMENT - 10, about)
        kept.accept("t3", "slack", "", MOMENT - 5, other)
    with ledger(tmp_path, MOMENT) as kept:
        assert kept.past("email", about, MOMENT) == Past([MOMENT - 10], MOMENT - 10)
        assert kept.past("email", other, MOMENT) == Past([MOMENT - 10], None)
        assert kept.past("slack", Subject("site", ""), MOMENT) == Past([MOMENT - 5], None)
        assert (kept.reference("t1", "email"), kept.reference("t2", "email")) == ("ref", "")
        assert kept.reference("t1", "slack") is None
    with ledger(tmp_path, MOMENT + KEPT_SECONDS - HOUR) as kept:
        assert (kept.reference("t1", "email"), kept.reference("t2", "email")) == (None, "")


def test_a_ledger_that_is_none_is_an_error_and_no_empty_memory(tmp_path: Path) -> None:
    (tmp_path / "accepted.sqlite3").write_bytes(b"x" * 4096)
    with pytest.raises(sqlite3.DatabaseError), ledger(tmp_path, MOMENT):
        pass


@pytest.mark.parametrize(
    ("code", "said", "reason", "again"),
    [
        (421, "4.3.2 closing", "server_error_5xx", True),
        (450, "4.2.1 busy", "rate_limited", True),
        (450, "4.7.1 Greylisted", "rate_limited", True),
        (451, "4.3.0 local error", "server_error_5xx", True),
        (452, "4.3.1 no room", "quota_exceeded", True),
        (454, "4.7.0 temporary", "server_error_5xx", True),
        (471, "?", "server_error_5xx", True),
        (530, "5.7.0 Authentication required", "auth_401", False),
        (534, "5.7.9 app password", "auth_401", False),
        (535, "5.7.8 bad", "auth_401", False),
        (550, "5.1.1 No such user", "worker_failed", False),
        (550, "No such user", "worker_failed", False),
        (550, "5.7.1 relaying denied", "forbidden_403", False),
        (554, "5.7.1 spam", "forbidden_403", False),
        (552, "5.3.4 size", "worker_failed", False),
        (554, "5.2.2 mailbox full", "worker_failed", False),
        (500, "?", "worker_failed", False),
    ],
)
def test_what_a_mail_server_means(code: int, said: str, reason: str, again: bool) -> None:
    found = meaning(code, said)
    assert (found.reason, found.again) == (reason, again)


def test_550_is_about_the_recipient_only_where_it_says_so() -> None:
    assert "correct notify_to" in meaning(550, "5.1.1 No such user").words
    assert "correct notify_to" not in meaning(550, "5.7.1 relaying denied").words
    assert "too large" in meaning(554, "5.2.2 mailbox full").words


def test_a_mail_has_a_stable_id_and_no_answer_from_absent_people() -> None:
    letter = Letter("job-1", "Prüfung", "Grüße", to="a@b.example")
    found = composed(letter, "alerts@hermes.example")
    assert found["Message-ID"] == "<job-1@hermes.example>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert (found["To"], found["Subject"]) == ("a@b.example", "Prüfung")
    assert found.get_content().strip() == "Grüße"


@pytest.mark.parametrize(
    ("changed", "tls", "port"),
    [
        ({}, "starttls", 587),
        ({"port": 465}, "tls", 465),
        ({"port": "25", "tls": "starttls"}, "starttls", 25),
        ({"port": None}, "starttls", 587),
        ({"host": "127.0.0.1", "tls": "NONE"}, "none", 587),
    ],
)
def test_how_a_mail_server_is_reached(changed: dict[str, object], tls: str, port: int) -> None:
    found = MailServer.of(Credential("S", SMTP | changed))
    assert (found.tls, found.port, found.sender) == (tls, port, "team@example.com")
    assert "p4ss" not in repr(found)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"host": ""}, "host"),
        ({"port": "smtp"}, "port"),
        ({"port": 70000}, "port"),
        ({"port": True}, "port"),
        ({"tls": "yes"}, "tls"),
        ({"tls": "none"}, "tls"),  # it would show the password to everybody on the way
        ({"user": "team"}, "from"),
        ({"from": "Team <team@example.com>"}, "from"),
        ({"read_back": "sink"}, "read_back"),
    ],
)
def test_a_faulty_mail_secret_names_its_field(changed: dict[str, object], field: str) -> None:
    with pytest.raises(WorkerError) as refused:
        MailServer.of(Credential("HERMES_PROVIDER_SMTP", SMTP | changed))
    assert refused.value.code == "missing_config"
    assert f"field {field}" in refused.value.message
    assert "p4ss" not in refused.value.message


def test_slack_reads_three_characters_as_its_own() -> None:
    letter = Letter("t", "<!channel> & co", "a > b")
    assert slack.written(letter) == "*&lt;!channel&gt; &amp; co*\na &gt; b"


def test_discord_takes_two_thousand_letters_and_the_cut_is_shown() -> None:
    assert discord.written(Letter("t", "s", "x" * 1994)) == "**s**\n" + "x" * 1994
    cut = discord.written(Letter("t", "s", "x" * 1995))
    assert (len(cut), cut[-6:]) == (2000, "\n[cut]")


def test_a_webhook_is_signed_as_the_published_example_is() -> None:
    key = webhook.signing_key("S", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signed = webhook.signature(
        key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert webhook.signing_key("S", "plain words") == b"plain words"
    with pytest.raises(WorkerError, match="not followed by base64"):
        webhook.signing_key("S", "whsec_*")


@pytest.mark.parametrize("urls", [None, [], "json://x", [1], ["json://x", ""], ["json://x"] * 11])
def test_apprise_wants_a_list_of_addresses(urls: object) -> None:
    with pytest.raises(WorkerError, match="list of 1 to 10 Apprise URLs"):
        urls_in(Credential("S", {"urls": urls}))


@pytest.mark.parametrize("text", ["team", "a@b, c@d", "A <a@b>", "a@b\nBcc: c@d", "@", "a b@c", "x" * 250 + "@y.de"])  # fmt: skip
def test_one_address_is_one_address(text: str) -> None:
    with pytest.raises(ValueError, match="one email address"):
        email_address(text)
    with pytest.raises(ValidationError):
        Message(subject="s", text="t", to=text)


def test_addresses_inside_a_company_are_addresses() -> None:
    assert email_address(" alerts@mailhost ") == "alerts@mailhost"


FACTS: dict[str, Any] = {
    "name": "pager",
    "title": "Pager",
    "secret_name": "HERMES_PROVIDER_PAGER",
    "contents": "the number of a pager (JSON: number)",
    "throttle": Throttle(1.0),
    "place": "pager",
    "label": "accepted by the pager",
}


@pytest.mark.parametrize("left_out", FACTS)
def test_a_channel_without_one_of_its_facts_cannot_be_defined(left_out: str) -> None:
    facts = {name: fact for name, fact in FACTS.items() if name != left_out}
    with pytest.raises(TypeError, match=f"The channel Pager lacks {left_out}"):
        type("Pager", (Channel,), facts)
    assert type("Pager", (Channel,), FACTS).__name__ == "Pager"


def test_a_channel_that_cannot_send_cannot_be_opened() -> None:
    silent: Any = type("Pager", (Channel,), FACTS)
    with pytest.raises(TypeError, match="send"):
        silent(None, None)


def written_channels() -> set[type[Channel]]:
    """Every channel that a module of the folder defines."""
    found = pkgutil.iter_modules(channels.__path__, f"{channels.__name__}.")
    modules = [importlib.import_module(module.name) for module in found]
    return {
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Channel) and each is not Channel
    }


def test_every_channel_that_is_written_can_be_chosen() -> None:
    assert written_channels() - set(CHANNELS.values()) == set(), "add it to CHANNELS"


def test_the_catalog_hands_every_channel_its_secret() -> None:
    declared = {each.name for each in shipped_catalog().service("notifications").requires_secrets}
    assert declared == {channel.secret_name for channel in CHANNELS.values()}


def test_an_unknown_channel_is_refused_with_the_names_of_all() -> None:
    with pytest.raises(ValidationError, match="must be one of email, slack, discord, webhook"):
        Message(subject="s", text="t", channel="fax")
