"""SerpApi: Google's organic results. An empty result is a 200 with the status Success and an error text."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import aiohttp

from hermes_fleet.http import Reply, Spent
from hermes_fleet.providers import Credential
from hermes_fleet.searching.engine import Manners
from hermes_fleet.searching.exchange import SearchExchange, fields, objects, text
from hermes_fleet.searching.results import Hit, Locale, ResultPage
from hermes_worker.result import Provenance

SECRET = "HERMES_PROVIDER_SERPAPI"  # noqa: S105 - the name of a secret
BASE = "https://serpapi.com"
A_PAGE = 10  # results of one request
HTTP: Mapping[int, tuple[str, str]] = {
    401: ("auth_401", "it rejected the key; copy it from serpapi.com/manage-api-key"),
    403: ("forbidden_403", "the account of this key may not search"),
    404: ("wrong_endpoint_404", "there is no API at this address; correct base_url in the secret"),
    429: ("rate_limited", "the hourly throughput of the account is reached"),
}
WORDS = (
    ("run out of searches", "quota_exceeded"),
    ("invalid api key", "auth_401"),
    ("throughput", "rate_limited"),
)
"""What error texts say, whatever the status."""
NOTHING_FOUND = ("returned any results", "no results")


class SerpApi:
    """Google through SerpApi. Its answers name no price, so none is reported."""

    name = "Google (SerpApi)"
    manners = Manners(at_once=2)
    homes = ()

    def __init__(self, session: aiohttp.ClientSession, credential: Credential) -> None:
        self._key = credential.require("key", "api_key")
        self.provenance: Provenance = credential.provenance
        self.spent = Spent()
        self.scope: Mapping[str, Any] = {}
        self._url = (credential.base_url or BASE) + "/search.json"
        self._exchange = SearchExchange(session, "SerpApi", self.spent, self._key)

    async def search(self, keyword: str, locale: Locale, depth: int) -> ResultPage:
        """The first `depth` organic results, ten a request. SearchError says why there are none."""
        hits = list[Hit]()
        for start in range(0, depth, A_PAGE):
            found = await self._page(keyword, locale, start)
            hits += [
                Hit(n, None, url, title) for n, (url, title) in enumerate(found, len(hits) + 1)
            ]
            if not found:
                break
        at = datetime.now(UTC)
        return ResultPage(keyword, at, depth, tuple(hits[:depth]), locale.location, locale.device)

    async def _page(self, keyword: str, locale: Locale, start: int) -> list[tuple[str, str]]:
        asked = {
            "engine": "google",
            "q": keyword,
            "location": locale.location,
            "hl": locale.language,
            "gl": locale.country,
            "device": locale.device,
            "num": str(A_PAGE),
            "api_key": self._key,
        } | ({"start": str(start)} if start else {})
        reply = await self._exchange.search("GET", self._url, params=asked)
        if not self._has_results(reply):
            return []
        rows = objects(reply.fields.get("organic_results"))
        return [(text(row.get("link")), text(row.get("title"))) for row in rows if row.get("link")]

    def _has_results(self, reply: Reply) -> bool:
        """Whether there are organic results; False for an honest nothing, SearchError for a failure."""
        error = text(reply.fields.get("error"))
        status = text(fields(reply.fields.get("search_metadata")).get("status"))
        if reply.status != 200:
            raise self._refusal(reply, error)
        if status not in ("Success", ""):
            code = "server_error_5xx" if status == "Error" else "worker_failed"
            raise self._exchange.failure(code, f"the search ended as {status!r}: {error}")
        if error and any(words in error for words in NOTHING_FOUND):
            return False
        if error:
            raise self._exchange.failure(reason_of(error) or "worker_failed", error)
        if "organic_results" in reply.fields or _is_empty(reply):
            return True
        raise self._exchange.failure(
            "malformed_reply", "its response says Success but contains no results"
        )

    def _refusal(self, reply: Reply, error: str) -> Exception:
        code, message = HTTP.get(reply.status, ("worker_failed", "it refused the request"))
        if reply.status >= 500:
            code, message = "server_error_5xx", "it reported an internal error"
        words = f"status {reply.status}, {message}" + (f": {error}" if error else "")
        return self._exchange.failure(reason_of(error) or code, words, reply)


def reason_of(error: str) -> str:
    """The reason that an error text names; empty when none is known."""
    return next((reason for words, reason in WORDS if words in error.lower()), "")


def _is_empty(reply: Reply) -> bool:
    state = fields(reply.fields.get("search_information")).get("organic_results_state")
    return "empty" in text(state).lower()
