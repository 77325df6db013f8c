"""When to look at an asynchronous job again."""

FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
GROWTH = 0.12
LONGEST_HINT = 300.0


def next_wait(elapsed: float, hint: float | None, jitter: float) -> float:
    """Seconds until the next poll of a job that has run for `elapsed` seconds.

    The wait grows with the age of the job; the worker's Retry-After (`hint`) is a floor, because a
    worker that always says 1 would be asked 1,500 times. `jitter` in 0..1 spreads +-10 %.
    """
    wait = min(max(FIRST_WAIT, elapsed * GROWTH), LONGEST_WAIT)
    wait = max(wait, min(hint or 0.0, LONGEST_HINT))
    return wait * (0.9 + 0.2 * jitter)
