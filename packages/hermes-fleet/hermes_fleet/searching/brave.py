"""Brave Search: its own index, not Google's. A wrong key is a 422, told apart by the code inside."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import aiohttp

from hermes_fleet.http import Reply, Spent
from hermes_fleet.providers import Credential
from hermes_fleet.searching.engine import Manners, SearchError
from hermes_fleet.searching.exchange import SearchExchange, fields, objects, text, whole
from hermes_fleet.searching.results import Hit, Locale, ResultPage
from hermes_worker.result import Provenance

SECRET = "HERMES_PROVIDER_BRAVE"  # noqa: S105 - the name of a secret
BASE = "https://api.search.brave.com"
PATH = "/res/v1/web/search"
A_PAGE, MOST_PAGES = 20, 10  # results of one request; requests for one keyword
MOST_CHARACTERS, MOST_WORDS = 400, 50
HTTP: Mapping[int, tuple[str, str]] = {
    401: ("auth_401", "it rejected the key"),
    402: ("quota_exceeded", "the credit of the plan is used up"),
    403: ("forbidden_403", "the plan of this key does not include web search"),
    404: ("wrong_endpoint_404", "there is no API at this address; correct base_url in the secret"),
    422: ("worker_failed", "it refused a parameter"),
    429: ("rate_limited", "it is limiting requests"),
}
KEY_AT_FAULT = "subscription_token"


class Brave:
    """Brave's index. It knows a country, no device, and its answers name no price."""

    name = "Brave (its own index, not Google)"
    manners = Manners(apart=1.1)  # plans start at one request a second
    homes = ()

    def __init__(self, session: aiohttp.ClientSession, credential: Credential) -> None:
        key = credential.require("key", "api_key", "token")
        self.provenance: Provenance = credential.provenance
        self.spent = Spent()
        self.scope: Mapping[str, Any] = {}
        self._url = (credential.base_url or BASE).removesuffix("/res/v1") + PATH
        self._headers = {"X-Subscription-Token": key, "Accept": "application/json"}
        self._exchange = SearchExchange(session, "Brave Search", self.spent, key)

    async def search(self, keyword: str, locale: Locale, depth: int) -> ResultPage:
        """The first `depth` web results, twenty a request. SearchError says why there are none."""
        self._check(keyword)
        hits = list[Hit]()
        for page in range(min(MOST_PAGES, -(-depth // A_PAGE))):
            found = await self._page(keyword, locale, page, min(depth, A_PAGE))
            hits += [
                Hit(n, None, url, title) for n, (url, title) in enumerate(found, len(hits) + 1)
            ]
            if len(found) < A_PAGE:
                break
        at = datetime.now(UTC)
        return ResultPage(keyword, at, depth, tuple(hits[:depth]), locale.country.upper())

    def _check(self, keyword: str) -> None:
        if len(keyword) > MOST_CHARACTERS or len(keyword.split()) > MOST_WORDS:
            message = (
                f"it takes {MOST_CHARACTERS} characters and {MOST_WORDS} words; shorten the keyword"
            )
            raise self._exchange.failure("worker_failed", message)

    async def _page(
        self, keyword: str, locale: Locale, page: int, count: int
    ) -> list[tuple[str, str]]:
        asked = {
            "q": keyword,
            "count": str(count),
            "offset": str(page),
            "country": locale.country.upper(),
            "search_lang": locale.language,
            "result_filter": "web",
        }
        reply = await self._exchange.search("GET", self._url, params=asked, headers=self._headers)
        if reply.status != 200:
            raise self._refusal(reply)
        if reply.fields.get("type") != "search":
            raise self._exchange.failure("malformed_reply", "its response is not a search result")
        rows = objects(fields(reply.fields.get("web")).get("results"))
        return [(text(row.get("url")), text(row.get("title"))) for row in rows if row.get("url")]

    def _refusal(self, reply: Reply) -> SearchError:
        error = fields(reply.fields.get("error"))
        code, message = HTTP.get(reply.status, ("worker_failed", "it refused the request"))
        if reply.status >= 500:
            code, message = "server_error_5xx", "it reported an internal error"
        if reply.status == 422 and _blames_the_key(error):
            code, message = "auth_401", "it rejected the key; copy it from the dashboard of its API"
        if reply.status == 429 and _quota_is_used_up(error):
            code, message = "quota_exceeded", "the month's quota of the plan is used up"
        detail = text(error.get("detail"))
        words = f"status {reply.status}, {message}" + (f": {detail}" if detail else "")
        return self._exchange.failure(code, words, reply)


def _blames_the_key(error: Mapping[str, Any]) -> bool:
    """A wrong key has a code of its own; a missing one is a validation error at its header."""
    faults = objects(fields(error.get("meta")).get("errors"))
    blamed = [text(error.get("code")), *(str(fault.get("loc")) for fault in faults)]
    return any(KEY_AT_FAULT in each.lower().replace("-", "_") for each in blamed)


def _quota_is_used_up(error: Mapping[str, Any]) -> bool:
    meta = fields(error.get("meta"))
    limit, current = whole(meta.get("quota_limit")), whole(meta.get("quota_current"))
    used_up = limit is not None and current is not None and current >= limit
    return used_up or "quota" in text(error.get("code")).lower()
