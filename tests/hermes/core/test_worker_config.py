"""Reading secrets: every spelling that people use, and no word of the key in what is said."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hermes.core.worker_config import WorkerConfig, fingerprint, parse
from hermes_base.reasons import Failure, Reason

KEY = "k-0123456789abcdef"


def config(fields: Any, default_url: str = "") -> WorkerConfig:
    found = parse(json.dumps(fields), "environment", default_url)
    assert isinstance(found, WorkerConfig), found
    return found


@pytest.mark.parametrize("url_name", ["base_url", "baseUrl", "url", "host"])
@pytest.mark.parametrize("key_name", ["api_key", "apiKey", "key", "token", "write_key"])
def test_address_and_key_are_known_under_every_name(url_name: str, key_name: str) -> None:
    found = config({url_name: "https://w.example/base/", key_name: f" {KEY} "})
    assert (found.base_url, found.key) == ("https://w.example/base", KEY)
    assert found.host == "w.example"


def test_empty_fields_give_way_to_the_next_name() -> None:
    found = config({"base_url": "", "url": "https://w.example", "api_key": None, "token": KEY})
    assert (found.base_url, found.key) == ("https://w.example", KEY)


@pytest.mark.parametrize("text", [KEY, f"  {KEY}\n", json.dumps(KEY)])
def test_a_bare_string_is_a_key_for_the_known_address(text: str) -> None:
    found = parse(text, "environment", "https://w.example")
    assert isinstance(found, WorkerConfig)
    assert (found.base_url, found.key) == ("https://w.example", KEY)


def test_a_bare_string_without_a_known_address_is_told_so() -> None:
    found = parse(KEY, "environment")
    assert isinstance(found, Failure)
    assert "no address" in found.detail


def test_an_address_without_a_scheme_is_taken_as_https() -> None:
    assert config({"host": "w.example:8443/base"}).base_url == "https://w.example:8443/base"
    assert config({"url": "http://localhost:9"}).base_url == "http://localhost:9"


def test_every_character_that_a_header_can_carry_may_be_in_a_key() -> None:
    printable = "".join(map(chr, range(33, 127)))
    assert config({"base_url": "https://w.example", "api_key": printable}).key == printable


def test_a_worker_may_need_no_key() -> None:
    assert config({"base_url": "https://w.example"}).key == ""


def test_paths_and_the_read_key_are_read_in_both_spellings() -> None:
    paths = {"health_path": "/h", "startPath": "/s", "statusPath": "/jobs/{id}", "result_path": ""}
    found = config({"url": "https://w.example", "key": KEY, "readKey": "read-key-1", **paths})
    assert found.read_key == "read-key-1"
    assert found.path("health_path") == "/h"
    assert found.path("start_path") == "/s"
    assert found.path("status_path") == "/jobs/{id}"
    assert found.path("result_path") is None
    assert found.path("smoke_path") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("{", "not valid JSON"),
        ('"unclosed', "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[]", "not a JSON object"),
        ("{}", "no address (one of base_url, baseUrl, url, host)"),
        ('{"api_key": "k"}', "no address"),
        ('{"base_url": "ftp://w.example"}', "not an http(s) URL"),
        ('{"base_url": "https://"}', "not an http(s) URL"),
        ('{"base_url": "https://w:port"}', "not an http(s) URL"),
        ('{"base_url": "https://w:0"}', "not an http(s) URL"),
        ('{"base_url": "https://w:99999"}', "not an http(s) URL"),
        ('{"base_url": "https://[::1"}', "not an http(s) URL"),
        ('{"base_url": "https://a..b"}', "not an http(s) URL"),
        ('{"base_url": "https://w.example/a b"}', "not an http(s) URL"),
        ('{"base_url": "https://w.example\\\\@evil.example"}', "not an http(s) URL"),
        ('{"base_url": "https://user:pw@w.example"}', "user, query or fragment"),
        ('{"base_url": "https://w.example?key=1"}', "user, query or fragment"),
        ('{"base_url": "https://w.example#x"}', "user, query or fragment"),
        ('{"base_url": 7}', "a base_url that is not text"),
        ('{"base_url": "https://w.example", "api_key": 12345678}', "an api_key that is not text"),
        ('{"base_url": "https://w.example", "api_key": "a b"}', "not allowed in a header"),
        ('{"base_url": "https://w.example", "api_key": "a\\r\\nX: 1"}', "not allowed in a header"),
        (
            '{"base_url": "https://w.example", "api_key": "sch\u00fcssel"}',
            "not allowed in a header",
        ),
        ('{"base_url": "https://w.example", "read_key": "a\\nb"}', "not allowed in a header"),
        ('{"base_url": "https://w.example", "api_key": "a\\u007fb"}', "not allowed in a header"),
    ],
)
def test_a_malformed_secret_is_told_what_is_wrong(text: str, words: str) -> None:
    found = parse(text, "folder /run/secrets")
    assert isinstance(found, Failure)
    assert found.reason is Reason.SECRET_MALFORMED
    assert words.replace("an api_key", "a api_key") in found.detail
    assert found.detail.startswith("The secret from folder /run/secrets ")


@given(st.text(max_size=60), st.text(max_size=20))
def test_reading_a_secret_never_raises(text: str, default_url: str) -> None:
    assert isinstance(parse(text, "environment", default_url), WorkerConfig | Failure)


ANY = st.none() | st.integers() | st.text(max_size=12) | st.lists(st.text(max_size=3), max_size=2)


@given(
    st.dictionaries(st.sampled_from(["base_url", "url", "api_key", "read_key", "start_path"]), ANY)
)
def test_reading_any_fields_never_raises(fields: dict[str, Any]) -> None:
    assert isinstance(parse(json.dumps(fields), "environment"), WorkerConfig | Failure)


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=6, max_size=40),
    st.sampled_from(["https://w.example", "https://", "https://w.example?x"]),
)
def test_neither_the_configuration_nor_a_complaint_shows_the_key(key: str, url: str) -> None:
    found = parse(json.dumps({"base_url": url, "api_key": key, "read_key": f"{key}r"}), "source")
    other = parse(json.dumps({"base_url": url, "api_key": "~~~~~~"}), "source")
    words, shown = (
        repr(each) if isinstance(each, WorkerConfig) else each.detail for each in (other, found)
    )
    if key not in words and key not in fingerprint(key):
        assert key not in shown


def test_a_fingerprint_is_twelve_digits_of_the_hash_and_depends_on_the_key() -> None:
    assert fingerprint("abc") == "ba7816…0015ad"
    assert fingerprint("abc") != fingerprint("abd")
    assert fingerprint("") == "none"
