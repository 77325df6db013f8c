"""One cause, one row: which runs fail for the same cause."""

from typing import Any

import pytest

from hermes.core.runs.causes import cause_of

GONE = {"reason": "missing_config", "message": "GOOGLE_KEY is not set."}


def outputs(*missing: str) -> dict[str, Any]:
    return {"missingOutputs": list(missing)}


def explained(**said: dict[str, str]) -> dict[str, Any]:
    return {"explanations": said}


def test_services_that_fail_with_the_same_reason_and_words_share_a_cause() -> None:
    one = cause_of("a_service", "dns", "The name shop.example does not exist.", outputs("x"), {})
    other = cause_of("b_service", "dns", "The name shop.example does not exist.", outputs("y"), {})
    assert one == other
    third = cause_of("b_service", "dns", "The name api.example does not exist.", outputs("y"), {})
    assert third.key != one.key


def test_the_cause_that_all_missing_outputs_share_is_that_of_the_run() -> None:
    metrics = explained(x=GONE, y=GONE)
    found = cause_of("a_service", "outputs_missing", "2 are missing.", outputs("x", "y"), metrics)
    assert (found.reason, found.message) == ("missing_config", "GOOGLE_KEY is not set.")
    assert found.key == cause_of("b_service", "no_outputs", None, outputs("z"), explained(z=GONE)).key  # fmt: skip


@pytest.mark.parametrize("reason", ["outputs_missing", "no_outputs"])
def test_what_only_says_that_outputs_are_missing_is_a_cause_of_its_service(reason: str) -> None:
    keys = {cause_of(s, reason, "None came.", outputs("x"), {}).key for s in ("a_one", "b_two")}
    assert keys == {"service:a_one", "service:b_two"}


def test_outputs_that_are_missing_for_different_causes_make_one_of_the_service() -> None:
    metrics = explained(x=GONE, y={"reason": "dns", "message": "No such name."})
    found = cause_of("a_service", "outputs_missing", "Two.", outputs("x", "y"), metrics)
    assert found.key == "service:a_service"


def test_a_failure_without_words_is_shared_with_nobody() -> None:
    assert cause_of("a_service", "internal", None, outputs(), {}).key == "service:a_service"


def test_what_workers_say_of_the_site_itself_is_one_cause_in_whatever_words() -> None:
    said = (
        "site_unreachable: shop.example cannot be reached: dns.",
        "site_unreachable: No answer from it.",
    )
    keys = {cause_of("a_one", "worker_failed", each, outputs("x"), {}).key for each in said}
    assert len(keys) == 1
    other = cause_of("a_one", "worker_failed", "site_redirects_endlessly: 20 hops.", outputs(), {})
    assert other.key not in keys
