"""When to look at an asynchronous job again: often when it is about to end, seldom before.

Three things say when that is, the best first: the worker's own progress, how long earlier runs of
the service took, and the age of the job. The worker's Retry-After is a floor and not a schedule: one
that always says 1 would be asked 1,500 times in 25 minutes.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

FIRST_WAIT = 1.0
SHORTEST_WAIT = 2.0  # s, once the job is older than a few seconds
LONGEST_WAIT = 120.0
LONGEST_HINT = 300.0
WATCHED_WAIT = 3.0  # s, while somebody looks at the run
GROWTH = 0.22
NEARING = 0.45  # of the time that is left, by the worker's progress
TRUSTED = 0.5  # of its age: what a young job says of the time that is left is soon out of date
STEPS = 24  # looks over the span in which earlier runs ended
PATIENCE = 26  # looks after which the waits of a job that keeps nearly ending grow
LEAST_HISTORY = 3


def next_wait(
    elapsed: float,
    hint: float | None,
    jitter: float,
    *,
    polls: int = 0,
    left: float | None = None,
    earlier: Sequence[float] = (),
    watched: bool = False,
) -> float:
    """Seconds until the next look at a job that has run for `elapsed` seconds and was asked `polls`
    times. `left`: seconds that are left by its progress; `earlier`: seconds that earlier runs took;
    `hint`: Retry-After. `watched`: somebody looks at it. `jitter` in 0..1 spreads +-10 %, so that jobs do not march in step."""
    wait = _by_progress(elapsed, left) if left is not None else _by_history(elapsed, earlier)
    if polls > PATIENCE:
        wait = max(wait, SHORTEST_WAIT * 1.25 ** min(polls - PATIENCE, 30))
    wait = min(wait, WATCHED_WAIT if watched else LONGEST_WAIT)
    wait = max(wait, min(hint or 0.0, LONGEST_HINT))
    return wait * (0.9 + 0.2 * jitter)


def seconds_left(progress: Mapping[str, Any] | None, elapsed: float) -> float | None:
    """What the worker's progress says: its own `eta_s`, else done of total at the pace so far."""
    if not progress:
        return None
    eta = progress.get("eta_s")
    if _is_number(eta) and eta >= 0:
        return float(eta)
    done, total = progress.get("done"), progress.get("total")
    if not (_is_number(done) and _is_number(total)) or not 0 < done <= total:
        return None
    return elapsed * (total - done) / done


def _by_progress(elapsed: float, left: float) -> float:
    return max(_shortest(elapsed), min(left * NEARING, elapsed * TRUSTED))


def _by_history(elapsed: float, earlier: Sequence[float]) -> float:
    """Wait for the first moment at which an earlier run had ended; then look closely."""
    if len(earlier) < LEAST_HISTORY or elapsed > max(earlier) * 1.1:
        return max(_shortest(elapsed), elapsed * GROWTH)
    soonest, latest = min(earlier) * 0.97, max(earlier) * 1.03
    if elapsed < soonest:
        return max(_shortest(elapsed), min(soonest - elapsed, LONGEST_WAIT))
    return max(_shortest(elapsed), (latest - soonest) / STEPS)


def _shortest(elapsed: float) -> float:
    """A young job may end any moment."""
    return FIRST_WAIT if elapsed < 10 else SHORTEST_WAIT


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
