"""What a health answer proves, and what it does not."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hermes.core.replies.health import read_health, wrong_address
from hermes.core.replies.key_proofs import read_mirror, read_probe, read_wrong_key
from hermes.core.worker_config import WorkerConfig, fingerprint
from hermes_base.http.answers import Answer
from hermes_base.reasons import Failure, Reason

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
KEY = "k-0123456789abcdef"
CONFIG = WorkerConfig("https://w.example", KEY, "environment")


def health(
    fields: Any, status: int = 200, config: WorkerConfig = CONFIG
) -> tuple[Failure | None, dict[str, Any]]:
    body = fields if isinstance(fields, bytes) else json.dumps(fields).encode()
    told = {"content-type": "application/json"}
    return read_health(Answer(status, told, body, "https://w.example/health"), config, NOW)


@pytest.mark.parametrize(
    "fields",
    [{}, {"status": "ok"}, {"status": "healthy"}, {"status": "UP"}, {"status": "degraded"},
     {"ok": True}, {"healthy": True}, {"status": "not_ready", "not_ready": ["no key"]}],
)  # fmt: skip
def test_a_worker_that_answers_is_connected(fields: dict[str, Any]) -> None:
    failure, facts = health(fields)
    assert failure is None
    assert facts["seconds"] == 0
    assert facts["keyProof"].startswith("not proven")


@pytest.mark.parametrize(
    ("fields", "word"),
    [({"status": "unhealthy"}, "unhealthy"), ({"status": "Down"}, "Down"),
     ({"status": "error"}, "error"), ({"ok": False}, "a problem"), ({"healthy": False}, "healthy"),
     ({"status": "OUT_OF_SERVICE"}, "OUT_OF_SERVICE"), ({"status": "fail"}, "fail"),
     ({"status": "maintenance"}, "maintenance"), ({"status": "unavailable"}, "unavailable"),
     ({"healthy": "false"}, "healthy: false"), ({"status": "ok", "checks": {"db": "down"}}, "checks.db: down"),
     ({"status": "UP", "components": {"db": {"status": "DOWN"}}}, "components.db.status: DOWN"),
     ({"status": "pass", "checks": {"db:time": [{"status": "fail"}]}}, "fail")],
)  # fmt: skip
def test_a_worker_that_says_it_is_ill_is_ill(fields: dict[str, Any], word: str) -> None:
    failure, _ = health(fields)
    assert failure is not None
    assert failure.reason is Reason.WORKER_FAILED
    assert word in failure.detail


@pytest.mark.parametrize("word", ["critical", "fatal", "dead", "offline", "outage", "failed"])
def test_every_word_for_being_ill_is_known(word: str) -> None:
    failure, _ = health({"status": word})
    assert failure is not None
    assert failure.reason is Reason.WORKER_FAILED


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
    failure, facts = health(fields, status)
    assert failure is not None
    assert (failure.reason, facts) == (reason, {})


@pytest.mark.parametrize("between", ["…", "...", "", ":"])
def test_agreeing_fingerprints_prove_the_key_however_they_are_written(between: str) -> None:
    told = fingerprint(KEY).replace("…", between)
    for spelling in (told, told.upper()):
        failure, facts = health({"expected_key_fingerprint": spelling})
        assert (failure, facts["keyProof"]) == (None, "fingerprints agree")


def test_differing_fingerprints_are_a_key_mismatch_that_shows_both() -> None:
    other = fingerprint("another-key")
    failure, _ = health({"status": "ok", "expected_key_fingerprint": other})
    assert failure is not None
    assert failure.reason is Reason.API_KEY_MISMATCH
    assert other in failure.detail
    assert fingerprint(KEY) in failure.detail


@pytest.mark.parametrize("told", [None, "", 7, []])
def test_a_fingerprint_that_is_none_proves_nothing(told: Any) -> None:
    failure, facts = health({"expected_key_fingerprint": told})
    assert failure is None
    assert facts["keyProof"].startswith("not proven")


def test_without_a_key_nothing_is_proven() -> None:
    keyless = WorkerConfig("https://w.example", "", "environment")
    failure, facts = health({"expected_key_fingerprint": fingerprint("x")}, config=keyless)
    assert failure is None
    assert facts["keyProof"].startswith("not proven")


def test_the_worker_may_tell_about_itself_and_only_so_much() -> None:
    told = {"service": "x", "version": "1", "modes": ["smoke"], "secret_sauce": 1}
    _, facts = health(told)
    assert {"service": "x", "version": "1", "modes": ["smoke"]}.items() <= facts.items()
    assert "secret_sauce" not in facts


def test_a_trouble_of_the_way_stays_what_it_is() -> None:
    failure = Failure(Reason.DNS, "no such host")
    assert read_health(failure, CONFIG, NOW) == (failure, {})


@given(st.binary(max_size=80), st.integers(100, 999))
def test_reading_health_never_raises(body: bytes, status: int) -> None:
    health(body, status)


# ---- the two probes of the key


URL = "https://w.example/status?jobId=nobody"
PUBLIC = {"keyProof": "not proven, because the path may be public"}


def probe(status: int, body: bytes = b"{}", kind: str = "application/json") -> Answer:
    return Answer(status, {"content-type": kind}, body, URL)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"{}"),
        (404, b'{"error": "no such job"}'),
        (410, b"{}"),
        (400, b"{}"),
        (422, b"{}"),
    ],
)
def test_a_worker_that_looks_for_the_job_has_accepted_the_key(status: int, body: bytes) -> None:
    assert read_probe(probe(status, body), PUBLIC) == (None, {"keyProof": "the key was accepted"})
    agree = {"keyProof": "fingerprints agree"}
    _, facts = read_probe(probe(status, body), agree)
    assert facts["keyProof"] == "fingerprints agree, and the key was accepted"


@pytest.mark.parametrize(
    ("status", "reason"), [(401, Reason.AUTH_401), (403, Reason.FORBIDDEN_403)]
)
def test_a_worker_that_refuses_the_key_says_so(status: int, reason: Reason) -> None:
    failure, facts = read_probe(probe(status), PUBLIC)
    assert failure is not None
    assert (failure.reason, facts) == (reason, PUBLIC)


@pytest.mark.parametrize(
    "result",
    [
        Failure(Reason.READ_TIMEOUT, "slow"),
        probe(500),
        probe(429),
        probe(302),
        probe(405),
        probe(404, b'{"detail": "Not Found"}'),
        probe(404, b"<!doctype html>", "text/html"),
        probe(200, b"<!doctype html>", "text/html"),
    ],
)
def test_an_answer_that_never_got_to_the_job_proves_nothing_of_the_key(
    result: Answer | Failure,
) -> None:
    failure, facts = read_probe(result, PUBLIC)
    assert (failure, facts["keyProof"]) == (None, PUBLIC["keyProof"])
    assert "could not check whether the key is accepted" in facts["doubts"][0]


@pytest.mark.parametrize("word", ["completed", "running", "queued"])
def test_a_worker_that_has_every_job_is_doubted(word: str) -> None:
    _, facts = read_probe(probe(200, json.dumps({"status": word}).encode()), PUBLIC)
    assert facts["doubts"] == [f"The worker reports {word!r} for a job that does not exist."]


KNOWN = {"keyProof": "the key was accepted"}


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key_that_is_refused_proves_that_the_door_is_shut(status: int) -> None:
    assert read_wrong_key(probe(status), KNOWN) == (
        {"keyProof": "the key was accepted; a wrong key is rejected"}
    )


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (probe(200), "A wrong key is not rejected"),
        (probe(404), "A wrong key is not rejected"),
        (probe(500), "could not check"),
        (Failure(Reason.DNS, "gone"), "is rejected: gone"),
    ],
)
def test_a_wrong_key_that_is_not_refused_is_a_doubt(result: Answer | Failure, words: str) -> None:
    (doubt,) = read_wrong_key(result, KNOWN)["doubts"]
    assert words in doubt


def test_a_fingerprint_that_follows_the_key_is_no_proof() -> None:
    told = json.dumps({"expected_key_fingerprint": fingerprint("wrong")}).encode()
    assert "proves nothing" in read_mirror(probe(200, told), "wrong", KNOWN)["doubts"][0]
    told = json.dumps({"expected_key_fingerprint": fingerprint(KEY)}).encode()
    assert read_mirror(probe(200, told), "wrong", KNOWN) == KNOWN


def test_a_host_that_nobody_has_is_told_from_a_path_that_is_not_there() -> None:
    missing = Failure(Reason.WRONG_ENDPOINT_404, "404")
    nobody = probe(404, b"<h1>No such app</h1>", "text/html")
    assert wrong_address(nobody, missing).detail.startswith("Wrong host")
    assert wrong_address(probe(404), missing).detail == "Reachable, wrong path: 404"
    other = Failure(Reason.AUTH_401, "401")
    assert wrong_address(nobody, other) is other
