"""The states of an order and the reasons of a result, against what the requirements say of them."""

from typing import get_args

import pytest

from directory_bolt.core.filling.plan import ORDER
from directory_bolt.core.orders.reason_texts import sentence_of
from directory_bolt.core.orders.states import (
    BY_PEOPLE,
    DONE,
    OPEN,
    TRANSITIONS,
    JobStatus,
    ResultReason,
    ResultStatus,
    sources_of,
)

STATES: tuple[JobStatus, ...] = get_args(JobStatus)
ALLOWED: dict[tuple[JobStatus, JobStatus], str] = {
    ("pending", "in_progress"): "a flow begins it",
    ("pending", "failed"): "it was given up on the way: a dead letter, or workers that died",
    ("pending", "cancelled"): "staff cancelled it before it began",
    ("in_progress", "completed"): "every directory has a result",
    ("in_progress", "failed"): "it was recovered a bounded number of times, then dead-lettered",
    ("in_progress", "cancelled"): "staff cancelled it under way",
    ("in_progress", "waiting"): "no directory can be used for it yet",
    ("pending", "waiting"): "the checkout did not say enough of the business",
    ("waiting", "pending"): "directories were added, or staff try again",
    ("waiting", "cancelled"): "staff cancelled it, or its payment was taken back",
    ("completed", "pending"): "staff try directories again: the whole way once more",
    ("failed", "pending"): "staff replay a dead letter, or try again",
}
"""Every change of an order that is allowed, and why. All others are not: a cancelled job does not run,
one that is over never becomes another end, and nothing becomes what it is."""
FOR_PEOPLE = {
    "captcha", "login_required", "verification_required", "payment_required",
    "unknown_required_field", "low_confidence",  # the list of the requirements
    "missing_data",  # an order that lacks a value: only a person can ask the customer
    "outcome_unknown", "interrupted",  # it may have arrived: never sent again by itself
}  # fmt: skip


@pytest.mark.parametrize("target", STATES)
@pytest.mark.parametrize("source", STATES)
def test_an_order_changes_its_state_only_as_the_table_says(
    source: JobStatus, target: JobStatus
) -> None:
    is_allowed = (source, target) in ALLOWED
    assert (target in TRANSITIONS[source]) is is_allowed
    assert (source in sources_of(target)) is is_allowed


def test_the_states_are_those_of_the_requirements_and_waiting() -> None:
    theirs = {"pending", "in_progress", "completed", "failed", "cancelled"}
    assert set(STATES) == {*theirs, "waiting"}
    assert set(TRANSITIONS) == set(STATES)
    assert set(OPEN) == {"pending", "in_progress", "waiting"}
    assert set(get_args(ResultStatus)) == {"submitting", *DONE}
    assert "submitting" not in DONE


@pytest.mark.parametrize("reason", ResultReason)
def test_a_directory_is_for_a_person_where_the_requirements_say_so(reason: ResultReason) -> None:
    assert (reason in BY_PEOPLE) is (reason.value in FOR_PEOPLE)
    assert sentence_of(reason).endswith(".")


def test_whatever_stops_a_form_before_it_is_sent_is_for_a_person_but_a_refusal() -> None:
    assert set(ORDER) - BY_PEOPLE == {ResultReason.REJECTED}
