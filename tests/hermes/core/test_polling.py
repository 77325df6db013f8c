"""B5: at most 40 looks at a 25-minute job, and its end is seen within seconds, by a simulated clock."""

import random
import statistics
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hermes.core.runs.intervals import next_wait, seconds_left

LONGEST = 25 * 60.0


def simulate(
    duration: float, dice: random.Random, earlier: Sequence[float], wobble: float | None
) -> tuple[int, float]:
    """(looks, seconds between the end and the look that saw it) of one job. `wobble`: how far its
    progress is from the truth; None for a worker that reports none."""
    now, polls = next_wait(0, None, dice.random(), earlier=earlier), 1
    while now < duration:
        left = None
        if wobble is not None:
            share = (now / duration) ** (1 + wobble)
            progress = {"done": max(1, int(share * 900)), "total": 900}
            left = seconds_left(progress, now)
        now += next_wait(now, 1.0, dice.random(), polls=polls, left=left, earlier=earlier)
        polls += 1
    return polls, now - duration


def summary(results: Sequence[tuple[int, float]]) -> tuple[int, float]:
    return max(polls for polls, _ in results), statistics.median(late for _, late in results)


def test_a_worker_with_progress_is_seen_to_end_within_5_s_with_at_most_40_looks() -> None:
    """1,000 jobs of 20 s to 25 min, whose progress runs up to 30 % ahead of or behind the truth."""
    dice = random.Random(7)
    durations = [dice.uniform(20, LONGEST) for _ in range(1000)]
    results = [simulate(d, dice, (), dice.uniform(-0.3, 0.3)) for d in durations]
    most, late = summary(results)
    assert most <= 40
    assert late <= 5.0


def test_a_worker_without_progress_is_seen_to_end_within_5_s_when_earlier_runs_are_known() -> None:
    """1,000 jobs of services of different lengths; the runs of one service differ by 5 %."""
    dice = random.Random(8)
    results: list[tuple[int, float]] = []
    for _ in range(1000):
        usual = dice.uniform(20, LONGEST)
        earlier = [usual * dice.uniform(0.95, 1.05) for _ in range(20)]
        results.append(simulate(usual * dice.uniform(0.95, 1.05), dice, earlier, None))
    most, late = summary(results)
    assert most <= 40
    assert late <= 5.0


def test_with_nothing_known_a_25_minute_job_costs_at_most_40_looks() -> None:
    dice = random.Random(9)
    results = [simulate(dice.uniform(20, LONGEST), dice, (), None) for _ in range(1000)]
    assert max(polls for polls, _ in results) <= 40


def test_three_earlier_runs_are_the_fewest_that_say_when_the_next_one_ends() -> None:
    """The first look is when the shortest of them was about to end, not as soon as a job may end."""
    assert next_wait(20, None, 0.5, earlier=[100, 110, 120]) == pytest.approx(97 - 20)
    assert next_wait(20, None, 0.5, earlier=[100, 110]) < 10


def test_a_young_job_is_looked_at_soon_again_whatever_it_says_is_left() -> None:
    """Its first figures say little, and somebody may be watching the bar."""
    now, looks = 1.0, 0
    while now < 20:
        now += next_wait(now, None, 0.5, polls=looks, left=20 * now)
        looks += 1
    assert 6 <= looks <= 10


def test_a_job_that_is_nearly_done_for_ever_is_asked_less_and_less() -> None:
    waits = [next_wait(1000, None, 0.5, polls=polls, left=0.0) for polls in range(60)]
    assert waits[10] == pytest.approx(2.0)
    assert waits[59] > 60
    assert waits == sorted(waits)


@given(
    st.floats(0, 1e6),
    st.none() | st.floats(0, 1e6),
    st.floats(0, 1),
    st.integers(0, 10_000),
    st.none() | st.floats(0, 1e9),
    st.lists(st.floats(0.01, 1e5), max_size=20),
)
def test_a_wait_is_never_hurried_nor_endless_and_respects_the_floor(
    elapsed: float,
    hint: float | None,
    jitter: float,
    polls: int,
    left: float | None,
    earlier: list[float],
) -> None:
    wait = next_wait(elapsed, hint, jitter, polls=polls, left=left, earlier=earlier)
    assert 0.9 <= wait <= 300 * 1.1
    assert wait >= 0.9 * min(hint or 0, 300)


@pytest.mark.parametrize(
    ("progress", "left"),
    [
        (None, None),
        ({}, None),
        ({"done": 0, "total": 10}, None),
        ({"done": 5, "total": 10}, 100.0),
        ({"done": 5, "total": 10, "eta_s": 3}, 3.0),
        ({"done": 5, "total": 10, "eta_s": None}, 100.0),
        ({"done": 11, "total": 10}, None),
        ({"done": "5", "total": 10}, None),
        ({"done": True, "total": True}, None),
        ({"done": 10, "total": 10}, 0.0),
    ],
)
def test_progress_is_believed_only_where_it_makes_sense(
    progress: dict[str, object] | None, left: float | None
) -> None:
    assert seconds_left(progress, 100.0) == left
