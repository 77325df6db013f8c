"""Reading the body and headers of one HTTP answer, before anything is known about workers."""

import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hermes_base.http.answers import LONGEST_RETRY_AFTER, MAX_DEPTH, Answer, parse_json, retry_after
from hermes_base.reasons import Failure, Reason

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
JSON = {"content-type": "application/json"}
URL = "https://worker.example/start"


def answer(body: bytes, status: int = 200, **headers: str) -> Answer:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, told or JSON, body, URL)


@pytest.mark.parametrize(
    ("body", "reason", "words"),
    [
        (b"", Reason.NOT_JSON, "empty body"),
        (b" \n", Reason.NOT_JSON, "empty body"),
        (b"OK", Reason.NOT_JSON, "broken JSON"),
        (b'{"a": 1', Reason.NOT_JSON, "broken JSON"),
        (b'{"a": 1} trailing', Reason.NOT_JSON, "broken JSON"),
        (b'{"a": NaN}', Reason.NOT_JSON, "NaN"),
        (b'{"a": -Infinity}', Reason.NOT_JSON, "Infinity"),
        (b'{"a": 1e999}', Reason.NOT_JSON, "too large"),
        (b'{"a": ' + b"9" * 5000 + b"}", Reason.NOT_JSON, "broken JSON"),
        (b'{"a": "\xff"}', Reason.NOT_JSON, "not UTF-8"),
        ('{"a": "\u00e9"}'.encode("latin-1"), Reason.NOT_JSON, "not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), Reason.NOT_JSON, "not UTF-8"),
        (b"[1, 2]", Reason.MALFORMED_REPLY, "not an object"),
        (b'"text"', Reason.MALFORMED_REPLY, "not an object"),
        (b"null", Reason.MALFORMED_REPLY, "not an object"),
        (b'{"a": 1, "a": 2}', Reason.MALFORMED_REPLY, "the key 'a' twice"),
        (b'{"x": 0, "a": 1, "a": 2}', Reason.MALFORMED_REPLY, "the key 'a' twice"),
        (b'{"x": [{"lcp": 1, "cls": 0, "lcp": 2}]}', Reason.MALFORMED_REPLY, "'lcp' twice"),
        (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, Reason.MALFORMED_REPLY, "too deeply"),
        (b'{"a":' + b"[" * 80 + b"]" * 80 + b"}", Reason.MALFORMED_REPLY, "too deeply"),
        (b"<!DOCTYPE html><p>hello", Reason.HTML_APP_SHELL, "an HTML page"),
        (b"\n  <HTML><body>", Reason.HTML_APP_SHELL, "an HTML page"),
    ],
)
def test_a_body_that_is_no_json_object_is_told_apart(
    body: bytes, reason: Reason, words: str
) -> None:
    found = parse_json(answer(body))
    assert isinstance(found, Failure)
    assert (found.reason, words in found.detail) == (reason, True), found.detail
    assert URL in found.detail


def test_a_page_that_calls_itself_html_is_a_page_even_if_its_text_is_json() -> None:
    found = parse_json(answer(b'{"status": "ok"}', content_type="text/html; charset=utf-8"))
    assert isinstance(found, Failure)
    assert found.reason is Reason.HTML_APP_SHELL


def test_a_declared_encoding_that_json_cannot_have_is_named() -> None:
    body = '{"a": "\u00e9"}'.encode("latin-1")
    found = parse_json(answer(body, content_type="application/json; charset=ISO-8859-1"))
    assert isinstance(found, Failure)
    assert "charset iso-8859-1" in found.detail


@pytest.mark.parametrize("declared", ["text/plain", "application/json; charset=latin-1", ""])
def test_what_is_json_in_utf_8_is_read_whatever_the_header_says(declared: str) -> None:
    found = parse_json(answer('{"a": "\u00e9"}'.encode(), content_type=declared))
    assert found == {"a": "\u00e9"}


def test_a_byte_order_mark_is_harmless() -> None:
    assert parse_json(answer(b'\xef\xbb\xbf{"a": 1}')) == {"a": 1}


def test_a_lone_surrogate_is_text_like_any_other() -> None:
    assert parse_json(answer(b'{"a": "\\ud800"}')) == {"a": "\ud800"}


def test_json_may_be_nested_as_deeply_as_said_and_not_deeper() -> None:
    def nested(levels: int) -> bytes:
        return b'{"a":' * levels + b"1" + b"}" * levels

    def beside_others(body: bytes) -> bytes:
        return b'{"rows": [{}, {}, {}], ' + body[1:]

    assert isinstance(parse_json(answer(nested(MAX_DEPTH))), dict)
    assert isinstance(parse_json(answer(beside_others(nested(MAX_DEPTH)))), dict)
    assert isinstance(parse_json(answer(beside_others(nested(MAX_DEPTH + 1)))), Failure)
    assert isinstance(parse_json(answer(nested(MAX_DEPTH + 1))), Failure)


def test_many_brackets_that_are_not_nested_are_no_trouble() -> None:
    body = json.dumps({"rows": [{"x": []} for _ in range(5000)]}).encode()
    assert isinstance(parse_json(answer(body)), dict)


@given(st.binary(max_size=200), st.text(max_size=40))
def test_reading_a_body_never_raises(body: bytes, declared: str) -> None:
    found = parse_json(answer(body, content_type=declared))
    assert isinstance(found, dict | Failure)


@given(
    st.dictionaries(
        st.text(),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, width=32)
            | st.text(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
            max_leaves=10,
        ).filter(lambda value: "Infinity" not in json.dumps(value)),
        max_size=4,
    )
)  # fmt: skip
def test_every_json_object_is_read_as_it_is(fields: dict[str, object]) -> None:
    assert parse_json(answer(json.dumps(fields).encode())) == fields


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", None),
        ("0", 0.0),
        ("12", 12.0),
        (" 1.5 ", 1.5),
        ("-3", 0.0),
        ("nan", None),
        ("inf", None),
        ("1e300", LONGEST_RETRY_AFTER),
        ("soon", None),
        ("Wed, 99 Nov 2026 09:00:00 GMT", None),
        ("Sat, 21 Nov 2026 09:02:00 GMT", 120.0),
        ("Sat, 21 Nov 2026 09:02:00 -0000", 120.0),
        ("Sat, 21 Nov 2026 08:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_RETRY_AFTER),
    ],
)
def test_retry_after_is_read_in_seconds_and_as_a_date(text: str, seconds: float | None) -> None:
    assert retry_after(answer(b"", retry_after=text), NOW) == seconds


@given(st.integers(-86_400, 86_400), st.integers(0, 3600))
def test_a_date_counts_from_the_workers_own_clock(skew: int, wait: int) -> None:
    theirs = NOW + timedelta(seconds=skew)
    then = format_datetime(theirs + timedelta(seconds=wait), usegmt=True)
    told = answer(b"", retry_after=then, date=format_datetime(theirs, usegmt=True))
    assert retry_after(told, NOW) == wait


def test_a_broken_date_header_leaves_our_own_clock() -> None:
    then = format_datetime(NOW + timedelta(seconds=9), usegmt=True)
    assert retry_after(answer(b"", retry_after=then, date="today"), NOW) == 9


@given(st.text(max_size=60), st.text(max_size=60))
def test_reading_retry_after_never_raises_and_is_never_negative(text: str, date: str) -> None:
    seconds = retry_after(answer(b"", retry_after=text, date=date), NOW)
    assert seconds is None or 0 <= seconds <= LONGEST_RETRY_AFTER


def test_the_excerpt_is_two_hundred_characters_whatever_the_bytes() -> None:
    assert answer(b"\xff" * 5000).excerpt == "\ufffd" * 200
    assert answer("\u00e9".encode() * 5000).excerpt == "\u00e9" * 200


def test_the_largest_answer_is_read_within_two_seconds() -> None:
    body = json.dumps({"rows": [{"a": 1}] * 600_000}).encode()
    began = time.process_time()
    assert isinstance(parse_json(answer(body)), dict)
    assert time.process_time() - began < 2
