"""An answer held against its request: the site, run, mode, period and times that it tells of itself.

What it does not tell is not held against it. HTTP tells things too: how old an answer is, and whether it
is the whole of it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, cast
from uuid import UUID

from hermes.core.contracts.reading import squashed
from hermes.core.truth.asked import Asked
from hermes.core.truth.hosts import site_of
from hermes_base.reasons import Reason

Fields = Mapping[str, Any]

SITE = frozenset(map(squashed, (
    "site", "site_url", "domain", "base_url", "website", "website_url", "target", "target_url", "target_site", "final_url", "finalDisplayedUrl", "requested_url",
    "measured_url", "tested_url", "audited_url", "crawled_url", "analyzed_url", "analysed_url", "start_url", "root_url", "origin_url", "page_url", "site_name",
)))  # fmt: skip
SITE_ID = frozenset(["siteid"])
RUN_ID = frozenset(["runid", "hermesrunid", "requestrunid"])
MODE = frozenset(["mode", "runmode", "runtype"])
MODES = frozenset(["smoke", "full", "connection"])
DRY = frozenset(["dryrun", "isdryrun", "simulate", "noop"])
CACHED = frozenset(
    [
        "cached",
        "iscached",
        "fromcache",
        "cachehit",
        "servedfromcache",
        "stale",
        "isstale",
        "expired",
        "outdated",
    ]
)
UNFINISHED = frozenset(
    ["isrunning", "ispartial", "stillrunning", "inprogress", "ispending", "isqueued"]
)
FINISHED = frozenset(["done", "isdone", "finished", "isfinished", "iscompleted"])
CACHE = frozenset(["cache", "xcache", "cachestatus"])
HITS = frozenset(["hit", "stale", "expired"])
TIMES = frozenset(map(squashed, (
    "finished_at", "completed_at", "ended_at", "generated_at", "measured_at", "fetched_at", "captured_at", "collected_at", "crawled_at", "scanned_at", "checked_at",
    "analyzed_at", "analysed_at", "cached_at", "timestamp", "finishTime", "endTime", "completedAt", "fetchTime", "analysisUTCTimestamp",
    "retrieved_at", "measured_on", "snapshot_at", "observed_at", "computed_at", "run_at", "tested_at", "audited_at", "started_at", "startTime",
)))  # fmt: skip
PERIOD = frozenset(["period", "daterange", "range", "window", "dates", "timeframe"])
STARTS = frozenset(
    ["start", "startdate", "from", "since", "firstday", "begin", "datefrom", "periodstart"]
)
ENDS = frozenset(["end", "enddate", "to", "until", "lastday", "through", "dateto", "periodend"])
OLD = timedelta(hours=1)
AHEAD = timedelta(minutes=10)
LATE_DAYS, EARLY_DAYS = 7, 2
"""A period may end so many days before the one that was asked for, and so many after today."""
STALE_WARNINGS = ("110", "111", "112", "113")
OLDEST_SECONDS = 300
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class Echo(NamedTuple):
    """What an answer says that does not fit its request. `outputs`: the slugs it concerns, () for all."""

    reason: Reason
    rule: str
    says: str
    shows: Any
    outputs: tuple[str, ...] = ()


def echo_of(places: Iterable[Fields], asked: Asked) -> Echo | None:
    """The first thing in an answer, or about it in HTTP, that does not fit what was asked."""
    if asked.now is None:
        return None
    if transport := _transport(asked):
        return transport
    for place in places:
        for name, value in place.items():
            short = squashed(name)
            if (
                value is not None
                and short in NAMES
                and (found := _unfit(short, name, value, asked))
            ):
                return found
    return None


def _unfit(short: str, name: str, value: Any, asked: Asked) -> Echo | None:
    if short in TIMES:
        return _time(name, value, asked)
    if isinstance(value, bool | str) and short in FLAGS:
        return _flag(short, name, value, asked)
    if short in PERIOD and isinstance(value, dict):
        return _period(cast("Fields", value), asked)
    if not isinstance(value, str):
        return None
    if short in SITE and asked.site is not None and asked.site.owns(value) is False:
        return Echo(
            Reason.NOT_THIS_SITE, "site", "The response is about another site.", {name: value}
        )
    if short in SITE_ID | RUN_ID:
        return _identity(short, name, value, asked)
    return None


FLAGS = CACHED | CACHE | DRY | MODE | UNFINISHED | FINISHED
NAMES = SITE | SITE_ID | RUN_ID | FLAGS | TIMES | PERIOD


def _identity(short: str, name: str, value: str, asked: Asked) -> Echo | None:
    """Ids of ours alone: a worker's own may be of any other form."""
    if not _is_uuid(value):
        return None
    if short in SITE_ID and asked.site_id and value.lower() != asked.site_id.lower():
        return Echo(
            Reason.NOT_THIS_SITE,
            "site_id",
            "The response carries the id of another site.",
            {name: value},
        )
    ours = {asked.run_id.lower(), asked.job_id.lower()}
    if short in RUN_ID and asked.run_id and value.lower() not in ours:
        return Echo(
            Reason.NOT_THIS_RUN,
            "run_id",
            "The response carries the id of another run.",
            {name: value},
        )
    return None


def _is_uuid(text: str) -> bool:
    if len(text) != 36:
        return False
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _flag(short: str, name: str, value: bool | str, asked: Asked) -> Echo | None:
    told = value.strip().lower() if isinstance(value, str) else value
    if short in UNFINISHED | FINISHED:
        unfinished = told in (True, "true") if short in UNFINISHED else told in (False, "false")
        says = "The response says that the job is not finished."
        return Echo(Reason.CONTRADICTED, "finished", says, {name: value}) if unfinished else None
    if short in MODE:
        if told in MODES and asked.mode and told != asked.mode:
            return Echo(
                Reason.NOT_THIS_RUN,
                "mode",
                f"The response is of a {told} run, asked was a {asked.mode} run.",
                {name: value},
            )
        return None
    if short in CACHE:
        hit = isinstance(told, str) and (
            told.split(" ")[0].rstrip(",;") in HITS or told.endswith(" hit")
        )
        return (
            Echo(
                Reason.STALE_ANSWER,
                "cached",
                "The response says that it comes from a cache.",
                {name: value},
            )
            if hit
            else None
        )
    if told not in (True, "true", "yes"):
        return None
    if short in DRY:
        wanted = asked.payload.get("dry_run") is True
        says = "The response says that nothing was done (a dry run)."
        return None if wanted else Echo(Reason.NOT_THIS_RUN, "dry_run", says, {name: value})
    return Echo(
        Reason.STALE_ANSWER,
        "cached",
        "The response says that it comes from a cache.",
        {name: value},
    )


PROPERTY = frozenset(
    map(
        squashed,
        (
            "property",
            "property_id",
            "property_name",
            "gsc_property",
            "gsc_site",
            "search_console_property",
            "ga4_property",
            "ga4_property_id",
            "analytics_property",
        ),
    )
)
DIGITS = re.compile(r"(?:properties/)?(\d+)")


def property_echo(places: Iterable[Fields], slugs: Sequence[str], asked: Asked) -> Echo | None:
    """Figures of another property of Search Console or Google Analytics: those of that source do not count."""
    gsc, ga4 = asked.settings.get("gsc_site"), asked.settings.get("ga4_property")
    if not (gsc or ga4) or not any(slug.startswith(("gsc_", "ga4_")) for slug in slugs):
        return None
    for place in places:
        for name, value in sorted(place.items()):
            if squashed(name) in PROPERTY and isinstance(value, str | int):
                source = _other_property(str(value), str(gsc or ""), str(ga4 or ""))
                if source:
                    says = "The figures are of another property than the site's."
                    concerned = tuple(slug for slug in slugs if slug.startswith(source))
                    return Echo(Reason.NOT_THIS_SITE, "property", says, {name: value}, concerned)
    return None


def _other_property(told: str, gsc: str, ga4: str) -> str:
    """The prefix of the outputs that a property's name refutes; "" where it fits or is not known."""
    if number := DIGITS.fullmatch(told.strip()):
        ours = DIGITS.fullmatch(ga4.strip())
        return "ga4_" if ours and ours[1] != number[1] else ""
    site = site_of(gsc)
    return "gsc_" if site is not None and site.owns(told) is False else ""


# ---- times


def _time(name: str, value: Any, asked: Asked) -> Echo | None:
    told = moment_of(value)
    if told is None or asked.now is None:
        return None
    whole_day = isinstance(value, str) and bool(DATE.fullmatch(value.strip()))
    at = told - timedelta(seconds=asked.skew)
    slack = timedelta(days=1) if whole_day else timedelta(0)
    if at + slack < asked.started_at - OLD:
        return Echo(
            Reason.STALE_ANSWER,
            "times",
            "The response is older than the run that requested it.",
            {name: value},
        )
    if at > asked.now + AHEAD + slack:
        return Echo(
            Reason.IMPLAUSIBLE, "times", "The response is dated in the future.", {name: value}
        )
    return None


def moment_of(value: Any) -> datetime | None:
    """A moment in ISO 8601, or in seconds or milliseconds since 1970; None where it is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if value > 1e11 else value
        return datetime.fromtimestamp(seconds, UTC) if 1e9 < seconds < 1e10 else None
    if not isinstance(value, str) or not 8 <= len(value.strip()) <= 40:
        return None
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _period(period: Fields, asked: Asked) -> Echo | None:
    start, end = _day(period, STARTS), _day(period, ENDS)
    if asked.now is None or (start is None and end is None):
        return None
    last = end or start
    if last and last > asked.now + timedelta(days=EARLY_DAYS):
        return Echo(Reason.IMPLAUSIBLE, "period", "The period is in the future.", dict(period))
    days, back = asked.payload.get("days"), asked.payload.get("end_days_ago", 0)
    if not isinstance(days, int | float) or not isinstance(back, int | float) or last is None:
        return None
    first_asked = asked.now - timedelta(days=days + back + LATE_DAYS)
    if last < first_asked:
        return Echo(
            Reason.STALE_ANSWER,
            "period",
            "The period is not the requested one.",
            dict(period),
        )
    return None


def _day(period: Fields, names: frozenset[str]) -> datetime | None:
    return next(
        (moment_of(value) for name, value in period.items() if squashed(name) in names), None
    )


def stale_row(form: Any, name: str, hours: float, asked: Asked) -> tuple[Reason, Any] | None:
    """A row that was measured long before the run, or will be: (reason, what it says)."""
    if asked.now is None:
        return None
    rows: Sequence[Any] = cast("list[Any]", form) if isinstance(form, list) else [form]
    for row in rows:
        value = cast("Fields", row).get(name) if isinstance(row, dict) else None
        told = moment_of(value)
        if told is None:
            continue
        at = told - timedelta(seconds=asked.skew)
        if at < asked.started_at - timedelta(hours=hours):
            return Reason.STALE_ANSWER, {name: value}
        if at > asked.now + timedelta(days=1):
            return Reason.IMPLAUSIBLE, {name: value}
    return None


# ---- HTTP


def _transport(asked: Asked) -> Echo | None:
    headers = asked.headers
    if asked.status == 206 or headers.get("content-range"):
        shows = headers.get("content-range") or 206
        return Echo(
            Reason.CONTRADICTED,
            "whole",
            "HTTP says that this is only a part of the response.",
            shows,
        )
    if asked.status == 203:
        return Echo(
            Reason.CONTRADICTED,
            "unchanged",
            "HTTP says that the response was changed in transit.",
            203,
        )
    warning = headers.get("warning", "")
    if warning.startswith(STALE_WARNINGS):
        return Echo(
            Reason.STALE_ANSWER,
            "age",
            "HTTP warns that the response is stale.",
            {"Warning": warning},
        )
    if warning.startswith("214"):
        return Echo(
            Reason.CONTRADICTED,
            "unchanged",
            "HTTP says that the response was changed in transit.",
            {"Warning": warning},
        )
    age = headers.get("age", "").strip()
    if age.isdigit() and asked.now is not None:
        since = (asked.now - asked.started_at).total_seconds()
        if int(age) > since + OLDEST_SECONDS:
            return Echo(
                Reason.STALE_ANSWER,
                "age",
                f"A cache kept this response for {int(age)} s, longer than the run lasts.",
                {"Age": age},
            )
    return None
