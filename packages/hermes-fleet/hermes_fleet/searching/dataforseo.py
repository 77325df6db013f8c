"""DataForSEO: Google's organic results, live. HTTP 200 is no success: two status codes inside say how it went."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import aiohttp

from hermes_fleet.http import Reply, Spent
from hermes_fleet.providers import Credential
from hermes_fleet.searching.engine import Manners
from hermes_fleet.searching.exchange import SearchExchange, objects, text, whole
from hermes_fleet.searching.results import Hit, Locale, ResultPage
from hermes_worker.result import Provenance

SECRET = "HERMES_PROVIDER_DATAFORSEO"  # noqa: S105 - the name of a secret
BASE = "https://api.dataforseo.com"
PATH = "/v3/serp/google/organic/live/advanced"
OK, NO_RESULTS = 20000, 40102
HTTP: Mapping[int, tuple[str, str]] = {
    401: ("auth_401", "it rejected the login; copy login and password from its API Access page"),
    402: ("quota_exceeded", "the balance is used up; top up the account"),
    403: ("forbidden_403", "this login may not use the SERP API"),
    404: ("wrong_endpoint_404", "there is no API at this address; correct base_url in the secret"),
    429: ("rate_limited", "it is limiting requests"),
}
CODES: Mapping[int, str] = {
    40100: "auth_401",
    40101: "server_error_5xx",  # the search engine failed; it may be billed all the same
    40103: "server_error_5xx",
    40104: "forbidden_403",
    40201: "forbidden_403",
    40202: "rate_limited",
    40204: "forbidden_403",
    40207: "forbidden_403",
    40209: "rate_limited",
}
RANGES = ((50000, "server_error_5xx"), (40500, "worker_failed"), (40400, "wrong_endpoint_404"),
          (40300, "worker_failed"), (40200, "quota_exceeded"), (40000, "worker_failed"))  # fmt: skip
"""Reasons of the codes that are not listed, by the least code of their group."""


class DataForSeo:
    """Google through DataForSEO; it tells what each search cost."""

    name = "Google (DataForSEO)"
    manners = Manners(at_once=5)
    homes = ()

    def __init__(self, session: aiohttp.ClientSession, credential: Credential) -> None:
        login, password = credential.require("login"), credential.require("password")
        self.provenance: Provenance = credential.provenance
        self.spent = Spent()
        self.scope: Mapping[str, Any] = {}
        self._url = (credential.base_url or BASE).removesuffix("/v3") + PATH
        self._auth = aiohttp.encode_basic_auth(login, password)
        self._exchange = SearchExchange(session, "DataForSEO", self.spent, password, self._auth)

    async def search(self, keyword: str, locale: Locale, depth: int) -> ResultPage:
        """The first `depth` organic results. SearchError says why there are none to judge."""
        task = {
            "keyword": keyword,
            "location_code": locale.location_code,
            "language_code": locale.language,
            "device": locale.device,
            "depth": depth,
        }
        reply = await self._exchange.search(
            "POST", self._url, json=[task], headers={"Authorization": self._auth}
        )
        self.spent.pay(reply.fields.get("cost"))
        hits = self._hits(self._task(reply), depth)
        return ResultPage(keyword, datetime.now(UTC), depth, hits, locale.location, locale.device)

    def _task(self, reply: Reply) -> dict[str, Any]:
        """The one task of an answer that went well at both levels."""
        if reply.status != 200:
            code, message = HTTP.get(reply.status, ("worker_failed", "it refused the request"))
            if reply.status >= 500:
                code, message = "server_error_5xx", "it reported an internal error"
            raise self._exchange.failure(code, f"status {reply.status}, {message}", reply)
        self._check(reply.fields)
        tasks = objects(reply.fields.get("tasks"))
        if not tasks:
            raise self._exchange.failure("malformed_reply", "its response contains no task")
        self._check(tasks[0])
        return tasks[0]

    def _check(self, level: Mapping[str, Any]) -> None:
        code = level.get("status_code")
        if code in (OK, NO_RESULTS):
            return
        message = f"code {code}, {text(level.get('status_message')) or 'without a message'}"
        raise self._exchange.failure(reason_of(code), message)

    def _hits(self, task: Mapping[str, Any], depth: int) -> tuple[Hit, ...]:
        if task.get("status_code") == NO_RESULTS:
            return ()
        results = objects(task.get("result"))
        if not results or "items" not in results[0]:
            raise self._exchange.failure(
                "malformed_reply", "its response says Ok but contains no result"
            )
        organic = [item for item in objects(results[0]["items"]) if item.get("type") == "organic"]
        found = (_hit(item, number) for number, item in enumerate(organic, 1))
        return tuple(hit for hit in found if hit and hit.rank_group <= depth)


def reason_of(code: object) -> str:
    """Hermes' reason for an internal status code other than Ok."""
    if not isinstance(code, int):
        return "malformed_reply"
    grouped = next((reason for least, reason in RANGES if code >= least), "malformed_reply")
    return CODES.get(code, grouped)


def _hit(item: Mapping[str, Any], number: int) -> Hit | None:
    if not (url := text(item.get("url"))):
        return None
    group = whole(item.get("rank_group")) or number
    return Hit(group, whole(item.get("rank_absolute")), url, text(item.get("title")))
