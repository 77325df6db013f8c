"""Which runs the Runs page shows: read from its address, and written back into its links."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import cast, get_args
from urllib.parse import urlencode
from uuid import UUID

from hermes.core.catalog import RUN_TYPES, Catalog
from hermes.core.runs.run_filter import EARLIEST_DAY, LATEST_DAY, RunFilter, Verdict

ANY_RUN = RunFilter()


@dataclass(frozen=True, slots=True)
class RunChoice:
    """What an address asks for: `?service=seo_kbase&type=smoke&verdict=failed&day=2026-11-24&before=...`.

    `before` is the last run of the page before; None on the first page.
    """

    wanted: RunFilter = ANY_RUN
    before: UUID | None = None

    @property
    def query(self) -> str:
        """As in an address, with its `?`; "" where nothing is chosen."""
        wanted = self.wanted
        one_day = wanted.since is not None and wanted.since == wanted.until
        values = {
            "service": wanted.service,
            "type": wanted.run_type,
            "verdict": wanted.verdict,
            "day": wanted.since if one_day else None,
            "from": None if one_day else wanted.since,
            "to": None if one_day else wanted.until,
            "before": self.before,
        }
        text = urlencode({name: value for name, value in values.items() if value})
        return f"?{text}" if text else ""

    def with_verdict(self, verdict: Verdict | None) -> str:
        """The link to the same runs of another verdict, from the newest on."""
        return RunChoice(replace(self.wanted, verdict=verdict)).query or "?"

    def on_day(self, day: date | None) -> str:
        """The link to the runs of one day, or of all days."""
        return RunChoice(replace(self.wanted, since=day, until=day)).query or "?"

    def older_than(self, run: UUID) -> str:
        """The link to the next page."""
        return replace(self, before=run).query

    @property
    def newest(self) -> str:
        """The link to the first page."""
        return replace(self, before=None).query or "?"


def choice_of(query: Mapping[str, str], catalog: Catalog) -> RunChoice:
    """From an address; what does not exist counts as not chosen."""
    service = catalog.find(query.get("service", ""))
    run_type, verdict = query.get("type"), query.get("verdict")
    day = _day(query.get("day", ""))
    wanted = RunFilter(
        service.slug if service else None,
        run_type if run_type in RUN_TYPES else None,
        cast("Verdict", verdict) if verdict in get_args(Verdict) else None,
        day or _day(query.get("from", "")),
        day or _day(query.get("to", "")),
    )
    return RunChoice(wanted, _id(query.get("before", "")))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST_DAY <= day <= LATEST_DAY else None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
