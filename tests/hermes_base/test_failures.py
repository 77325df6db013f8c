"""The closed list of reasons: complete, distinct, and each with something to do."""

import pytest

from hermes_base.failures import EXPLANATIONS, WORKER_MAY_SAY, Reason, Trouble

CONTRACT = (
    "missing_config missing_secret secret_malformed api_key_mismatch dns tls connect_refused "
    "connect_timeout read_timeout wrong_endpoint_404 auth_401 forbidden_403 redirect rate_limited "
    "quota_exceeded server_error_5xx html_app_shell not_json malformed_reply reply_too_large "
    "missing_job_id unknown_status job_unknown_to_worker worker_failed worker_cancelled "
    "deadline_passed budget_exceeded no_outputs outputs_missing sample_data_refused "
    "start_outcome_unknown runner_lost no_browser cancelled internal"
)


def test_the_list_is_the_one_of_the_contract() -> None:
    assert {str(reason) for reason in Reason} == set(CONTRACT.split())


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_label_a_cause_and_a_next_step(reason: Reason) -> None:
    explanation = Trouble(reason, "detail").explanation
    assert explanation is EXPLANATIONS[reason]
    assert 0 < len(explanation.label) <= 30
    assert explanation.cause.endswith(".")
    assert explanation.next_step.endswith(".")
    assert explanation.cause != explanation.next_step


def test_labels_tell_the_reasons_apart() -> None:
    assert len({explanation.label for explanation in EXPLANATIONS.values()}) == len(Reason)


def test_a_worker_cannot_blame_hermes_or_the_way() -> None:
    hermes = {Reason.INTERNAL, Reason.RUNNER_LOST, Reason.CANCELLED, Reason.START_OUTCOME_UNKNOWN}
    way = {Reason.DNS, Reason.TLS, Reason.CONNECT_REFUSED, Reason.READ_TIMEOUT, Reason.AUTH_401}
    assert not WORKER_MAY_SAY & (hermes | way)
