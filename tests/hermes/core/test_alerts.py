"""Alerts: hysteresis over verdicts, maintenance windows, and the words of a message."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hermes.core.alerts import AlertRule, Judged, Window, WindowInput, muting, next_of, turns
from hermes_base.problems import Problem
from hermes_base.typed import typed

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SITE = uuid4()
rules = st.builds(
    AlertRule,
    fail_after=st.integers(1, 4),
    partial_after=st.integers(1, 5),
    recover_after=st.integers(1, 4),
)
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
        ("", []), ("f", []), ("ff", ["open@1"]), ("fff", ["open@1"]), ("fsf", []), ("fpf", ["open@2"]), ("fpsfp", []), ("ppp", ["open@2"]), ("pp", []),
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

        def row(count: int) -> list[str]:
            return past[max(0, last + 1 - count) : last + 1]  # noqa: B023 - called within its turn

        if is_open:
            due = row(rule.recover_after) == ["success"] * rule.recover_after
        else:
            unwell = row(rule.partial_after)
            due = row(rule.fail_after) == ["failed"] * rule.fail_after
            due |= len(unwell) == rule.partial_after and "success" not in unwell
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


@pytest.mark.parametrize(
    ("repeats", "now", "starts"),
    [
        ("once", "2026-03-20T01:30Z", "2026-03-15T01:00Z"),
        ("weekly", "2026-03-15T00:10Z", "2026-03-15T01:00Z"),
        ("weekly", "2026-03-22T02:00Z", "2026-03-22T01:00Z"),
        # the clocks of Berlin go forward on 29 March: 02:00 there is 00:00 UTC from then on
        ("weekly", "2026-03-30T00:00Z", "2026-04-05T00:00Z"),
        ("daily", "2026-03-31T00:30Z", "2026-03-31T00:00Z"),
        ("daily", "2026-03-31T03:30Z", "2026-04-01T00:00Z"),
    ],
)
def test_a_window_that_repeats_keeps_to_its_time_of_day(
    repeats: str, now: str, starts: str
) -> None:
    first, last = datetime(2026, 3, 15, 1, 0, tzinfo=UTC), datetime(2026, 3, 15, 3, 0, tzinfo=UTC)
    found = next_of(first, last, repeats, "Europe/Berlin", datetime.fromisoformat(now))  # pyright: ignore[reportArgumentType] - parametrized
    assert found[0] == datetime.fromisoformat(starts)
    assert found[1] - found[0] == timedelta(hours=2)


def test_a_window_that_repeats_ends_before_it_comes_again() -> None:
    fields = {
        "startsAt": NOW.isoformat(),
        "endsAt": (NOW + timedelta(days=2)).isoformat(),
        "reason": "The move.",
    }
    assert typed(WindowInput, fields | {"repeats": "weekly"}).repeats == "weekly"
    with pytest.raises(Problem, match="must end before it comes again"):
        typed(WindowInput, fields | {"repeats": "daily"})
