"""What was seen of a running Hermes at one moment, before anything is said about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import orjson

from hermes_base.http.answers import Answer
from hermes_base.reasons import Failure

Seen = Answer | Failure

READS: tuple[str, ...] = ("summary", "jobs", "queue", "workers", "alerts", "history", "manual", "directories", "dead-letters")  # fmt: skip
"""The queries of the staff dashboard, below /api/staff/."""


@dataclass(frozen=True, slots=True)
class Facts:
    """`brain` and `enqueue` are None where nobody knows the brain's address; `live` is the first
    message of the stream of changes, None when none came; `healths` are answers by worker id."""

    at: datetime
    web: Seen
    reads: Mapping[str, Seen]
    brain_url: str
    brain: Seen | None
    enqueue: Seen | None
    live: Mapping[str, Any] | None
    healths: Mapping[str, Seen] = field(default_factory=dict[str, Seen])

    @property
    def queue(self) -> dict[str, Any] | None:
        """The queue as the dashboard sees it; None when it could not be read."""
        return table_of(self.reads["queue"])

    def process(self, name: str) -> dict[str, Any] | None:
        """The newest heartbeat of a kind of process; None when heartbeats could not be read."""
        rows = json_of(self.reads["workers"])
        if not isinstance(rows, list):
            return None
        listed = [cast("dict[str, Any]", row) for row in cast("list[Any]", rows)]
        mine = [row for row in listed if row["process"] == name]
        alive = [row for row in mine if row["state"] == "alive"]
        absent: dict[str, Any] = {"state": "absent", "told": {}, "ageSeconds": None}
        return next(iter(alive or mine), absent)

    def state_of(self, name: str) -> dict[str, Any]:
        """What a process says of itself: its /health where it was asked, else its heartbeat."""
        found = self.process(name) or {"told": {}}
        fresh = table_of(self.healths.get(str(found.get("workerId"))), 503)
        return fresh if fresh is not None else found["told"]

    def is_alive(self, name: str) -> bool:
        """Whether a process of this kind says that it lives."""
        found = self.process(name)
        return found is not None and found["state"] == "alive"

    @property
    def database_fault(self) -> str:
        """What the web server says of its database; "" when it works."""
        checks: Any = (table_of(self.web, 503) or {}).get("checks", {})
        checked: Any = "ok"
        if isinstance(checks, dict):
            checked = cast("dict[str, Any]", checks).get("database", "ok")
        return "" if checked == "ok" else str(checked)


def json_of(seen: Seen | None, *others: int) -> Any:
    """The JSON of an answer with status 200 (or another that is named); None for everything else."""
    if not isinstance(seen, Answer) or seen.status not in (200, *others):
        return None
    try:
        return orjson.loads(seen.body)
    except ValueError:
        return None


def table_of(seen: Seen | None, *others: int) -> dict[str, Any] | None:
    """The JSON of an answer where it is an object; None for a list, a value and everything else."""
    found = json_of(seen, *others)
    return cast("dict[str, Any]", found) if isinstance(found, dict) else None


def in_words(seen: Seen | None) -> str:
    """One sentence about an answer or its absence."""
    if seen is None:
        return "Not checked."
    if isinstance(seen, Failure):
        return seen.detail
    return f"{seen.url} returned {seen.status}: {seen.excerpt[:160]}"
