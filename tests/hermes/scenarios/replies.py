"""Workers that go wrong in what they say at once: status lines, JSON, outputs."""

import json
from typing import Any

from tests.hermes.scenarios.scenario import (
    DONE,
    KEY,
    OUTPUTS,
    RESULT,
    VALUES,
    Scenario,
    at_start,
    http,
    say,
)

GOOD = json.dumps(DONE)
HTML = b"<!doctype html><title>App</title><div id=root></div>"
RATE = {"error": "slow down"}


def refused(name: str, reason: str, body: bytes, kind: str = "application/json") -> Scenario:
    """A 200 whose body is no answer of the contract."""
    return Scenario(name, "failed", reason, at_start(http(body, 200, kind=kind)))


def status(code: int, reason: str, name: str = "") -> Scenario:
    """A status line that says it all."""
    answer = say({"error": "no"}, code)
    return Scenario(name or f"answers_{code}", "failed", reason, at_start(answer))


def redirects(name: str, to: str, code: int = 302) -> Scenario:
    """A redirect is reported, and never followed with our key."""
    return Scenario(name, "failed", "redirect", at_start(say({}, code, f"Location: {to}")))


def done(name: str, outputs: Any, reason: str | None, *actual: str, **more: Any) -> Scenario:
    """A finished answer with these outputs."""
    answer = say({"status": "completed", "result": {"outputs": outputs, **more}})
    outcome = "success" if reason is None else "partial" if actual else "failed"
    return Scenario(name, outcome, reason, at_start(answer), actual=actual)


UNREADABLE = [
    refused("html_with_200", "html_app_shell", HTML, "text/html"),
    refused("html_called_json", "html_app_shell", HTML),
    refused("empty_body", "not_json", b""),
    refused("plain_words", "not_json", b"It works!", "text/plain"),
    refused("truncated_json", "not_json", GOOD[:-7].encode()),
    refused("more_after_the_json", "not_json", GOOD.encode() + b"}"),
    refused("nan", "not_json", GOOD.replace("7", "NaN").encode()),
    refused("a_number_beyond_all_floats", "not_json", GOOD.replace("7", "1e999").encode()),
    refused("a_number_of_five_thousand_digits", "not_json", GOOD.replace("7", "7" * 5000).encode()),
    refused("utf_16", "not_json", GOOD.encode("utf-16"), "application/json; charset=utf-16"),
    refused("latin_1", "not_json", GOOD.replace("en", "français").encode("latin-1")),
    refused("the_same_key_twice", "malformed_reply", b'{"status":"completed","status":"failed"}'),
    refused("deep_nesting", "malformed_reply", b'{"a":' * 70 + b"1" + b"}" * 70),
    refused("very_deep_nesting", "malformed_reply", b'{"a":' * 200_000),
    refused("a_list_of_answers", "malformed_reply", f"[{GOOD}, {GOOD}]".encode()),
    refused("null", "malformed_reply", b"null"),
]

REFUSALS = [
    status(400, "worker_failed"),
    status(401, "auth_401"),
    status(402, "quota_exceeded"),
    status(403, "forbidden_403"),
    status(404, "wrong_endpoint_404"),
    status(405, "wrong_endpoint_404"),
    status(410, "wrong_endpoint_404"),
    status(422, "worker_failed"),
    status(500, "server_error_5xx"),
    redirects("redirect_to_itself", "/start"),
    redirects("permanent_redirect_to_another_host", "http://elsewhere.invalid/start", 308),
    redirects("redirect_to_nowhere", "", 301),
]

NOT_NOW = [
    Scenario(
        "rate_limit_in_seconds",
        "success",
        None,
        at_start(say(RATE, 429, "Retry-After: 1"), RESULT),
        not_before=1.0,
        starts=2,
        actual=OUTPUTS,
    ),
    Scenario(
        "rate_limit_by_a_clock_six_years_behind",
        "success",
        None,
        at_start(
            say(
                RATE,
                429,
                "Date: Sat, 21 Nov 2020 09:00:00 GMT",
                "Retry-After: Sat, 21 Nov 2020 09:00:01 GMT",
            ),
            RESULT,
        ),
        not_before=1.0,
        starts=2,
        actual=OUTPUTS,
    ),
    Scenario(
        "rate_limit_with_nonsense",
        "success",
        None,
        at_start(say(RATE, 429, "Retry-After: soon"), RESULT),
        not_before=2.0,
        starts=2,
        actual=OUTPUTS,
    ),
    Scenario(
        "rate_limit_for_ever",
        "failed",
        "rate_limited",
        at_start(say(RATE, 429, "Retry-After: 0")),
        starts=3,
    ),
    Scenario(
        "rate_limit_beyond_the_deadline",
        "failed",
        "rate_limited",
        at_start(say(RATE, 429, "Retry-After: 3600")),
    ),
    Scenario(
        "quota_used_up",
        "failed",
        "quota_exceeded",
        at_start(say({"error": "Monthly quota exhausted"}, 429)),
    ),
    Scenario(
        "unavailable_once",
        "success",
        None,
        at_start(say({}, 503, "Retry-After: 1"), RESULT),
        not_before=1.0,
        starts=2,
        actual=OUTPUTS,
        idempotent=True,
    ),
    Scenario(
        "unavailable_for_ever",
        "failed",
        "server_error_5xx",
        at_start(say({}, 502), say({}, 503), say({}, 504)),
        starts=3,
        idempotent=True,
    ),
    Scenario(  # a gateway that gave up may have passed the start on: it is not sent twice
        "unavailable_without_a_promise_about_keys",
        "failed",
        "start_outcome_unknown",
        at_start(say({}, 504), RESULT),
    ),
]

OUTPUT_FAULTS = [
    done("done_with_nothing", {}, "no_outputs"),
    Scenario("ok_and_nothing_else", "failed", "unrecognised_reply", at_start(say({"ok": True}))),
    Scenario("an_answer_of_its_own", "failed", "unrecognised_reply", at_start(say({"note": "Workflow was started"}))),
    done("one_left_out", {**VALUES, "link_list": None}, "outputs_missing", *OUTPUTS[::2]),
    done("one_false", {**VALUES, "link_list": False}, "outputs_missing", *OUTPUTS[::2]),
    done("an_error_as_value", {**VALUES, "link_list": {"error": "no"}}, "outputs_missing", *OUTPUTS[::2]),
    done("all_of_the_wrong_type", {"pages_found": "many", "link_list": "x", "main_language": 5}, "malformed_reply"),
    done("marked_as_not_real", VALUES, "made_up", isRealData=False),
    done("sample_by_provenance", VALUES, "sample_data_refused", provenance="sample"),
    done("zero_and_empty_are_honest", {**VALUES, "pages_found": 0, "link_list": []}, None, *OUTPUTS),
    done("a_null_character", {**VALUES, "main_language": "e\u0000n\ud800"}, None, *OUTPUTS),
]  # fmt: skip

SAYS_NO = [
    Scenario("failed_with_200", "failed", "worker_failed", at_start(say({"success": False}))),
    Scenario("an_error_with_200", "failed", "worker_failed", at_start(say({"error": "broken"}))),
    Scenario(
        "unknown_word_at_start", "failed", "unknown_status", at_start(say({"status": "vibing"}))
    ),
    Scenario(
        "names_a_reason_it_cannot_know",
        "failed",
        "worker_failed",
        at_start(say({"status": "failed", "error": {"code": "internal", "message": "?"}})),
    ),
    Scenario(
        "names_a_reason_it_can_know",
        "failed",
        "no_browser",
        at_start(say({"status": "failed", "error": {"code": "no_browser", "message": "none"}})),
    ),
]

HARMLESS = [
    Scenario("json_called_text", "success", None, at_start(http(GOOD.encode(), kind="text/plain")), actual=OUTPUTS),
    Scenario("a_byte_order_mark", "success", None, at_start(http(GOOD.encode("utf-8-sig"))), actual=OUTPUTS),
    Scenario(
        "echoes_our_key",
        "success",
        None,
        at_start(say({"status": "completed", "result": {**VALUES, "main_language": f"key {KEY}"}})),
        actual=OUTPUTS,
        values={**VALUES, "main_language": "key [redacted]"},
    ),
]  # fmt: skip

SCENARIOS = [*UNREADABLE, *REFUSALS, *NOT_NOW, *OUTPUT_FAULTS, *SAYS_NO, *HARMLESS]
