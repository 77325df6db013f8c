"""Runs that go on: when a runner looks at them again, and how long it waits for what may pass."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hermes.core.catalog import ModeSpec
from hermes.core.replies.values import PollReply, Postponed, Working
from hermes.core.runs.model import ClaimedRun, RunUpdate
from hermes.core.runs.poll import UNREACHABLE_GRACE, after_poll
from hermes.core.runs.settle import SETTLING_LIMIT, settle
from hermes.core.runs.waiting import look_again
from hermes_base.reasons import Failure, Reason
from tests.hermes.core.claimed import DEADLINE, RUN, SERVICE, START, at

WORKING = Working("running")
AWAY = Failure(Reason.CONNECT_REFUSED, "Nobody listens.")


def polled(reply: PollReply, seconds: float, run: ClaimedRun = RUN) -> RunUpdate:
    return after_poll(run, SERVICE, reply, at(seconds))


def test_a_run_is_looked_at_at_its_deadline_however_long_the_wait() -> None:
    to_the_deadline = DEADLINE.total_seconds() - 10
    update = look_again(RUN, at(to_the_deadline), 300, phase="poll", metrics={})
    assert update.due_at == RUN.deadline_at
    earlier = look_again(RUN, at(to_the_deadline), 9, phase="poll", metrics={})
    assert earlier.due_at == RUN.deadline_at - timedelta(seconds=1)


def test_a_hint_beyond_the_deadline_does_not_put_the_last_look_off() -> None:
    update = polled(replace(WORKING, retry_after=300.0), DEADLINE.total_seconds() - 10)
    assert (update.status, update.due_at) == ("running", RUN.deadline_at)


@pytest.mark.parametrize(
    ("seconds", "ending"),
    [(119, ("running", None)), (120, ("failed", "connect_refused"))],
)
def test_a_worker_that_is_away_is_waited_for_two_minutes(
    seconds: float, ending: tuple[str, str | None]
) -> None:
    update = polled(AWAY, 300 + seconds, replace(RUN, trouble_since=at(300).now))
    assert (update.status, update.reason) == ending


@pytest.mark.parametrize("reason", [Reason.RATE_LIMITED, Reason.QUOTA_EXCEEDED])
def test_a_worker_that_limits_our_rate_is_there_and_waited_for_until_the_deadline(
    reason: Reason,
) -> None:
    run = replace(RUN, trouble_since=at(60).now)
    limited = Postponed(Failure(reason, "Slow down."), 30.0)
    update = polled(limited, 60 + 10 * UNREACHABLE_GRACE.total_seconds(), run)
    assert (update.status, update.trouble_since) == ("running", at(60).now)
    assert update.due_at is not None
    late = polled(limited, DEADLINE.total_seconds(), run)
    assert (late.status, late.reason) == ("failed", "deadline_passed")
    assert late.metrics["lastTrouble"]["reason"] == reason


@pytest.mark.parametrize(
    ("seconds", "ending"),
    [(60, ("running", "cancel", True)), (61, ("cancelled", "settling", True))],
)
def test_a_cancel_is_waited_for_a_minute_and_looked_at_every_two_seconds(
    seconds: float, ending: tuple[str, str, bool]
) -> None:
    run = replace(RUN, phase="cancel", cancel_requested_at=at(600).now)
    update = polled(WORKING, 600 + seconds, run)
    assert (update.status, update.phase, update.holds_slot) == ending
    assert update.due_at is not None
    assert update.due_at - at(600 + seconds).now <= timedelta(seconds=2)


def test_a_job_over_its_budget_is_ended_and_its_worker_asked_to_stop() -> None:
    spec = ModeSpec.model_validate({"budget": {"items": 3}})
    service = SERVICE.model_copy(update={"smoke": spec})
    told = [{"done": done, "total": 9} for done in (3, 4)]
    within, beyond = (after_poll(RUN, service, Working("running", each), at(20)) for each in told)
    assert (within.status, within.phase) == ("running", "poll")
    assert (beyond.status, beyond.reason) == ("failed", "budget_exceeded")
    assert (beyond.phase, beyond.holds_slot) == ("settling", True)


def test_a_worker_that_answers_again_has_its_two_minutes_anew() -> None:
    update = polled(WORKING, 100, replace(RUN, trouble_since=at(10).now))
    assert update.trouble_since is None


def test_every_look_is_counted_and_what_the_worker_said_is_kept() -> None:
    told: dict[str, Any] = {"done": 3, "total": 9}
    update = polled(Working("running", told, "crawl"), 20)
    assert update.polls == RUN.polls + 1
    assert update.metrics == {
        "jobId": "j1", "workerStatus": "running", "progress": told, "phase": "crawl",
        "toldAt": at(20).now.isoformat(),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "reply", "held"),
    [
        (0, WORKING, True),
        (SETTLING_LIMIT.total_seconds() - 1, WORKING, True),
        (SETTLING_LIMIT.total_seconds(), WORKING, False),
        (0, AWAY, True),
        (0, Postponed(AWAY, None), True),
        (0, Failure(Reason.JOB_UNKNOWN_TO_WORKER, "Never heard of it."), False),
    ],
)
def test_a_terminal_run_holds_its_slot_while_its_job_may_go_on_for_an_hour_at_most(
    seconds: float, reply: PollReply, held: bool
) -> None:
    run = replace(
        RUN, status="failed", phase="settling", reason="deadline_passed", finished_at=START
    )
    update = settle(run, reply, at(seconds))
    assert (update.holds_slot, update.due_at is not None) == (held, held)
    assert update.phase == ("settling" if held else "over")
    assert (update.status, update.reason, update.finished_at) == ("failed", run.reason, START)
