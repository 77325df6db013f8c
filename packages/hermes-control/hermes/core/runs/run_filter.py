"""Which runs of a site a list shows: the same choice in the API, on the page and in the storage."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from hermes.core.catalog import RunType

Verdict = Literal["passed", "partial", "failed", "cancelled", "open"]
"""`passed` counts a connection that was reached too; `open` is queued or running."""

EARLIEST_DAY, LATEST_DAY = date(2000, 1, 1), date(2999, 12, 31)
"""What a list can be asked for: days around the ends of the calendar have no neighbours to reckon with."""


@dataclass(frozen=True, slots=True)
class RunFilter:
    """None means any. `service` is a slug; `since` and `until` are days (UTC), both included.

    The day of a run is the one on which it ended, as in the 30 days of a service; before that, the one on
    which it was created.
    """

    service: str | None = None
    run_type: RunType | None = None
    verdict: Verdict | None = None
    since: date | None = None
    until: date | None = None
