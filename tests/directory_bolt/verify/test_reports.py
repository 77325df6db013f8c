"""The reports say the same in three formats, and hold whatever was seen."""

import json
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from directory_bolt.core.verification.causes import Cause, explanation_of
from directory_bolt.core.verification.findings import Finding, Report
from directory_bolt.verify.report import as_json, as_junit, markdown
from hermes import reports as of_tests

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
GOOD = Finding(1, "Backend -> queue", "PASS", "postgres: 0 waiting.", AT)
BAD = Finding(2, "Brain", "FAIL", "answered 404: <h1>|\x00</h1>", AT, Cause.BRAIN_WRONG_HOST)
NOT = Finding(3, "Queue: message appears", "SKIPPED", "Not reached.", AT)


def report(*findings: Finding) -> Report:
    return Report("http://127.0.0.1:8400", AT, AT + timedelta(seconds=3), findings)


@pytest.mark.parametrize(
    ("findings", "code", "rate"),
    [
        ((GOOD,), 0, 100.0),
        ((GOOD, BAD, NOT), 1, 50.0),
        ((GOOD, NOT), 2, 100.0),
        ((NOT,), 5, None),
        ((), 5, None),
    ],
)
def test_the_exit_code_tells_failed_from_skipped_from_nothing(
    findings: tuple[Finding, ...], code: int, rate: float | None
) -> None:
    found = report(*findings)
    assert (found.exit_code, found.pass_rate) == (code, rate)


def test_the_json_is_exactly_the_one_that_was_asked_for() -> None:
    told = json.loads(as_json(report(GOOD, BAD, NOT)))
    assert list(told) == ["timestamp", "tests", "summary"]
    assert told["summary"] == {
        "total": 3,
        "passed": 1,
        "failed": 1,
        "skipped": 1,
        "pass_rate": 50.0,
    }
    assert {tuple(test) for test in told["tests"]} == {
        ("name", "passed", "status", "details", "timestamp")
    }
    assert [test["passed"] for test in told["tests"]] == [True, False, False]
    assert "Wrong host" in told["tests"][1]["details"]


def test_the_junit_is_read_by_any_parser_whatever_was_seen() -> None:
    top = ET.fromstring(as_junit(report(GOOD, BAD, NOT)))  # noqa: S314  # our own
    assert (top.get("tests"), top.get("failures"), top.get("skipped")) == ("3", "1", "1")
    (failure,) = top.iter("failure")
    assert failure.get("type") == "brain_wrong_host"
    assert "<h1>" in (failure.get("message") or "")


def test_the_markdown_names_the_broken_hop_and_breaks_no_table() -> None:
    text = markdown(report(GOOD, BAD, NOT))
    assert "**NO" not in text
    assert "NO. At least one hop is broken." in text
    assert f"- **{explanation_of(Cause.BRAIN_WRONG_HOST).hop}**" in text
    rows = [line for line in text.splitlines() if line.startswith("| Brain")]
    assert len(rows) == 1
    assert "<h1>" not in rows[0]


def test_every_cause_is_explained() -> None:
    assert all(explanation_of(cause).next_step for cause in Cause)


def run(status: str, **facts: object) -> dict[str, object]:
    missing = [
        {
            "label": "Keyword positions",
            "message": "",
            "likelyCause": "No key.",
            "nextStep": "Set one.",
        }
    ]
    return {
        "serviceName": "SERP <Intel>", "status": status, "seconds": 1.5, "statusText": "Partial",
        "detail": "", "reason": None, "runType": "smoke",
        "missing": {"outputs": missing if status == "partial" else []}, **facts,
    }  # fmt: skip


def test_a_partial_test_is_a_failure_in_ci_and_an_unjudged_one_is_skipped() -> None:
    job = {"runType": "smoke", "summary": "Smoke Test complete: 1 passed"}
    runs = [run("success"), run("partial"), run("failed", reason="dns"), run("cancelled")]
    top = ET.fromstring(of_tests.as_junit(job, runs))  # noqa: S314  # our own
    assert (top.get("tests"), top.get("failures"), top.get("skipped")) == ("4", "2", "1")
    assert top.get("time") == "6.000"
    first, second = top.iter("failure")
    assert "Keyword positions: No key. Set one" in (first.get("message") or "")
    assert second.get("type") == "dns"
    assert "| SERP &lt;Intel> | partial |" in of_tests.as_summary(job, runs)
