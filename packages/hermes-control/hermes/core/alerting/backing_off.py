"""When a delivery that failed is tried again: soon, then less and less often, for days."""

from datetime import timedelta

FIRST = timedelta(seconds=30)
LONGEST = timedelta(minutes=30)
GIVEN_UP = timedelta(days=7)
"""How long after it was written a delivery is given up, and says so."""


def pause(attempts: int, asked: timedelta = timedelta()) -> timedelta:
    """How long to wait after so many attempts; never shorter than the channel `asked` for.

    >>> [int(pause(n).total_seconds()) for n in (1, 2, 6, 7, 400)]
    [30, 60, 960, 1800, 1800]
    """
    return max(min(FIRST * 2 ** min(attempts - 1, 10), LONGEST), min(asked, LONGEST))
