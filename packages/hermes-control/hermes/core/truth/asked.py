"""What was asked of a worker, and how its answer came: what an answer is held against."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, cast

from hermes.core.truth.hosts import SiteHost

LONG_AGO = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: of which site, in which run, when, with which payload.

    `payload` is the catalog's with what was asked of this run alone. `skew`: seconds that the
    worker's clock is ahead of ours, 0 where it did not tell. `status` and `headers` are of the
    answer. `claims`: outputs of which the worker's word is taken.
    """

    site: SiteHost | None = None
    site_id: str = ""
    run_id: str = ""
    job_id: str = ""
    mode: str = ""
    started_at: datetime = LONG_AGO
    now: datetime | None = None
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    payload: Mapping[str, Any] = field(default_factory=dict[str, Any])
    most_items: int | None = None
    demo_site: bool = False
    claims: frozenset[str] = frozenset()
    skew: float = 0.0
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def facts(self, names: Collection[str]) -> dict[str, Any]:
        """What rules read as `asked`, of these names: numbers as doubles, texts in small letters."""
        known: dict[str, Any] = {"settings": self.settings, "mode": self.mode, **self.payload}
        if self.site:
            known["host"] = self.site.host
        if self.most_items is not None:
            known["most_items"] = self.most_items
        return {name: _fact(known[name]) for name in names if name in known}


def _fact(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        return " ".join(value.lower().split())
    if isinstance(value, dict):
        return {name: _fact(each) for name, each in cast("dict[str, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_fact(each) for each in cast("list[Any]", value)]
    return value


def clock_skew(date: str, now: datetime) -> float:
    """Seconds that a clock is ahead of ours, by the Date of its answer; 0 where it tells none."""
    if not date:
        return 0.0
    try:
        told = parsedate_to_datetime(date)
    except (ValueError, TypeError, IndexError):
        return 0.0
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    return (told - now).total_seconds()
