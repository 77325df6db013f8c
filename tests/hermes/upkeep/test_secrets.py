"""The status of secrets: found where, in which form, whose key, and nowhere a value."""

import json
from pathlib import Path

import pytest

from hermes.core import secrets as rules
from hermes.core.views.secrets import SecretsView, SecretView
from hermes.core.worker_config import fingerprint
from hermes.vault import Environment, Folder
from tests.support.room import Room
from tests.support.worker import KEY

OTHER = "another-key-0123456789"
CRAWLER = "crawl_render"


def of(view: SecretsView, name: str) -> SecretView:
    return next(each for each in (*view.workers, *view.providers) if each.name == name)


async def worker(room: Room, slug: str = CRAWLER) -> SecretView:
    return of(await room.hermes.secrets.status(), room.catalog.service(slug).secret)


async def told(room: Room, expected: str | None) -> SecretView:
    """The status after a connection test in which the worker said whose key it expects."""
    room.register(CRAWLER)
    more = {"expected_key_fingerprint": expected} if expected else {}
    room.worker.script(CRAWLER).health = {"status": "ok", **more}
    await room.hermes.jobs.start_connections(room.site.id, "tests", CRAWLER)
    await room.finish(step=1)
    return await worker(room)


async def test_a_secret_that_is_there_is_told_by_source_host_and_fingerprint(room: Room) -> None:
    room.register(CRAWLER)
    found = await worker(room)
    assert (found.state, found.source, found.kind) == ("found", "environment", "with base URL")
    assert found.host is not None
    assert found.host.startswith("127.0.0.1:")
    assert found.fingerprint == fingerprint(KEY)
    assert (found.match, found.told_at) == ("not_told", None)


async def test_a_secret_that_is_nowhere_names_itself_and_the_fix(room: Room) -> None:
    found = await worker(room)
    assert (found.state, found.source, found.fingerprint) == ("missing", None, None)
    assert found.name in found.fault
    assert "base_url" in found.next_step


@pytest.mark.parametrize(("text", "fault", "kind"), [
    (OTHER, "has no address", "key only"), ('{"base_url": ', "not valid JSON", "not readable"),
    ("", "is empty", "empty"), ('{"base_url": "https://h.example", "api_key": 7}', "not text", "with base URL"),
])  # fmt: skip
async def test_what_is_wrong_with_a_secret_is_said_without_its_value(
    room: Room, text: str, fault: str, kind: str
) -> None:
    room.variables[room.catalog.service(CRAWLER).secret] = text
    found = await worker(room)
    assert found.state == "malformed"
    assert fault in found.fault
    assert found.kind == kind
    assert not text or text not in found.model_dump_json()


@pytest.mark.parametrize(("expected", "match"), [
    (fingerprint(KEY), "same"), (fingerprint(KEY).replace("…", "...").upper(), "same"),
    (fingerprint(OTHER), "different"), (None, "not_told"),
])  # fmt: skip
async def test_the_key_is_compared_with_what_the_worker_expects(
    room: Room, expected: str | None, match: str
) -> None:
    found = await told(room, expected)
    assert (found.match, found.expected_fingerprint) == (match, expected)
    assert found.told_at == room.clock.now


async def test_a_key_that_was_changed_since_is_compared_anew(room: Room) -> None:
    assert (await told(room, fingerprint(OTHER))).match == "different"
    secret = room.catalog.service(CRAWLER).secret
    room.variables[secret] = room.variables[secret].replace(KEY, OTHER)
    assert (await worker(room)).match == "same"


async def test_the_sources_are_read_anew_each_time(room: Room, tmp_path: Path) -> None:
    room.hermes.vault.sources = (Environment(room.variables), Folder(tmp_path))
    assert (await worker(room)).state == "missing"
    secret = {"url": "https://h.example", "key": OTHER}
    (tmp_path / room.catalog.service(CRAWLER).secret).write_text(json.dumps(secret))
    found = await worker(room)
    assert (found.state, found.source) == ("found", f"folder {tmp_path}")
    assert found.fingerprint == fingerprint(OTHER)


async def test_provider_credentials_say_who_uses_them_and_whether_they_can_be_read(
    room: Room,
) -> None:
    room.variables["HERMES_PROVIDER_GOOGLE"] = json.dumps({"client_email": "x", "private_key": "y"})
    room.variables["HERMES_PROVIDER_SLACK"] = '{"url": "https://hooks.example/T0/B0/x"'
    view = await room.hermes.secrets.status()
    google, slack = of(view, "HERMES_PROVIDER_GOOGLE"), of(view, "HERMES_PROVIDER_SLACK")
    assert (google.state, google.kind) == ("found", "JSON object")
    assert google.fingerprint == fingerprint(room.variables["HERMES_PROVIDER_GOOGLE"])
    assert room.catalog.service("google_data_connector").name in google.used_by
    assert (slack.state, slack.fingerprint) == ("malformed", None)
    assert len({each.name for each in view.providers}) == len(view.providers)


@pytest.mark.parametrize(("text", "kind", "key"), [
    ("abcdef123", "key only", "abcdef123"), ('"abcdef123"', "key only", "abcdef123"),
    ('{"apiKey": "k-123456"}', "key only", "k-123456"),
    ('{"host": "h", "token": "k-123456"}', "with base URL", "k-123456"),
])  # fmt: skip
def test_the_fingerprint_is_of_the_key(text: str, kind: str, key: str) -> None:
    form = rules.form_of(text)
    assert (form.kind, form.fingerprint, form.fault) == (kind, fingerprint(key), "")


@pytest.mark.parametrize("text", ["", "{", "[1]", "[", '{"a": '])
def test_a_text_that_cannot_be_read_has_no_fingerprint(text: str) -> None:
    form = rules.form_of(text)
    assert form.fingerprint is None
    assert form.fault


async def test_what_another_address_told_says_nothing_of_this_one(room: Room) -> None:
    assert (await told(room, fingerprint(OTHER))).match == "different"
    name = room.catalog.service(CRAWLER).secret
    room.variables[name] = json.dumps({"base_url": "http://moved.example", "api_key": KEY})
    found = await worker(room)
    assert (found.host, found.match) == ("moved.example", "not_told")
    assert (found.expected_fingerprint, found.told_at, found.told_run_id) == (None, None, None)
