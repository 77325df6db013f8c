"""An answer held against its request: the site, run, mode, period and times that it tells of itself.

What it does not tell is not held against it. `moments` reads times and periods, `transport` what HTTP says.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from hermes.core.contracts.reading import squashed
from hermes.core.truth.asked import Asked
from hermes.core.truth.ends import Echo
from hermes.core.truth.hosts import site_of
from hermes.core.truth.moments import DAYS_BEHIND, period_echo, time_echo
from hermes.core.truth.transport import transport_echo
from hermes_base.reasons import Reason

Fields = Mapping[str, Any]

SITE = frozenset(map(squashed, (
    "site", "site_url", "domain", "base_url", "website", "website_url", "target", "target_url", "target_site", "final_url", "finalDisplayedUrl", "requested_url",
    "measured_url", "tested_url", "audited_url", "crawled_url", "analyzed_url", "analysed_url", "start_url", "root_url", "origin_url", "page_url", "site_name",
    "audit_url", "scanned_url", "scanned_site", "checked_url", "inspected_url", "loaded_url", "seed_url", "entry_url", "homepage", "homepage_url", "site_domain",
    "domain_name", "root_domain", "target_domain", "target_host", "tested_site", "audited_site",
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
    [
        "isrunning",
        "ispartial",
        "stillrunning",
        "inprogress",
        "ispending",
        "isqueued",
        "interim",
        "isinterim",
        "isincomplete",
    ]
)
FINISHED = frozenset(
    ["done", "isdone", "finished", "isfinished", "iscompleted", "final", "isfinal"]
)
SITES = frozenset(["site", "website", "target", "property"])
"""Objects that describe the site; `ADDRESSES` are their fields."""
ADDRESSES = frozenset(
    ["url", "address", "host", "hostname", "domain", "baseurl", "homepage", "href"]
)
REQUESTS = (
    "request", "requested", "input", "inputs", "params", "parameters", "query", "asked", "job", "task", "context",
)  # fmt: skip
"""Objects in which an answer may send its request back."""
CACHE = frozenset(["cache", "xcache", "cachestatus"])
HITS = frozenset(["hit", "stale", "expired"])
TIMES = frozenset(map(squashed, (
    "finished_at", "completed_at", "ended_at", "generated_at", "measured_at", "fetched_at", "captured_at", "collected_at", "crawled_at", "scanned_at", "checked_at",
    "analyzed_at", "analysed_at", "cached_at", "timestamp", "finishTime", "endTime", "completedAt", "fetchTime", "analysisUTCTimestamp",
    "retrieved_at", "measured_on", "snapshot_at", "observed_at", "computed_at", "run_at", "tested_at", "audited_at", "started_at", "startTime",
)))  # fmt: skip
AS_OF = frozenset(map(squashed, (
    "as_of", "data_as_of", "data_date", "report_date", "last_updated", "updated_at", "data_from", "snapshot_date", "last_crawled", "last_crawled_at",
)))  # fmt: skip
"""Of which day the data is: providers are some days behind."""
PERIOD = frozenset(["period", "daterange", "range", "window", "dates", "timeframe"])


def echo_of(places: Iterable[Fields], asked: Asked) -> Echo | None:
    """The first thing in an answer, or about it in HTTP, that does not fit what was asked."""
    if asked.now is None:
        return None
    if transport := transport_echo(asked):
        return transport
    for place in places:
        names = tuple(place)
        for short, name in _known(names) if len(names) <= FEW else _telling(names):
            value = place[name]
            if value is not None and (found := _unfit(short, name, value, asked)):
                return found
    return None


FEW = 60
"""Answers of the same few names come again and again; what has more is not worth being remembered."""


@lru_cache(maxsize=2048)
def _known(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return _telling(names)


def _telling(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Those of the names of an object that may tell of the request: (squashed, as it is written)."""
    return tuple((short, name) for name in names if (short := squashed(name)) in NAMES)


def _unfit(short: str, name: str, value: Any, asked: Asked) -> Echo | None:
    if short in TIMES:
        return time_echo(name, value, asked)
    if short in AS_OF:
        return time_echo(name, value, asked, old=DAYS_BEHIND)
    if isinstance(value, dict):
        return _unfit_object(short, name, cast("Fields", value), asked)
    if isinstance(value, bool | str) and short in FLAGS:
        return _flag(short, name, value, asked)
    if not isinstance(value, str):
        return None
    if short in SITE and asked.site is not None and asked.site.owns(value) is False:
        return _other_site(name, value)
    if short in SITE_ID | RUN_ID:
        return _identity(short, name, value, asked)
    return None


def _unfit_object(short: str, name: str, fields: Fields, asked: Asked) -> Echo | None:
    if short in PERIOD:
        return period_echo(fields, asked)
    if short in CACHE and fields.get("hit") is True:
        return _from_cache(f"{name}.hit", value=True)
    if short in SITES and asked.site is not None:
        for inner, told in fields.items():
            known = squashed(inner) in ADDRESSES and isinstance(told, str)
            if known and asked.site.owns(told) is False:
                return _other_site(f"{name}.{inner}", told)
    return None


def _other_site(name: str, address: str) -> Echo:
    says = "The response is about another site."
    return Echo(Reason.NOT_THIS_SITE, "site", says, {name: address})


def sent_back(places: Iterable[Fields]) -> list[Fields]:
    """The objects in which these places send the request back."""
    return [
        cast("Fields", inner)
        for place in places
        for name in REQUESTS
        if isinstance(inner := place.get(name), dict)
    ]


FLAGS = CACHED | CACHE | DRY | MODE | UNFINISHED | FINISHED
NAMES = SITE | SITES | SITE_ID | RUN_ID | FLAGS | TIMES | AS_OF | PERIOD


def _identity(short: str, name: str, value: str, asked: Asked) -> Echo | None:
    """Ids of ours alone: a worker's own may be of any other form."""
    told = _uuid(value)
    if told is None:
        return None
    if short in SITE_ID and asked.site_id and told != asked.site_id:
        return Echo(
            Reason.NOT_THIS_SITE,
            "site_id",
            "The response carries the id of another site.",
            {name: value},
        )
    ours = (asked.run_id, _uuid(asked.job_id))
    if short in RUN_ID and asked.run_id and told not in ours:
        return Echo(
            Reason.NOT_THIS_RUN,
            "run_id",
            "The response carries the id of another run.",
            {name: value},
        )
    return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


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
        return _from_cache(name, value) if _is_hit(told) else None
    if told not in (True, "true", "yes"):
        return None
    if short in DRY:
        wanted = asked.payload.get("dry_run") is True
        says = "The response says that nothing was done (a dry run)."
        return None if wanted else Echo(Reason.NOT_THIS_RUN, "dry_run", says, {name: value})
    return _from_cache(name, value)


def _is_hit(told: bool | str) -> bool:
    if not isinstance(told, str):
        return False
    return told.split(" ")[0].rstrip(",;") in HITS or told.endswith(" hit")


def _from_cache(name: str, value: bool | str) -> Echo:
    says = "The response says that it comes from a cache."
    return Echo(Reason.STALE_ANSWER, "cached", says, {name: value})


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
        if PROPERTY.isdisjoint(map(squashed, place)):
            continue
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
