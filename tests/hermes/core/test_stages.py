"""Where in the chain a run broke, and what was seen until there."""

import pytest

from hermes.core.runs.stages import NAMES, stages
from hermes.core.worker_config import WorkerConfig, fingerprint
from hermes_base.http.answers import Answer
from hermes_base.reasons import Failure, Reason

KEY = "k-0123456789abcdef"
CONFIG = WorkerConfig("https://w.example", KEY, "environment")
URL = "https://w.example/start"
ANSWER = Answer(200, {"content-type": "application/json"}, b"{}", URL, 0.25)


def outcomes(failure: Failure | None, *, judged: bool = True) -> dict[str, str]:
    found = stages(CONFIG, URL, ANSWER, failure, judged=judged)
    return {stage["name"]: stage["outcome"] for stage in found}


def test_a_run_that_went_well_reached_every_stage() -> None:
    assert outcomes(None) == dict.fromkeys(NAMES, "ok")


def test_a_run_under_way_was_not_judged_yet() -> None:
    assert outcomes(None, judged=False) == {**dict.fromkeys(NAMES, "ok"), NAMES[-1]: "not reached"}


@pytest.mark.parametrize(
    ("reason", "stage"),
    [
        (Reason.MISSING_SECRET, "config loaded"),
        (Reason.SECRET_MALFORMED, "config loaded"),
        (Reason.DNS, "request sent"),
        (Reason.TLS, "request sent"),
        (Reason.CONNECT_TIMEOUT, "request sent"),
        (Reason.READ_TIMEOUT, "request sent"),
        (Reason.AUTH_401, "reply typed"),
        (Reason.HTML_APP_SHELL, "reply typed"),
        (Reason.REPLY_TOO_LARGE, "reply typed"),
        (Reason.SERVER_ERROR_5XX, "reply typed"),
        (Reason.UNKNOWN_STATUS, "schema read"),
        (Reason.MISSING_JOB_ID, "schema read"),
        (Reason.JOB_UNKNOWN_TO_WORKER, "schema read"),
        (Reason.OUTPUTS_MISSING, "outputs judged"),
        (Reason.WORKER_FAILED, "outputs judged"),
        (Reason.SAMPLE_DATA_REFUSED, "outputs judged"),
    ],
)
def test_a_trouble_breaks_the_chain_at_its_stage(reason: Reason, stage: str) -> None:
    found = outcomes(Failure(reason, "why"))
    at = NAMES.index(stage)
    assert [found[name] for name in NAMES] == (
        ["ok"] * at + ["failed"] + ["not reached"] * (len(NAMES) - at - 1)
    )


def test_a_cancelled_run_is_not_broken_and_was_not_judged() -> None:
    found = outcomes(Failure(Reason.CANCELLED, "The worker confirmed."))
    assert found == {**dict.fromkeys(NAMES, "ok"), NAMES[-1]: "not reached"}


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason is not Reason.CANCELLED])
def test_every_trouble_breaks_the_chain_exactly_once(reason: Reason) -> None:
    found = stages(CONFIG, URL, ANSWER, Failure(reason, "why"), judged=True)
    broken = [stage for stage in found if stage["outcome"] == "failed"]
    assert [stage["detail"] for stage in broken] == ["why"]


def test_stages_tell_what_was_seen_and_never_the_key() -> None:
    found = {stage["name"]: stage for stage in stages(CONFIG, URL, ANSWER, None, judged=True)}
    assert found["config loaded"]["detail"] == "from environment"
    assert fingerprint(KEY) in found["auth ready"]["detail"]
    assert found["endpoint built"]["detail"] == URL
    assert (found["request sent"]["detail"], found["request sent"]["seconds"]) == (
        "status 200",
        0.25,
    )
    assert found["reply typed"]["detail"] == "application/json"
    assert KEY not in str(found)


def test_without_a_configuration_nothing_after_it_is_claimed() -> None:
    failure = Failure(Reason.MISSING_SECRET, "S is not set")
    found = stages(failure, None, None, failure, judged=False)
    assert [s["outcome"] for s in found] == ["failed"] + ["not reached"] * 6
