"""What was asked of a worker, and how its answer came: what an answer is held against."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, cast
from uuid import UUID

from hermes.core.truth.hosts import SiteHost

MOST_SKEW = timedelta(days=1)
"""A clock that is further off is none: a recorded answer has the Date of its recording."""
LONG_AGO = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: of which site, in which run, when, with which payload.

    `payload` is the catalog's with what was asked of this run alone. `status` and `headers` are of
    the answer. `claims`: outputs of which the worker's word is taken. `real`: hosts that are no
    example here, those of the site and of what it names in its settings.
    """

    site: SiteHost | None = None
    site_id: UUID | None = None
    run_id: UUID | None = None
    job_id: str = ""
    mode: str = ""
    started_at: datetime = LONG_AGO
    now: datetime | None = None
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    payload: Mapping[str, Any] = field(default_factory=dict[str, Any])
    most_items: int | None = None
    demo_site: bool = False
    claims: frozenset[str] = frozenset()
    real: tuple[str, ...] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def skew(self) -> timedelta:
        """How far the worker's clock is ahead of ours, by the Date of its answer; none where it tells none."""
        date = self.headers.get("date", "")
        skew = timedelta(seconds=clock_skew(date, self.now)) if self.now else timedelta(0)
        return skew if abs(skew) <= MOST_SKEW else timedelta(0)

    def facts(self, names: Collection[str]) -> dict[str, Any]:
        """What rules read as `asked`, of these names (`mode`, `settings.keywords`): numbers as doubles, texts
        in small letters."""
        facts: dict[str, Any] = {}
        for name in names:
            first, _, inner = name.partition(".")
            value = self._told(first)
            if not inner or not isinstance(value, Mapping):
                if value is not None:
                    facts[first] = _fact(value)
            elif isinstance(facts.setdefault(first, {}), dict) and inner in value:
                facts[first][inner] = _fact(cast("Mapping[str, Any]", value)[inner])
        return facts

    def _told(self, name: str) -> Any:
        match name:
            case "host":
                return self.site.host if self.site else None
            case "most_items" if self.most_items is not None:
                return self.most_items
            case _ if name in self.payload:
                return self.payload[name]
            case "settings" | "mode":
                return getattr(self, name)
            case _:
                return None


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
