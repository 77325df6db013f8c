"""What a health answer proves, and what it does not."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hermes.core.answers import Answer
from hermes.core.failures import Reason, Trouble
from hermes.core.health import read_health
from hermes.core.worker_config import WorkerConfig, fingerprint

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
KEY = "k-0123456789abcdef"
CONFIG = WorkerConfig("https://w.example", KEY, "environment")


def health(
    fields: Any, status: int = 200, config: WorkerConfig = CONFIG
) -> tuple[Trouble | None, dict[str, Any]]:
    body = fields if isinstance(fields, bytes) else json.dumps(fields).encode()
    told = {"content-type": "application/json"}
    return read_health(Answer(status, told, body, "https://w.example/health"), config, NOW)


@pytest.mark.parametrize(
    "fields",
    [{}, {"status": "ok"}, {"status": "healthy"}, {"status": "UP"}, {"status": "degraded"},
     {"ok": True}, {"status": "not_ready", "not_ready": ["no key"]}],
)  # fmt: skip
def test_a_worker_that_answers_is_connected(fields: dict[str, Any]) -> None:
    trouble, facts = health(fields)
    assert trouble is None
    assert facts["seconds"] == 0
    assert facts["keyProof"].startswith("not proven")


@pytest.mark.parametrize(
    ("fields", "word"),
    [({"status": "unhealthy"}, "unhealthy"), ({"status": "Down"}, "Down"),
     ({"status": "error"}, "error"), ({"ok": False}, "not well"), ({"healthy": False}, "healthy")],
)  # fmt: skip
def test_a_worker_that_says_it_is_ill_is_ill(fields: dict[str, Any], word: str) -> None:
    trouble, _ = health(fields)
    assert trouble is not None
    assert trouble.reason is Reason.WORKER_FAILED
    assert word in trouble.detail


@pytest.mark.parametrize(
    ("fields", "status", "reason"),
    [
        (b"<!doctype html>", 200, Reason.HTML_APP_SHELL),
        (b"OK", 200, Reason.NOT_JSON),
        (b"[]", 200, Reason.MALFORMED_REPLY),
        ({}, 302, Reason.REDIRECT),
        ({}, 401, Reason.AUTH_401),
        ({}, 404, Reason.WRONG_ENDPOINT_404),
        ({}, 503, Reason.SERVER_ERROR_5XX),
        ({}, 429, Reason.RATE_LIMITED),
    ],
)
def test_an_answer_that_is_no_health_has_its_reason(
    fields: Any, status: int, reason: Reason
) -> None:
    trouble, facts = health(fields, status)
    assert trouble is not None
    assert (trouble.reason, facts) == (reason, {})


@pytest.mark.parametrize("between", ["…", "...", "", ":"])
def test_agreeing_fingerprints_prove_the_key_however_they_are_written(between: str) -> None:
    told = fingerprint(KEY).replace("…", between)
    for spelling in (told, told.upper()):
        trouble, facts = health({"expected_key_fingerprint": spelling})
        assert (trouble, facts["keyProof"]) == (None, "fingerprints agree")


def test_differing_fingerprints_are_a_key_mismatch_that_shows_both() -> None:
    other = fingerprint("another-key")
    trouble, _ = health({"status": "ok", "expected_key_fingerprint": other})
    assert trouble is not None
    assert trouble.reason is Reason.API_KEY_MISMATCH
    assert other in trouble.detail
    assert fingerprint(KEY) in trouble.detail


@pytest.mark.parametrize("told", [None, "", 7, []])
def test_a_fingerprint_that_is_none_proves_nothing(told: Any) -> None:
    trouble, facts = health({"expected_key_fingerprint": told})
    assert trouble is None
    assert facts["keyProof"].startswith("not proven")


def test_without_a_key_nothing_is_proven() -> None:
    keyless = WorkerConfig("https://w.example", "", "environment")
    trouble, facts = health({"expected_key_fingerprint": fingerprint("x")}, config=keyless)
    assert trouble is None
    assert facts["keyProof"].startswith("not proven")


def test_the_worker_may_tell_about_itself_and_only_so_much() -> None:
    told = {"service": "x", "version": "1", "modes": ["smoke"], "secret_sauce": 1}
    _, facts = health(told)
    assert {"service": "x", "version": "1", "modes": ["smoke"]}.items() <= facts.items()
    assert "secret_sauce" not in facts


def test_a_trouble_of_the_way_stays_what_it_is() -> None:
    trouble = Trouble(Reason.DNS, "no such host")
    assert read_health(trouble, CONFIG, NOW) == (trouble, {})


@given(st.binary(max_size=80), st.integers(100, 999))
def test_reading_health_never_raises(body: bytes, status: int) -> None:
    health(body, status)
