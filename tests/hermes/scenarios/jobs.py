"""Workers that take a job and then go wrong: ids, status words, polls, results, promises."""

from typing import Any

from tests.hermes.scenarios.scenario import (
    ACCEPTED,
    DEADLINE,
    DONE,
    FINISHED,
    OUTPUTS,
    RESET,
    RESULT,
    RUNNING,
    Scenario,
    http,
    job,
    say,
)
from tests.hermes.scenarios.scripted_worker import Script, Scripts, Wait

UNAVAILABLE = say({"error": "overloaded"}, 503)
ANOTHERS = say({"jobId": "job-2", **DONE})


def polled(name: str, *polls: Script, start: Script = ACCEPTED, **elsewhere: Script) -> Scenario:
    """A job that ends well, whatever happens on the way."""
    plays = job(*polls, start=start, **elsewhere)
    return Scenario(name, "success", None, plays, actual=OUTPUTS)


def ends(name: str, reason: str, *polls: Script, start: Script = ACCEPTED) -> Scenario:
    """A job that ends badly, as soon as it is seen."""
    return Scenario(name, "failed", reason, job(*polls, start=start))


def says(name: str, reason: str, **fields: Any) -> Scenario:
    """A job whose first poll answers this."""
    return ends(name, reason, say({"jobId": "job-1", **fields}))


def hopeless(name: str, trouble: str | None, *polls: Script) -> Scenario:
    """A job that may still be well, asked until its deadline; what was in the way is the reason."""
    reason = trouble or "deadline_passed"
    return Scenario(name, "failed", reason, job(*polls), "deadline", DEADLINE, trouble=trouble)


def second_address(name: str, reason: str | None, result: Script, address: str) -> Scenario:
    """A job whose result stands elsewhere."""
    told = say({"jobId": "job-1", "status": "completed", "result_url": address})
    plays: Scripts = job(told, result=result)
    outcome, actual = ("failed", ()) if reason else ("success", OUTPUTS)
    missing = reason == "wrong_endpoint_404"  # it may be written a moment later
    return Scenario(name, outcome, reason, plays, "deadline" if missing else None, actual=actual)


IDS = [
    Scenario("accepted_without_an_id", "failed", "missing_job_id", job(start=say({"status": "queued"}, 202))),
    Scenario("accepted_with_an_empty_body", "failed", "missing_job_id", job(start=http(b"", 202))),
    Scenario("an_id_of_ten_thousand_characters", "failed", "malformed_reply", job(start=say({"jobId": "x" * 10_000}, 202))),
    polled("id_under_data", FINISHED, start=say({"data": {"job_id": "job-1"}}, 202)),
    polled("id_called_report_with_200", RESULT, start=say({"status": "queued", "report_id": "job-1"})),
    polled("id_as_a_number", say({"jobId": 17, **DONE}), start=say({"jobId": 17}, 202)),
    polled("id_that_needs_quoting", RESULT, start=say({"jobId": "a/b?c=d#e f"}, 202)),
    polled("id_only_in_the_location", RESULT, start=say({}, 202, "Location: /status?jobId=job-1")),
    polled("a_status_address_on_another_host", FINISHED, start=say({"jobId": "job-1", "status_url": "http://elsewhere.invalid/s"}, 202)),
    polled("anothers_answer_once", ANOTHERS, FINISHED),
    hopeless("answers_for_another_job", "another_job", ANOTHERS),
]  # fmt: skip

WORDS = [
    hopeless("unknown_word", "unknown_status", say({"jobId": "job-1", "status": "marinating"})),
    polled("unknown_word_once", say({"jobId": "job-1", "status": "marinating"}), FINISHED),
    hopeless("empty_word", "unrecognised_reply", say({"jobId": "job-1", "status": ""})),
    says("failed_job", "worker_failed", status="failed", error="out of memory"),
    says("timed_out_job", "worker_failed", status="timeout"),
    says("skipped_job", "worker_failed", status="skipped"),
    says("cancelled_by_somebody", "worker_cancelled", status="cancelled"),
    says("quota_named_by_code", "quota_exceeded", status="failed", error={"code": "quota_exceeded"}),
    says("completed_without_a_result", "no_outputs", status="completed"),
    says("completed_with_null", "no_outputs", status="completed", result=None),
    polled("status_that_goes_backwards", RUNNING, say({"status": "queued"}), RUNNING, FINISHED),
    polled("a_result_without_a_status", say({"jobId": "job-1", "data": DONE["result"]})),
    polled("progress_beyond_reason", say({"status": "running", "progress": {"done": -5, "total": 1e308, "eta_s": -1}}), FINISHED),
    polled("progress_in_words", say({"status": "In-Progress", "progress": "half"}), FINISHED),
]  # fmt: skip

STREAKS = [
    polled("three_times_unavailable", UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, FINISHED),
    polled("two_resets", RESET, RESET, FINISHED),
    polled("an_app_shell_while_deploying", http(b"<!doctype html>", kind="text/html"), FINISHED),
    polled("polls_limited_in_seconds", say({}, 429, "Retry-After: 1"), FINISHED),
    polled(
        "polls_limited_by_date",
        say({}, 429, "Date: Sat, 21 Nov 2020 09:00:00 GMT", "Retry-After: Sat, 21 Nov 2020 09:00:01 GMT"),
        FINISHED,
    ),
    hopeless("unavailable_at_every_poll", "server_error_5xx", UNAVAILABLE),
    hopeless("reset_at_every_poll", "connect_refused", RESET),
    hopeless("running_for_ever", None, RUNNING),
    hopeless("silent_at_every_poll", "read_timeout", (Wait(),)),
    polled("internal_error_at_a_poll", say({"error": "bug"}, 500), FINISHED),
    hopeless("internal_errors_at_every_poll", "server_error_5xx", say({"error": "bug"}, 500)),
    polled("not_found_just_after_the_start", say({"error": "unknown job"}, 404), FINISHED),
    polled("too_early", say({}, 425), say({}, 408), FINISHED),
    ends("key_withdrawn_meanwhile", "auth_401", RUNNING, say({"error": "bad key"}, 401)),
    hopeless("status_path_that_is_not_there", "wrong_endpoint_404", say({"error": "not found"}, 404)),
    ends("status_path_that_moved", "redirect", say({}, 301, "Location: /v2/status")),
    ends("huge_status", "reply_too_large", http(b" " * 9_000_000)),
    hopeless("job_forgotten", "job_unknown_to_worker", RUNNING, say({"error": "unknown job"}, 404)),
    hopeless("job_forgotten_after_a_restart", "job_unknown_to_worker", RUNNING, RESET, say({"error": {"code": "job_unknown"}}, 404)),
    ends("job_gone", "job_unknown_to_worker", say({"error": "expired"}, 410)),
]  # fmt: skip

RESULTS = [
    second_address("result_at_a_second_address", None, RESULT, "/result"),
    second_address("result_on_another_host", "redirect", RESULT, "http://elsewhere.invalid/result"),
    second_address("result_that_is_not_there", "wrong_endpoint_404", say({"error": "no"}, 404), "/result"),
    second_address("result_that_is_empty", "no_outputs", say({}), "/result"),
]  # fmt: skip

BUDGETS = [
    Scenario(
        "more_items_than_allowed",
        "failed",
        "budget_exceeded",
        job(say({"jobId": "job-1", "status": "running", "progress": {"done": 6, "total": 99}})),
        most_items=5,
    ),
    Scenario(
        "confesses_at_the_end",
        "failed",
        "budget_exceeded",
        job(say({"jobId": "job-1", **DONE, "metrics": {"items": 6}})),
        actual=OUTPUTS,
        most_items=5,
    ),
]

SCENARIOS = [*IDS, *WORDS, *STREAKS, *RESULTS, *BUDGETS]
