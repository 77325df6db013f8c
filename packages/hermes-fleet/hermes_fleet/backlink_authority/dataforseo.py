"""DataForSEO's backlink reports. HTTP 200 is no success: two status codes inside say how it went."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from hermes_fleet.http import Reply, Spent
from hermes_fleet.providers import Credential
from hermes_fleet.searching.dataforseo import BASE, HTTP, NO_RESULTS, OK, SECRET, reason_of
from hermes_fleet.searching.exchange import SearchExchange, objects, text
from hermes_worker.result import Provenance

__all__ = ["SECRET", "Backlinks", "opened"]

REFUSED = {**HTTP, 403: ("forbidden_403", "this login may not use the Backlinks API")}


class Backlinks:
    """Reports on one account; every answer tells what it cost."""

    def __init__(self, session: aiohttp.ClientSession, credential: Credential) -> None:
        login, password = credential.require("login"), credential.require("password")
        self.provenance: Provenance = credential.provenance
        self.spent = Spent()
        self._url = (credential.base_url or BASE).removesuffix("/v3") + "/v3/backlinks"
        self._headers = {"Authorization": aiohttp.encode_basic_auth(login, password)}
        hidden = (password, self._headers["Authorization"])
        self._exchange = SearchExchange(session, "DataForSEO", self.spent, *hidden)

    async def report(self, name: str, **task: Any) -> dict[str, Any] | None:
        """The one result of `backlinks/<name>/live`; None where the provider knows nothing of the
        target. WorkerError says why there is no answer."""
        url = f"{self._url}/{name}/live"
        reply = await self._exchange.search("POST", url, json=[task], headers=self._headers)
        self.spent.pay(reply.fields.get("cost"))
        results = objects(self._task(reply).get("result"))
        return results[0] if results else None

    def _task(self, reply: Reply) -> dict[str, Any]:
        """The one task of an answer that went well at both levels."""
        if reply.status != 200:
            code, message = REFUSED.get(reply.status, ("worker_failed", "it refused the request"))
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
        if code not in (OK, NO_RESULTS):
            message = text(level.get("status_message")) or "without a message"
            raise self._exchange.failure(reason_of(code), f"code {code}, {message}")


@asynccontextmanager
async def opened(credential: Credential) -> AsyncGenerator[Backlinks]:
    """The reports behind a credential. WorkerError `missing_config` names a field that it lacks."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield Backlinks(session, credential)
