"""Search Console: properties, search analytics, URL inspection."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hermes_sandbox.providers.demand import Demand, Fact, figures
from hermes_sandbox.providers.google.dimensions import value_of
from hermes_sandbox.providers.google.filters import kept
from hermes_sandbox.providers.google.refusal import older_refusal, refusal, switched_off
from hermes_sandbox.providers.google.tokens import Tokens
from hermes_sandbox.providers.truth import FINAL_AFTER
from hermes_sandbox.providers.wire import Answer, Asked, Route

SERVICE = "searchconsole.googleapis.com"
SCOPES = ("webmasters", "webmasters.readonly")
ROWS, MOST_ROWS = 1000, 25_000
UNVERIFIED = "https://www.juniper-dental.example/"
HELP = "See also: https://support.google.com/webmasters/answer/2451999."


def _forbidden(site: str) -> Answer:
    message = f"User does not have sufficient permission for site '{site}'. {HELP}"
    return older_refusal(403, message, "forbidden")


ERRORS = {
    "forbidden": _forbidden(UNVERIFIED),
    "quota": older_refusal(
        403, "Search Analytics load quota exceeded.", "quotaExceeded", "usageLimits"
    ),
    "rate_limited": refusal(
        429,
        "Quota exceeded for quota metric 'Search Analytics queries' and limit 'Search Analytics "
        f"queries per minute' of service '{SERVICE}' for consumer 'project_number:123456789012'.",
        "RESOURCE_EXHAUSTED",
    ),
    "api_disabled": switched_off("Google Search Console API", SERVICE),
    "server_error": older_refusal(500, "Backend Error", "backendError"),
    "unavailable": refusal(503, "The service is currently unavailable.", "UNAVAILABLE"),
}


class SearchConsole:
    """Search traffic of the property that is the demo site's address."""

    name = "gsc"
    errors = ERRORS
    modes = frozenset({"empty"})

    def __init__(self, demand: Demand, tokens: Tokens, today: Callable[[], date]) -> None:
        self._demand, self._tokens, self._today = demand, tokens, today
        self.property = f"{demand.site}/"

    def routes(self) -> list[Route]:
        query = "/webmasters/v3/sites/{site}/searchAnalytics/query"
        return [
            ("GET", "/webmasters/v3/sites", self._sites),
            ("POST", query, self._query),
            ("POST", "/v1/urlInspection/index:inspect", self._inspect),
        ]

    def refuses(self, asked: Asked) -> Answer | None:
        return self._tokens.refusal(asked, SERVICE, *SCOPES)

    def _sites(self, asked: Asked) -> Answer:
        owned = {"siteUrl": self.property, "permissionLevel": "siteOwner"}
        other = {"siteUrl": UNVERIFIED, "permissionLevel": "siteUnverifiedUser"}
        return Answer(200, {} if asked.fault == "empty" else {"siteEntry": [owned, other]})

    def _query(self, asked: Asked) -> Answer:
        if asked.place["site"] != self.property:
            return _forbidden(asked.place["site"])
        query = asked.fields()
        try:
            rows = self._rows(query, asked.fault)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            return refusal(
                400, f"Request contains an invalid argument: {error}", "INVALID_ARGUMENT"
            )
        by_page = "page" in [str(each).lower() for each in query.get("dimensions", ())]
        kind = {"responseAggregationType": "byPage" if by_page else "byProperty"}
        return Answer(200, {**({"rows": rows} if rows else {}), **kind})

    def _rows(self, query: dict[str, Any], fault: str) -> list[dict[str, Any]]:
        start, end = (date.fromisoformat(query[name]) for name in ("startDate", "endDate"))
        limit, skipped = query.get("rowLimit", ROWS), query.get("startRow", 0)
        if end < start:
            raise ValueError("startDate is after endDate")
        if not 1 <= limit <= MOST_ROWS or skipped < 0:
            raise ValueError(f"rowLimit must be from 1 to {MOST_ROWS}, startRow at least 0")
        last = self._last_day(str(query.get("dataState", "final")))
        facts = [] if fault == "empty" else list(self._demand.facts(start, min(end, last)))
        facts = kept(facts, query.get("dimensionFilterGroups"))
        return grouped(facts, list(query.get("dimensions", ())))[skipped : skipped + limit]

    def _last_day(self, state: str) -> date:
        """Fresh figures reach to yesterday, final ones lag."""
        return self._today() - (timedelta(1) if state.lower() == "all" else FINAL_AFTER)

    def _inspect(self, asked: Asked) -> Answer:
        query = asked.fields()
        if query.get("siteUrl") != self.property:
            return _forbidden(str(query.get("siteUrl")))
        url = str(query.get("inspectionUrl"))
        known = {fact.page for fact in self._demand.facts_of(self._demand.anchor)}
        return Answer(200, {"inspectionResult": {"indexStatusResult": _index(url, url in known)}})


def grouped(facts: list[Fact], dimensions: list[str]) -> list[dict[str, Any]]:
    """Rows as Search Console orders them: by date where it is asked for, else by clicks."""
    groups = defaultdict[tuple[str, ...], list[Fact]](list)
    for fact in facts:
        values = [value_of(fact, name) for name in dimensions]
        key = tuple(value for value in values if value is not None)
        if len(key) == len(dimensions):  # rare searches are in no list of queries
            groups[key].append(fact)
    rows = [_row(key, group) for key, group in sorted(groups.items())]
    return rows if "date" in dimensions else sorted(rows, key=lambda row: -row["clicks"])


def _row(key: tuple[str, ...], facts: list[Fact]) -> dict[str, Any]:
    clicks, impressions, ctr, position = figures(facts)
    found = {"clicks": float(clicks), "impressions": float(impressions)}
    return {**({"keys": list(key)} if key else {}), **found, "ctr": ctr, "position": position}


def _index(url: str, known: bool) -> dict[str, Any]:
    if not known:
        return {"verdict": "NEUTRAL", "coverageState": "URL is unknown to Google"}
    return {
        "verdict": "PASS",
        "coverageState": "Submitted and indexed",
        "robotsTxtState": "ALLOWED",
        "indexingState": "INDEXING_ALLOWED",
        "pageFetchState": "SUCCESSFUL",
        "googleCanonical": url,
        "userCanonical": url,
        "crawledAs": "MOBILE",
    }
