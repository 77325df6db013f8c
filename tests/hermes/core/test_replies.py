"""What the answers of workers mean: every spelling seen in the wild, and what cannot be meant."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hermes.core.replies.envelopes import has_result
from hermes.core.replies.replies import read_poll, read_result, read_start
from hermes.core.replies.standing import standing_of, status_of
from hermes.core.replies.values import Accepted, Finished, Postponed, Working
from hermes.core.replies.words import STATUS_WORDS
from hermes_base.http.answers import Answer
from hermes_base.reasons import WORKER_MAY_SAY, Failure, Reason

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
URL = "https://worker.example/base/start"


def answer(fields: Any, status: int = 200, **headers: str) -> Answer:
    told = {"content-type": "application/json"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    body = fields if isinstance(fields, bytes) else json.dumps(fields).encode()
    return Answer(status, told, body, URL)


def start(fields: Any, status: int = 200, **headers: str) -> Any:
    return read_start(answer(fields, status, **headers), NOW)


def poll(fields: Any, status: int = 200, **headers: str) -> Any:
    return read_poll(answer(fields, status, **headers), "j1", NOW)


def reason_of(reply: object) -> Reason:
    assert isinstance(reply, Failure), reply
    return reply.reason


# ---- job ids


@pytest.mark.parametrize(
    "name", ["jobId", "job_id", "id", "report_id", "reportId", "run_id", "runId"]
)
@pytest.mark.parametrize("wrapper", ["", "data", "job"])
@pytest.mark.parametrize("value", ["j-17", 17, "  j-17 "])
def test_a_job_id_is_found_under_every_name_and_wrapper(
    name: str, wrapper: str, value: Any
) -> None:
    fields = {name: value}
    assert start({wrapper: fields} if wrapper else fields, 202) == Accepted(str(value).strip())


@pytest.mark.parametrize(
    ("fields", "job_id"),
    [
        ({"id": "request-1", "data": {"jobId": "j1"}}, "j1"),
        ({"id": "request-1", "job": {"id": "j1"}}, "j1"),
        ({"run_id": "ours", "id": "j1"}, "j1"),
        ({"id": "generic", "report_id": "j1"}, "j1"),
        ({"jobId": None, "job_id": "j1"}, "j1"),
        ({"jobId": "", "id": "j1"}, "j1"),
        ({"jobId": True, "id": "j1"}, "j1"),
    ],
)
def test_the_plainest_name_of_a_job_id_wins(fields: dict[str, Any], job_id: str) -> None:
    assert start(fields, 202) == Accepted(job_id)


@pytest.mark.parametrize("fields", [{}, {"status": "queued"}, {"jobId": {}}, {"jobId": "  "}])
def test_a_job_taken_without_an_id_is_a_fault_of_the_worker(fields: dict[str, Any]) -> None:
    assert reason_of(start(fields, 202)) is Reason.MISSING_JOB_ID


def test_a_job_id_that_is_a_whole_text_is_refused() -> None:
    assert start({"jobId": "x" * 500}, 202) == Accepted("x" * 500)
    assert reason_of(start({"jobId": "x" * 501}, 202)) is Reason.MALFORMED_REPLY


@pytest.mark.parametrize("word", ["queued", "pending", "not_started", "processing", "In Progress"])
def test_200_with_a_status_of_waiting_and_an_id_is_asynchronous_too(word: str) -> None:
    assert start({"status": word, "report_id": "r1"}) == Accepted("r1")


def test_a_bare_job_id_is_a_job_taken() -> None:
    assert start({"jobId": "j1", "message": "started"}) == Accepted("j1")
    assert start({"success": True, "data": {"job_id": "j1"}}) == Accepted("j1")


def test_a_job_id_beside_results_is_a_finished_answer() -> None:
    assert isinstance(start({"jobId": "j1", "lcp": 1200}), Finished)
    assert isinstance(start({"jobId": "j1", "data": {"lcp": 1200}}), Finished)


def test_a_bare_id_is_no_job_taken_because_anything_may_have_an_id() -> None:
    reply = start({"id": "j1"})
    assert isinstance(reply, Finished)
    assert not reply.said


def test_the_wait_that_the_worker_asks_for_is_kept() -> None:
    assert start({"jobId": "j1"}, 202, retry_after="7") == Accepted("j1", 7.0)
    assert poll({"status": "running"}, retry_after="7") == Working("running", retry_after=7.0)


# ---- status addresses


@pytest.mark.parametrize(
    ("fields", "headers", "url"),
    [
        ({"status_url": "/jobs/j1"}, {}, "https://worker.example/jobs/j1"),
        ({"statusUrl": "jobs/j1"}, {}, "https://worker.example/base/jobs/j1"),
        (
            {"data": {"poll_url": "https://worker.example/s?job=1"}},
            {},
            "https://worker.example/s?job=1",
        ),
        ({"links": {"status": "/jobs/j1"}}, {}, "https://worker.example/jobs/j1"),
        ({"_links": {"self": {"href": "/jobs/j1"}}}, {}, "https://worker.example/jobs/j1"),
        ({"links": [{"rel": "status", "href": "/s/j1"}]}, {}, "https://worker.example/s/j1"),
        ({}, {"location": "/base/jobs/j1"}, "https://worker.example/base/jobs/j1"),
        ({"status_url": "https://other.example/x"}, {}, None),
        ({"status_url": "//other.example/x"}, {}, None),
        ({"status_url": "http://worker.example/x"}, {}, None),
        ({"status_url": "https://worker.example:8443/x"}, {}, None),
        ({"status_url": "https://worker.example@other.example/x"}, {}, None),
        ({"status_url": "https://user:pw@worker.example/x"}, {}, None),
        ({"status_url": "https://worker.example\\@other.example/x"}, {}, None),
        ({"status_url": "https://[broken/x"}, {}, None),
        ({"status_url": "/x\r\nHost: other"}, {}, None),
        ({"status_url": 7}, {}, None),
        (
            {"status_url": "https://other.example/x"},
            {"location": "/jobs/j1"},
            "https://worker.example/jobs/j1",
        ),
    ],
)
def test_a_status_address_is_taken_on_the_workers_own_origin_only(
    fields: dict[str, Any], headers: dict[str, str], url: str | None
) -> None:
    assert start({"jobId": "j1", **fields}, 202, **headers) == Accepted("j1", None, url)


@pytest.mark.parametrize(
    ("location", "job_id"),
    [("/jobs/a%20b", "a b"), ("/status?job_id=77", "77"), ("/report/r9/", "r9")],
)
def test_a_202_whose_only_word_is_its_location_can_be_followed(location: str, job_id: str) -> None:
    reply = start({}, 202, location=location)
    assert isinstance(reply, Accepted)
    assert reply.job_id == job_id
    assert reply.status_url is not None


@pytest.mark.parametrize(
    ("headers", "url", "job_id"),
    [
        ({"location": "/crawls/j1/status"}, "https://worker.example/crawls/j1/status", "j1"),
        ({"operation_location": "/results/op1"}, "https://worker.example/results/op1", "op1"),
        ({"operation_location": "/ops/1", "location": "/things/2"}, "https://worker.example/ops/1", "1"),
    ],
)  # fmt: skip
def test_an_empty_202_is_followed_to_the_address_in_its_header(
    headers: dict[str, str], url: str, job_id: str
) -> None:
    assert start(b"", 202, **headers, retry_after="2") == Accepted(job_id, 2.0, url)
    assert start(b"", 201, **headers) == Accepted(job_id, None, url)


@pytest.mark.parametrize("status", [202, 204])
def test_an_answer_without_content_and_address_says_that_it_names_no_job(status: int) -> None:
    reply = start(b"", status)
    assert reason_of(reply) is Reason.MISSING_JOB_ID
    assert f"({status})" in reply.detail


@pytest.mark.parametrize(
    ("fields", "job_id"),
    [
        ({"task_id": "t1"}, "t1"),
        ({"task-id": "t1"}, "t1"),
        ({"jobID": "o1"}, "o1"),
        ({"jobid": "s1"}, "s1"),
        ({"result_id": "r1"}, "r1"),
        ({"executionId": 17}, "17"),
        ({"dag_run_id": "manual_1"}, "manual_1"),
        ({"executionArn": "arn:1"}, "arn:1"),
        ({"run": {"id": "r1"}}, "r1"),
        ({"ticketId": "k1"}, "k1"),
        ({"metadata": {"name": "crawl-1"}}, "crawl-1"),
        ({"name": "operations/1"}, "operations/1"),
    ],
)
def test_the_usual_names_of_an_id_are_read_and_a_202_with_one_of_its_own_is_tried(
    fields: dict[str, Any], job_id: str
) -> None:
    assert start(fields, 202) == Accepted(job_id)


def test_a_location_that_names_no_job_is_no_job_id() -> None:
    assert reason_of(start({}, 202, location="/status")) is Reason.MISSING_JOB_ID
    assert reason_of(start({}, 202, location="https://other.example/jobs/7")) is (
        Reason.MISSING_JOB_ID
    )


# ---- status words


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("queued pending accepted claimed not_started QUEUED Not-Started notStarted", "queued"),
        ("started running processing in_progress IN_PROGRESS inProgress cancelling", "running"),
        ("completed complete done success succeeded finished ok OK Completed", "completed"),
        ("failed error timeout FAILED", "failed"),
        ("canceled cancelled", "cancelled"),
        ("skipped", "skipped"),
        (
            "PAUSED scheduled waiting deferred READY submitted enqueued waiting_for_resource",
            "queued",
        ),
        ("executing retrying preparing starting PROGRESS initializing incomplete", "running"),
        ("JOB_STATE_RUNNING RunState.EXECUTING WORKFLOW_EXECUTION_STATUS_RUNNING", "running"),
        ("successful ended passed JOB_STATE_SUCCEEDED TaskState.Finished", "completed"),
        ("timed_out TIMED-OUT startup_failure expired errored RUN_STATUS_FAILED", "failed"),
        ("aborted revoked stopped ABORTED", "cancelled"),
        ("42 completedish marinating NOT_A_STATE_COMPLETED", "unknown"),
    ],
)
def test_status_words_are_read_whatever_their_spelling(words: str, state: str) -> None:
    for word in words.split():
        for name in ("status", "state"):
            assert status_of({name: word}) == state, word
            assert status_of({"data": {name: f" {word} "}}) == state, word


def test_every_known_word_has_one_of_seven_meanings() -> None:
    meanings = {"queued", "running", "completed", "partly", "failed", "cancelled", "skipped"}
    assert set(STATUS_WORDS.values()) == meanings


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"success": True, "status": "success", "data": {"status": "processing"}}, "running"),
        ({"status": "ok", "job": {"state": "failed"}}, "failed"),
        ({"status": "ok", "data": {"status": "compliant"}}, "completed"),
        ({"status": "completed", "data": {"status": "running"}}, "completed"),
        ({"status": "failed", "data": {"status": "completed"}}, "failed"),
        ({"status": 200, "data": {"status": "running"}}, "running"),
        ({"status": True, "data": {}}, ""),
        ({"job_status": "running"}, "running"),
        ({"job_status": "mostly fine"}, ""),
        ({"success": False, "data": {"lcp": 1}}, "failed"),
        ({"ok": False}, "failed"),
        ({"error": "no such site"}, "failed"),
        ({"error": None, "data": {"x": 1}}, ""),
        ({"error": "partial", "lcp": 1200}, "failed"),
        ({"error": "none", "lcp": 1200}, ""),
        ({"errors": ["one page was slow"], "lcp": 1200}, ""),
        ({"status": "Crawling page 2", "state": "PROGRESS"}, "running"),
        ({"status": "Crawling page 2"}, ""),
        ({"state": {"life_cycle_state": "RUNNING"}}, "running"),
        ({"state": {"type": "x", "state": "COMPLETED"}}, "completed"),
        ({"done": False, "name": "operations/1"}, "running"),
        ({"done": True, "response": {"lcp": 1}}, "completed"),
        ({"done": True, "error": {"code": 14, "message": "no"}}, "failed"),
        ({"status": "completed", "done": False}, "running"),
        ({"status": "running", "success": False}, "running"),
        ({"status": "ready"}, "queued"),
        ({"status": "ready", "result": {"lcp": 1}}, "completed"),
        ({"status": "completed_with_errors", "lcp": 1}, "completed"),
        ({"status": "partial_success", "lcp": 1}, "completed"),
        ({"error": ""}, ""),
    ],
)
def test_the_status_of_the_job_is_told_from_that_of_the_call(
    fields: dict[str, Any], state: str
) -> None:
    assert status_of(fields) == state


@pytest.mark.parametrize("read", [start, poll])
def test_an_unknown_word_is_reported_as_unknown_at_once(read: Any) -> None:
    reply = read({"status": "Marinating"}, 200)
    assert reason_of(reply) is Reason.UNKNOWN_STATUS
    assert "'Marinating'" in reply.detail


def test_a_job_that_is_taken_with_an_unknown_word_is_asked_for_before_it_is_given_up() -> None:
    reply = start({"jobId": "j1", "status": "Marinating"})
    assert isinstance(reply, Accepted)
    assert reply.doubt is not None
    assert (reply.job_id, reply.doubt.reason) == ("j1", Reason.UNKNOWN_STATUS)


WHOLE = {"status": "completed", "result": {"outputs": {"lcp": 1}}}


@pytest.mark.parametrize(
    ("beside", "quoted"),
    [
        ({"success": False}, "success: false"),
        ({"ok": "false"}, "ok: false"),
        ({"success": 0}, "success: 0"),
        ({"failed": True}, "failed: true"),
        ({"isError": True}, "isError: true"),
        ({"aborted": True}, "aborted: true"),
        ({"exit_code": 1}, "exit_code: 1"),
        ({"exitCode": "137"}, "exitCode: 137"),
        ({"conclusion": "failure"}, "conclusion: failure"),
        ({"outcome": "error"}, "outcome: error"),
        ({"state": "failed"}, "state: failed"),
        ({"result_state": "FAILED"}, "result_state: FAILED"),
        ({"data": {"status": "failed"}}, "status: failed"),
        ({"job": {"status": "failed"}}, "status: failed"),
        ({"result": {"status": "failed", "outputs": {"lcp": 1}}}, "status: failed"),
        ({"meta": {"status": "failed"}}, "status: failed"),
        ({"error": {"code": "E1", "message": "no login"}}, "no login"),
        ({"errors": [{"severity": "fatal", "message": "no browser"}]}, "no browser"),
        ({"failures": 10, "successes": 0}, "failures: 10"),
        ({"attempts": 3, "failed_attempts": 3}, "failed_attempts: 3"),
        ({"statusCode": 502}, "statusCode: 502"),
        ({"signal": "SIGKILL"}, "signal: SIGKILL"),
    ],
)
@pytest.mark.parametrize("read", [start, poll])
def test_a_word_of_failure_outvotes_completed_and_is_quoted(
    read: Any, beside: dict[str, Any], quoted: str
) -> None:
    reply = read(WHOLE | beside)
    assert reason_of(reply) is Reason.WORKER_FAILED
    assert quoted in reply.detail
    assert reply.over


@pytest.mark.parametrize(
    "beside",
    [
        {"success": True}, {"ok": True}, {"failed": False}, {"failed": 0}, {"failed": 2, "succeeded": 98},
        {"error": None}, {"error": ""}, {"error": {}}, {"error": {"code": 0, "message": ""}}, {"error": "none"},
        {"error": False}, {"errors": []}, {"errors": 0}, {"exit_code": 0}, {"exitCode": None}, {"code": 200},
        {"statusCode": 200}, {"conclusion": "success"}, {"outcome": "ok"}, {"phase": "done"}, {"aborted": False},
        {"warnings": ["a slow image"]}, {"failures": 0, "successes": 0}, {"exception": None}, {"verdict": "pass"},
        {"done": True}, {"last_error": "the first try timed out"}, {"result": {"status": "compliant"}},
        {"attempts": 3, "failed_attempts": 1}, {"signal": None}, {"cancelled": False},
    ],
)  # fmt: skip
def test_what_says_that_nothing_went_wrong_costs_nothing(beside: dict[str, Any]) -> None:
    reply = start(WHOLE | beside)
    assert isinstance(reply, Finished), reply
    assert (reply.said, reply.partly) == (True, "")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (WHOLE | {"errors": ["page 3 timed out"]}, "errors: page 3 timed out"),
        (WHOLE | {"status": "completed_with_errors"}, "completed_with_errors"),
        (WHOLE | {"status": "JOB_STATE_PARTIALLY_SUCCEEDED"}, "JOB_STATE_PARTIALLY_SUCCEEDED"),
        (WHOLE | {"conclusion": "partial_success"}, "conclusion: partial_success"),
    ],
)
def test_what_is_partly_done_keeps_its_outputs_and_says_so(
    fields: dict[str, Any], words: str
) -> None:
    reply = start(fields)
    assert isinstance(reply, Finished)
    assert reply.partly == words


def test_the_cancelled_conclusion_of_a_completed_job_is_a_cancellation() -> None:
    reply = poll({"status": "completed", "conclusion": "cancelled"})
    assert reason_of(reply) is Reason.WORKER_CANCELLED
    assert reply.over


def test_the_mark_of_a_failure_is_the_same_in_every_order_of_fields() -> None:
    told = {"outcome": "error", "success": False, "exit_code": 3, "error": "no"}
    marks = {standing_of(dict(order)).mark for order in (told.items(), reversed(told.items()))}
    assert len(marks) == 1


@pytest.mark.parametrize("read", [start, poll])
@pytest.mark.parametrize(
    ("fields", "reason", "words"),
    [
        ({"status": "failed", "error": "no keywords"}, Reason.WORKER_FAILED, "no keywords"),
        ({"status": "error", "error": {"message": "no"}}, Reason.WORKER_FAILED, "no"),
        ({"status": "failed", "errorMessage": "no"}, Reason.WORKER_FAILED, "no"),
        ({"status": "failed", "message": "no"}, Reason.WORKER_FAILED, "no"),
        ({"status": "failed", "detail": [{"msg": "no"}]}, Reason.WORKER_FAILED, "no"),
        ({"status": "failed", "errors": ["no", "more"]}, Reason.WORKER_FAILED, "no"),
        ({"data": {"status": "failed", "error": "no"}}, Reason.WORKER_FAILED, "no"),
        ({"success": False, "error": "no"}, Reason.WORKER_FAILED, "no"),
        ({"status": "failed", "error": "no", "code": "E7"}, Reason.WORKER_FAILED, "E7: no"),
        ({"status": "timeout"}, Reason.WORKER_FAILED, "reported timeout without a reason"),
        ({"status": "skipped"}, Reason.WORKER_FAILED, "reported skipped without"),
        ({"status": "cancelled"}, Reason.WORKER_CANCELLED, "reported cancelled without"),
        (
            {"status": "failed", "error": {"code": "missing_config", "message": "GSC"}},
            Reason.MISSING_CONFIG,
            "missing_config: GSC",
        ),
    ],
)
def test_a_failure_is_terminal_at_once_with_the_workers_own_words(
    read: Any, fields: dict[str, Any], reason: Reason, words: str
) -> None:
    reply = read(fields)
    assert reason_of(reply) is reason
    assert words in reply.detail


@pytest.mark.parametrize("code", sorted(set(Reason) - WORKER_MAY_SAY))
def test_a_worker_cannot_name_a_reason_that_only_hermes_can_find(code: str) -> None:
    reply = poll({"status": "failed", "error": {"code": code, "message": "m"}})
    assert reason_of(reply) is Reason.WORKER_FAILED
    assert code in reply.detail


# ---- finished


@pytest.mark.parametrize(
    "fields",
    [
        {"data": {"lcp": 1}},
        {"result": {"outputs": {}}},
        {"results": []},
        {"reportJson": {"lcp": 1}},
        {"latest": [{"lcp": 1}]},
        {"outputs": ["lcp"]},
    ],
)
def test_a_missing_status_with_a_result_means_complete(fields: dict[str, Any]) -> None:
    assert start(fields) == poll(fields) == Finished(fields)


def test_a_poll_that_says_neither_status_nor_result_is_not_recognised() -> None:
    reply = poll({"jobId": "j1", "note": "Workflow was started"})
    assert reason_of(reply) is Reason.UNRECOGNISED_REPLY
    assert "jobId, note" in reply.detail


def test_a_303_leads_on_to_the_result_on_the_workers_own_origin() -> None:
    assert poll(b"", 303, location="/r/1") == Finished({}, "https://worker.example/r/1", said=True)
    assert reason_of(poll(b"", 303, location="https://other.example/r/1")) is Reason.REDIRECT
    assert reason_of(poll(b"", 303, location=URL)) is Reason.REDIRECT


def test_a_poll_answered_202_is_still_running() -> None:
    assert poll({}, 202) == Working("running")


def test_an_answer_about_another_job_has_a_reason_of_its_own() -> None:
    reply = poll({"jobId": "j2", "status": "completed", "result": {"lcp": 1}})
    assert reason_of(reply) is Reason.ANOTHER_JOB
    assert "j2" in reply.detail
    assert isinstance(poll({"task_id": "step-2", "id": "j1", "status": "running"}), Working)
    assert isinstance(poll({"id": "row-9", "status": "running"}), Working)


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"result_url": "/results?job_id=j1"}, "https://worker.example/results?job_id=j1"),
        ({"resultUrl": "findings"}, "https://worker.example/base/findings"),
        ({"result": None, "results_url": "/r/1"}, "https://worker.example/r/1"),
        ({"result": {}, "data": {"resultsUrl": "/r/1"}}, "https://worker.example/r/1"),
        ({"links": {"result": "/r/1"}}, "https://worker.example/r/1"),
        ({"result": {"lcp": 1}, "result_url": "/r/1"}, None),
        ({"data": {"lcp": 1}, "result_url": "/r/1"}, None),
        ({"lcp": 1}, None),
    ],
)
def test_a_result_at_a_second_address_is_asked_for_there(
    fields: dict[str, Any], url: str | None
) -> None:
    done = {"status": "completed", **fields}
    assert start(done) == poll(done) == Finished(done, url, said=True)


def test_a_result_on_another_host_is_not_fetched_with_our_key() -> None:
    reply = poll({"status": "completed", "result_url": "https://cdn.example/r.json"})
    assert reason_of(reply) is Reason.REDIRECT
    assert "https://cdn.example/r.json" in reply.detail


def test_the_result_and_the_answer_that_named_it_are_read_as_one_document() -> None:
    first = Finished({"status": "completed", "pages_crawled": 9}, said=True, partly="a part")
    second = answer({"status": "compliant", "lcp": 1})
    expected = {"status": "compliant", "pages_crawled": 9, "lcp": 1}
    assert read_result(second, first, NOW) == Finished(expected, said=True, partly="a part")


@pytest.mark.parametrize(
    ("fields", "status", "expected"),
    [
        ({"status": "processing"}, 200, Working("running")),
        ({"status": "failed", "error": "lost"}, 200, Reason.WORKER_FAILED),
        ({}, 404, Reason.WRONG_ENDPOINT_404),
        ({}, 503, Postponed),
    ],
)
def test_a_second_address_without_the_result_says_so(
    fields: dict[str, Any], status: int, expected: Any
) -> None:
    reply = read_result(answer(fields, status), Finished({}), NOW)
    if isinstance(expected, Reason):
        assert reason_of(reply) is expected
    elif isinstance(expected, type):
        assert isinstance(reply, expected)
    else:
        assert reply == expected


def test_envelope_words_under_data_are_no_result() -> None:
    assert not has_result({"status": "done", "data": {"jobId": "j1", "status": "done"}})
    assert has_result({"status": "done", "data": {"jobId": "j1", "lcp": 3}})


# ---- progress


@pytest.mark.parametrize(
    ("told", "progress"),
    [
        ({"progress": {"done": 3, "total": 9}}, {"done": 3, "total": 9}),
        ({"progress": 40}, {"done": 40, "total": 100, "unit": "%"}),
        ({"percent": 12.5}, {"done": 12.5, "total": 100, "unit": "%"}),
        ({"data": {"progress": {"done": 1}}}, {"done": 1}),
        (
            {"progress": {"processed": 3, "of": 9}},
            {"processed": 3, "of": 9, "done": 3, "total": 9},
        ),
        ({"progress": {"done": 1, "rows": [1] * 9, "unit": "x" * 900}},
         {"done": 1, "unit": "x" * 200}),
        ({"progress": True}, None),
        ({"progress": "half"}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_progress_is_read_and_kept_small(
    told: dict[str, Any], progress: dict[str, Any] | None
) -> None:
    reply = poll({"status": "running", "phase": "crawling", **told})
    assert reply == Working("running", progress, "crawling")


# ---- HTTP


@pytest.mark.parametrize(
    ("status", "fields", "reason"),
    [
        (301, {}, Reason.REDIRECT),
        (400, {"error": "bad site"}, Reason.WORKER_FAILED),
        (400, {"error": {"code": "missing_config", "message": "no key"}}, Reason.MISSING_CONFIG),
        (400, {"error": {"code": "internal"}}, Reason.WORKER_FAILED),
        (401, {}, Reason.AUTH_401),
        (402, {}, Reason.QUOTA_EXCEEDED),
        (403, {}, Reason.FORBIDDEN_403),
        (404, {}, Reason.WRONG_ENDPOINT_404),
        (405, {}, Reason.WRONG_ENDPOINT_404),
        (410, {}, Reason.WRONG_ENDPOINT_404),
        (422, {"detail": [{"loc": ["body"], "msg": "field required"}]}, Reason.WORKER_FAILED),
        (429, {"error": "Quota exceeded for today"}, Reason.QUOTA_EXCEEDED),
        (500, {"error": "boom"}, Reason.SERVER_ERROR_5XX),
        (501, {}, Reason.SERVER_ERROR_5XX),
    ],
)
def test_a_refused_start_has_the_reason_of_its_status(
    status: int, fields: dict[str, Any], reason: Reason
) -> None:
    reply = start(fields, status)
    assert reason_of(reply) is reason
    assert str(status) in reply.detail
    assert URL in reply.detail


def test_the_worker_is_quoted_when_it_refuses() -> None:
    reply = start({"detail": [{"loc": ["body", "site"], "msg": "field required"}]}, 422)
    assert "field required" in reply.detail
    assert "location" in start({}, 307, location="/location").detail


@pytest.mark.parametrize("status", [408, 425, 429, 502, 503, 504])
def test_busy_and_waking_workers_are_asked_again(status: int) -> None:
    for read in (start, poll):
        reply = read({}, status, retry_after="30")
        assert isinstance(reply, Postponed)
        assert reply.retry_after == 30


@pytest.mark.parametrize(
    ("status", "body", "kind", "reason"),
    [
        (404, b'{"error": {"code": "job_unknown"}}', "json", Reason.JOB_UNKNOWN_TO_WORKER),
        (404, b'{"detail": "Job not found"}', "json", Reason.JOB_UNKNOWN_TO_WORKER),
        (404, b"{}", "json", Reason.JOB_UNKNOWN_TO_WORKER),
        (404, b"", "json", Reason.JOB_UNKNOWN_TO_WORKER),
        (410, b"", "plain", Reason.JOB_UNKNOWN_TO_WORKER),
        (404, b'{"detail": "Not Found"}', "json", Reason.WRONG_ENDPOINT_404),
        (404, b"404 page not found\n", "plain", Reason.WRONG_ENDPOINT_404),
        (404, b"404: Not Found", "plain", Reason.WRONG_ENDPOINT_404),
        (404, b"<!doctype html>Cannot GET /status", "html", Reason.WRONG_ENDPOINT_404),
    ],
)
def test_a_forgotten_job_is_told_from_a_path_that_is_not_there(
    status: int, body: bytes, kind: str, reason: Reason
) -> None:
    types = {"json": "application/json", "plain": "text/plain", "html": "text/html"}
    assert reason_of(poll(body, status, content_type=types[kind])) is reason


@pytest.mark.parametrize("read", [start, poll])
def test_a_web_page_with_status_200_is_no_answer(read: Any) -> None:
    assert reason_of(read(b"<!doctype html><title>App</title>")) is Reason.HTML_APP_SHELL


NAMES = """
    status state jobId job_id id data job result results outputs error detail message progress
    links _links status_url result_url phase code ok success latest pages other
"""
FIELDS = st.sampled_from(NAMES.split())
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10)
    | st.sampled_from(["ok", "completed", "running", "failed", "/x", "https://worker.example/y"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(FIELDS, inner, max_size=5),
    max_leaves=15,
)  # fmt: skip
REPLIES = Accepted | Finished | Postponed | Failure | Working


@given(
    st.dictionaries(FIELDS, VALUES, max_size=8),
    st.sampled_from([200, 202, 204, 301, 400, 401, 404, 410, 429, 500, 503]),
    st.text(max_size=20),
)
def test_reading_never_raises_whatever_the_fields_hold(
    fields: dict[str, Any], status: int, location: str
) -> None:
    given_ = answer(fields, status, location=location)
    assert isinstance(read_start(given_, NOW), REPLIES)
    assert isinstance(read_poll(given_, "j1", NOW), REPLIES)
    assert isinstance(read_result(given_, Finished({}), NOW), REPLIES)


@given(st.binary(max_size=100), st.integers(100, 999), st.text(max_size=30))
def test_reading_never_raises_for_any_bytes(body: bytes, status: int, kind: str) -> None:
    given_ = Answer(status, {"content-type": kind}, body, URL)
    assert isinstance(read_start(given_, NOW), REPLIES)
    assert isinstance(read_poll(given_, "j1", NOW), REPLIES)


@given(st.dictionaries(FIELDS, VALUES, max_size=8), st.randoms())
def test_the_order_of_fields_means_nothing(fields: dict[str, Any], random: Any) -> None:
    names = list(fields)
    random.shuffle(names)
    shuffled = {name: fields[name] for name in names}
    assert start(fields) == start(shuffled)
    assert poll(fields) == poll(shuffled)


def test_progress_keeps_the_counts_of_findings() -> None:
    from hermes.core.replies.envelopes import progress_of

    told = {"done": 3, "findings": {"redirect_chains": 2, "rows": [1], "flag": True}}
    assert progress_of({"progress": told}) == {"done": 3, "findings": {"redirect_chains": 2}}


def test_progress_keeps_the_newest_findings_as_a_few_short_texts() -> None:
    from hermes.core.replies.envelopes import progress_of

    found = [{"type": "non_200_urls", "url": f"/{n}", "status": 404, "rows": [1]} for n in range(9)]
    told = {"done": 3, "latest": [*found, 7, {}, {"url": "x" * 900, "b": "b", "c": "c", "d": "d"}]}
    kept = progress_of({"progress": told})
    assert kept is not None
    assert kept["latest"] == [
        {"type": "non_200_urls", "url": "/7"},
        {"type": "non_200_urls", "url": "/8"},
        {"url": "x" * 200, "b": "b", "c": "c"},
    ]
    assert progress_of({"progress": {"done": 3, "latest": "none"}}) == {"done": 3}
