"""The made-up month: the same each time, with the faults that it names and no others."""

import json
import subprocess
import sys
from datetime import UTC, datetime

from hermes_sandbox.history import FAULTS, LAST_TUESDAY, Answer, month, services_of

UNTIL = datetime(2026, 11, 30, 6, tzinfo=UTC)
OUTPUTS = {
    "first": {"type": "number", "unit": "pages"},
    "second": {"type": "list"},
    "last": {"type": "flag"},
}
NAMES = sorted({fault.service for fault in (*FAULTS, LAST_TUESDAY)} | {"audit_log"})
SERVICES = services_of(dict.fromkeys(NAMES, OUTPUTS))


def told(seed: int = 1) -> list[Answer]:
    return list(month(SERVICES, UNTIL, 31, seed))


def test_the_same_seed_tells_the_same_month_and_another_seed_another() -> None:
    assert told() == told()
    assert told() != told(2)


def test_a_service_answers_once_a_day_up_to_the_last() -> None:
    days = [answer.at.date() for answer in told() if answer.service == "audit_log"]
    assert len(days) == len(set(days)) == 31
    assert days == sorted(days)
    assert days[-1] == UNTIL.date()


def test_each_fault_shows_on_its_days_and_on_no_other() -> None:
    expected = {
        (fault.service, back) for fault in FAULTS for back in range(fault.until, fault.since + 1)
    } | {(LAST_TUESDAY.service, 6)}  # 24 November 2026
    found = {
        (answer.service, (UNTIL - answer.at).days)
        for answer in told()
        if answer.error or answer.missing
    }
    assert found == expected


def test_what_is_missing_is_not_among_the_outputs_and_a_failure_returns_none() -> None:
    for answer in told():
        assert not set(answer.missing) & set(answer.outputs)
        assert set(answer.missing) | set(answer.outputs) == (set() if answer.error else set(OUTPUTS))  # fmt: skip


def test_the_command_prints_an_answer_a_line() -> None:
    command = [sys.executable, "-m", "hermes_sandbox.history", "--days", "3"]
    asked = json.dumps({"crawl_render": OUTPUTS})
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["service"] for line in lines] == ["crawl_render"] * 3
    assert set(lines[0]["outputs"]) == set(OUTPUTS)
