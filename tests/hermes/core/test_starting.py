"""Starts and ends of runs: what is sent again and how often, and who keeps the slot at the end."""

from dataclasses import replace

import pytest

from hermes.core.catalog import ModeSpec, Service
from hermes.core.replies.values import Accepted, Postponed
from hermes.core.runs.cancel import after_cancel
from hermes.core.runs.conclude import overdue
from hermes.core.runs.start import after_start, while_asleep, without_request
from hermes.core.runs.warming import still_warming, wait_of
from hermes_base.reasons import Failure, Reason
from tests.hermes.core.claimed import DEADLINE, RUN, SERVICE, START, UNREPEATABLE, at

UNSTARTED = replace(RUN, phase="starting", polls=0, worker_job_id=None, metrics={})
BUSY = Failure(Reason.RATE_LIMITED, "Slow down.")
BROKEN = Failure(Reason.SERVER_ERROR_5XX, "Bad gateway.")
SILENT = Failure(Reason.READ_TIMEOUT, "No answer.", sent=True)
ASLEEP = Failure(Reason.CONNECT_REFUSED, "Nobody listens.")


@pytest.mark.parametrize(
    ("attempts", "seconds", "hint", "ending"),
    [
        (1, 0, 7.0, ("running", "start")),
        (2, 0, 7.0, ("running", "start")),
        (3, 0, 7.0, ("failed", "over")),
        (1, DEADLINE.total_seconds() - 8, 7.0, ("running", "start")),
        (1, DEADLINE.total_seconds() - 7, 7.0, ("failed", "over")),
    ],
)
def test_a_start_that_is_put_off_is_sent_three_times_and_not_at_the_deadline(
    attempts: int, seconds: float, hint: float, ending: tuple[str, str]
) -> None:
    run = replace(UNSTARTED, attempts=attempts)
    update = after_start(run, SERVICE, Postponed(BUSY, hint), at(seconds))
    assert (update.status, update.phase) == ending
    if update.status == "running":
        assert update.due_at == at(seconds + hint).now
    else:
        assert update.reason == BUSY.reason


@pytest.mark.parametrize(
    ("attempts", "service", "ending"),
    [
        (1, SERVICE, ("running", None)),
        (2, SERVICE, ("failed", "read_timeout")),
        (1, UNREPEATABLE, ("failed", "start_outcome_unknown")),
    ],
)
def test_a_start_without_an_answer_is_repeated_once_where_a_key_starts_one_job(
    attempts: int, service: Service, ending: tuple[str, str | None]
) -> None:
    update = after_start(replace(UNSTARTED, attempts=attempts), service, SILENT, at(5))
    assert (update.status, update.reason) == ending


@pytest.mark.parametrize(
    ("service", "ending"),
    [(SERVICE, ("running", None)), (UNREPEATABLE, ("failed", "start_outcome_unknown"))],
)
def test_a_gateway_that_gave_up_may_have_passed_the_start_on(
    service: Service, ending: tuple[str, str | None]
) -> None:
    update = after_start(UNSTARTED, service, Postponed(BROKEN, 5.0), at(5))
    assert (update.status, update.reason) == ending


def test_an_accepted_start_names_its_job_and_is_polled_not_before_its_hint() -> None:
    update = after_start(UNSTARTED, SERVICE, Accepted("j9", 30.0, "https://w/j9"), at(2))
    assert (update.status, update.phase, update.due_at) == ("running", "poll", at(32).now)
    asked_again = at(32).now.isoformat()
    assert update.metrics == {"jobId": "j9", "statusUrl": "https://w/j9", "notBefore": asked_again}
    assert update.holds_slot


@pytest.mark.parametrize(
    ("phase", "attempts", "service", "reason"),
    [
        ("starting", 2, UNREPEATABLE, "start_outcome_unknown"),
        ("starting", 1, UNREPEATABLE, None),
        ("start", 2, UNREPEATABLE, None),
        ("starting", 2, SERVICE, None),
        ("start", 1, SERVICE.model_copy(update={"smoke": None}), "missing_config"),
    ],
)
def test_only_a_start_that_lapsed_under_way_and_cannot_be_repeated_is_given_up(
    phase: str, attempts: int, service: Service, reason: str | None
) -> None:
    run = replace(UNSTARTED, phase=phase, attempts=attempts)
    update = without_request(run, service, at(40))
    assert (update.reason if update else None) == reason


def test_a_cancelled_run_is_not_started() -> None:
    update = without_request(replace(UNSTARTED, cancel_requested_at=START), SERVICE, at(3))
    assert update is not None
    assert (update.status, update.holds_slot, update.due_at) == ("cancelled", False, None)


@pytest.mark.parametrize(
    ("job", "cancelled", "ending", "held"),
    [
        ("j1", False, ("failed", "deadline_passed"), True),
        (None, False, ("failed", "deadline_passed"), False),
        ("j1", True, ("cancelled", "cancelled"), True),
        (None, True, ("cancelled", "cancelled"), False),
    ],
)
def test_a_late_run_keeps_its_slot_where_the_worker_may_work_on_its_job(
    job: str | None, cancelled: bool, ending: tuple[str, str], held: bool
) -> None:
    run = replace(RUN, worker_job_id=job, cancel_requested_at=START if cancelled else None)
    assert overdue(run, SERVICE, at(DEADLINE.total_seconds() - 1)) is None
    update = overdue(run, SERVICE, at(DEADLINE.total_seconds()))
    assert update is not None
    assert (update.status, update.reason) == ending
    assert (update.holds_slot, update.phase) == (held, "settling" if held else "over")
    assert update.due_at == (at(DEADLINE.total_seconds()).now if held else None)


def test_a_run_that_is_over_is_not_late_as_well() -> None:
    assert overdue(replace(RUN, status="success"), SERVICE, at(1e6)) is None


def test_a_limit_of_time_that_is_a_budget_is_called_one() -> None:
    spec = ModeSpec.model_validate({"budget": {"wall_seconds": 5}})
    assert spec.limit_is_budget
    update = overdue(RUN, SERVICE.model_copy(update={"smoke": spec}), at(DEADLINE.total_seconds()))
    assert update is not None
    assert (update.reason, update.detail) == ("budget_exceeded", "Not finished within 1800 s.")


@pytest.mark.parametrize(
    ("confirmed", "ending", "held"),
    [
        (True, ("cancelled", "over"), False),
        (None, ("running", "cancel"), True),
        (False, ("cancelled", "settling"), True),
    ],
)
def test_a_cancel_frees_the_slot_when_the_job_has_ended(
    confirmed: bool | None, ending: tuple[str, str], held: bool
) -> None:
    update = after_cancel(RUN, confirmed, at(20))
    assert (update.status, update.phase) == ending
    assert update.holds_slot is held


def test_a_host_that_sleeps_is_asked_after_1_2_and_at_most_5_seconds_until_its_time_is_over() -> (
    None
):
    now, metrics, waits = START, dict[str, object](), list[float]()
    while (warm_up := still_warming(metrics, ASLEEP, now, 60)) is not None:
        metrics = {"warmUp": warm_up}
        waits.append(wait_of(warm_up))
        now = at(sum(waits)).now
    assert waits[:6] == [1, 2, 3, 4, 5, 5]
    assert 60 <= sum(waits) < 65


def test_what_may_have_started_something_is_no_sleep() -> None:
    assert still_warming({}, replace(ASLEEP, sent=True), START, 60) is None
    assert still_warming({}, Failure(Reason.AUTH_401, "No."), START, 60) is None


def test_a_start_that_cannot_be_repeated_waits_for_a_host_that_is_asleep() -> None:
    update = while_asleep(UNSTARTED, ASLEEP, at(0), 60)
    assert update is not None
    assert (update.status, update.phase, update.due_at) == ("running", "start", at(1).now)
    assert while_asleep(UNSTARTED, Failure(Reason.TLS, "No."), at(0), 0) is None
