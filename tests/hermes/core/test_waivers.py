"""Waivers: what they do to a verdict, which of them counts, and how long they may last."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hermes.core.catalog import Service
from hermes.core.runs import waivers
from hermes.core.runs.waiver_input import LONGEST, WaiverInput, require_expiry, require_output
from hermes.core.runs.waivers import Waiver
from hermes.core.truth import verdicts
from hermes.core.truth.outputs import Delivered
from hermes_base.problems import Problem
from hermes_base.typed import typed
from tests.support.catalog import outputs_of, shipped_catalog

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SITE = uuid4()
some_outputs = st.deferred(lambda: st.sets(st.sampled_from(crawler().expected_outputs)))


def crawler() -> Service:
    """Read when a test runs: its rules are compiled then."""
    return shipped_catalog().service("crawl_render")


def waiver(
    output: str = "orphan_pages", site_id: UUID | None = None, days: float = 30, owner: str = "Ann"
) -> Waiver:
    ends = NOW + timedelta(days=days)
    return Waiver(uuid4(), crawler().slug, output, site_id, owner, "no archive yet", ends)


def verdict(absent: set[str], waived: set[str]) -> verdicts.Verdict:
    values = {s: v for s, v in outputs_of(crawler()).items() if s not in absent}
    return verdicts.weigh(crawler(), crawler().expected_outputs, Delivered(values), waived)


@given(some_outputs, some_outputs)
def test_what_arrived_what_is_missing_and_what_is_waived_are_all_that_was_expected(
    absent: set[str], waived: set[str]
) -> None:
    found = verdict(absent, waived)
    assert set(found.actual) | set(found.missing) | (absent & waived) == set(
        crawler().expected_outputs
    )
    assert set(found.missing) == absent - waived


@given(some_outputs, some_outputs)
def test_a_run_passes_when_all_that_is_not_waived_arrived_and_fails_when_nothing_did(
    absent: set[str], waived: set[str]
) -> None:
    found = verdict(absent, waived)
    if absent == set(crawler().expected_outputs):
        assert found.outcome == "failed", "what brought nothing is not green, whatever is waived"
    else:
        assert found.outcome == ("partial" if absent - waived else "success")
    assert (found.failure is None) == (found.outcome == "success")


def test_a_waived_output_is_not_named_among_the_missing() -> None:
    found = verdict({"orphan_pages", "meta_tags"}, {"orphan_pages"})
    assert found.failure is not None
    assert crawler().label("meta_tags") in found.failure.detail
    assert crawler().label("orphan_pages") not in found.failure.detail


def test_a_waiver_counts_for_its_service_and_site_and_not_for_others() -> None:
    own, every, other = waiver(site_id=SITE), waiver("meta_tags"), waiver(site_id=uuid4())
    found = waivers.meant_for([own, every, other], crawler().slug, SITE)
    assert found == (own, every)
    assert waivers.meant_for([own, every], "content_qa", SITE) == ()


def test_one_for_this_site_goes_before_one_for_all_sites() -> None:
    every, own = waiver(days=300, owner="All"), waiver(site_id=SITE, days=3, owner="Own")
    for order in ([every, own], [own, every]):
        assert waivers.in_force(order, NOW)["orphan_pages"].owner == "Own"


def test_a_waiver_is_over_at_its_last_moment() -> None:
    one = waiver(days=1)
    assert waivers.in_force([one], one.expires_at - timedelta(seconds=1))
    assert not waivers.in_force([one], one.expires_at)


def test_a_run_keeps_by_whom_until_when_and_why_of_what_did_not_arrive() -> None:
    waived = {"orphan_pages": waiver(), "meta_tags": waiver("meta_tags")}
    applied = waivers.applied(
        waived,
        crawler().expected_outputs,
        [s for s in crawler().expected_outputs if s != "orphan_pages"],
    )
    assert list(applied) == ["orphan_pages"], "what arrived needs no waiver"
    assert applied["orphan_pages"]["by"] == "Ann"
    assert applied["orphan_pages"]["until"] == (NOW + timedelta(days=30)).isoformat()


def fields(**more: Any) -> dict[str, Any]:
    usual = {"service": "crawl_render", "output": "orphan_pages", "owner": "Ann"}
    return usual | {"reason": "no archive yet", "expiresAt": "2026-12-31T00:00:00Z"} | more


@pytest.mark.parametrize(
    ("field", "given"),
    [("owner", ""), ("reason", "  x  "), ("expiresAt", ""), ("expiresAt", "2026-12-31T00:00:00"), ("siteId", "x")],
)  # fmt: skip
def test_owner_reason_and_expiry_are_required_and_named(field: str, given: str) -> None:
    with pytest.raises(Problem) as refused:
        typed(WaiverInput, fields(**{field: given}))
    assert refused.value.field == field


def test_an_output_that_the_service_does_not_promise_is_refused_with_those_it_does() -> None:
    with pytest.raises(Problem, match="pages_crawled") as refused:
        require_output(crawler(), "qa_score")
    assert refused.value.field == "output"


@pytest.mark.parametrize(("ends", "fine"), [
    (timedelta(0), False), (timedelta(seconds=1), True), (LONGEST, True), (LONGEST + timedelta(seconds=1), False),
])  # fmt: skip
def test_a_waiver_lasts_at_most_365_days(ends: timedelta, fine: bool) -> None:
    if fine:
        require_expiry(NOW + ends, NOW)
        return
    with pytest.raises(Problem, match="expiresAt"):
        require_expiry(NOW + ends, NOW)
