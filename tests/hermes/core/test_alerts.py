"""Alerts: hysteresis over verdicts, maintenance windows, and the words of a message."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hermes.core.alerts import AlertRule, Judged, Window, WindowInput, message, muting, turns
from hermes_base.problems import Problem
from hermes_base.typed import typed

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SITE = uuid4()
rules = st.builds(AlertRule, fail_after=st.integers(1, 4), recover_after=st.integers(1, 4))
pasts = st.lists(st.sampled_from(("failed", "partial", "success")), max_size=40)


def runs(statuses: list[str]) -> list[Judged]:
    at = [NOW + timedelta(minutes=n) for n in range(len(statuses))]
    return [Judged(uuid4(), s, t, t) for s, t in zip(statuses, at, strict=True)]


def said(statuses: str, rule: AlertRule | None = None, *, is_open: bool = False) -> list[str]:
    """`ffs` -> turns as `open@1`."""
    words = {"f": "failed", "p": "partial", "s": "success"}
    past = runs([words[letter] for letter in statuses])
    found = turns(past, rule or AlertRule(), is_open=is_open)
    return [f"{turn.to}@{past.index(turn.run)}" for turn in found]


@pytest.mark.parametrize(
    ("past", "turned"),
    [
        ("", []), ("f", []), ("ff", ["open@1"]), ("fff", ["open@1"]), ("fsf", []), ("fpf", []),
        ("ffs", ["open@1"]), ("ffss", ["open@1", "closed@3"]), ("ffsfss", ["open@1", "closed@5"]),
        ("ffspss", ["open@1", "closed@5"]), ("ffssff", ["open@1", "closed@3", "open@5"]),
    ],
)  # fmt: skip
def test_two_failures_in_a_row_open_an_alert_and_two_passes_close_it(
    past: str, turned: list[str]
) -> None:
    assert said(past) == turned


def test_an_open_alert_does_not_open_again_and_closes_by_what_comes() -> None:
    assert said("ffff", is_open=True) == []
    assert said("ss", is_open=True) == ["closed@1"]


@given(pasts, rules, st.booleans())
def test_an_alert_turns_whenever_enough_runs_of_the_awaited_kind_came_in_a_row_and_only_then(
    past: list[str], rule: AlertRule, is_open: bool
) -> None:
    judged = runs(past)
    found = {judged.index(turn.run): turn.to for turn in turns(judged, rule, is_open=is_open)}
    for last in range(len(past)):
        awaited, count = ("success", rule.recover_after) if is_open else ("failed", rule.fail_after)
        row = past[max(0, last + 1 - count) : last + 1]
        due = row == [awaited] * count
        turned = {True: "closed", False: "open"}[is_open] if due else None
        assert found.get(last) == turned
        is_open ^= due


@given(pasts, rules, st.data())
def test_reviewed_in_pieces_each_from_the_last_turn_on_it_comes_to_the_same(
    past: list[str], rule: AlertRule, data: st.DataObject
) -> None:
    judged, is_open, since = runs(past), False, 0
    found: list[UUID] = []
    for end in [*sorted(data.draw(st.sets(st.integers(0, len(past))))), len(past)]:
        for turn in turns(judged[since:end], rule, is_open=is_open):
            found.append(turn.run.id)
            is_open, since = turn.to == "open", judged.index(turn.run) + 1
    assert found == [turn.run.id for turn in turns(judged, rule, is_open=False)]


def window(site: UUID | None = None, service: str | None = None, hours: float = 1) -> Window:
    return Window(uuid4(), site, service, NOW, NOW + timedelta(hours=hours), "The move.")


def test_a_window_mutes_its_site_and_service_while_it_is_open() -> None:
    assert muting([window()], SITE, "content_qa", NOW) is not None
    assert muting([window(SITE, "content_qa")], SITE, "content_qa", NOW) is not None
    assert muting([window(uuid4())], SITE, "content_qa", NOW) is None
    assert muting([window(None, "serp_intel")], SITE, "content_qa", NOW) is None
    assert muting([window()], SITE, "content_qa", NOW + timedelta(hours=1)) is None
    assert muting([window()], SITE, "content_qa", NOW - timedelta(seconds=1)) is None


def test_of_two_windows_the_longer_one_counts() -> None:
    longer = window(hours=5)
    assert muting([longer, window()], SITE, "content_qa", NOW) is longer


@pytest.mark.parametrize(("ends", "told"), [
    ("2026-11-21T09:00:00Z", "must end after it starts"), ("2027-11-21T09:00:00Z", "at most 90 days"),
])  # fmt: skip
def test_a_window_has_an_order_and_an_end(ends: str, told: str) -> None:
    fields = {"startsAt": NOW.isoformat(), "endsAt": ends, "reason": "The move."}
    with pytest.raises(Problem, match=told) as refused:
        typed(WindowInput, fields)
    assert refused.value.field == "endsAt"


def test_a_message_names_service_site_and_reason_and_a_key_against_doubles() -> None:
    told = message("Crawler", "Shop", 2, "Timed out", "alert-1", "https://hermes.example/x")
    assert told["subject"] == "Crawler is failing on Shop"
    assert told["text"] == (
        "Crawler on Shop failed its last 2 smoke tests. Timed out\nhttps://hermes.example/x"
    )
    assert told["key"] == "alert-1"
