"""One request with a key to a Google API that tells how fast pages are."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import aiohttp

from hermes_fleet.http import LONGEST_MESSAGE, Exchange, Limits, Reply, json_object
from hermes_worker import WorkerError


async def request(
    api: str,
    method: str,
    url: str,
    key: str,
    *,
    query: Sequence[tuple[str, str]] = (),
    body: Mapping[str, Any] | None = None,
    seconds: float = 15.0,
) -> dict[str, Any] | None:
    """The JSON object of a 200; None for a 404. `api` is its name for people.

    WorkerError for every other answer; no message repeats the key.
    """
    async with aiohttp.ClientSession() as session:
        exchange = Exchange(session, api, Limits(seconds), hidden=[key])
        reply = await exchange.ask(method, url, params=[*query, ("key", key)], json=body)
    if reply.status == 404:
        return None
    if reply.status != 200:
        message = exchange.hide(_message(reply))
        reason, step = _meaning(reply.status, message)
        stated = f"{reply.status}: {message[:LONGEST_MESSAGE]}" if message else str(reply.status)
        raise WorkerError(reason, f"{api} answered {stated}. {step}".strip())
    if (document := json_object(reply.body)) is None:
        raise exchange.failure("not_json", "its response is not a JSON object")
    return document


def _message(reply: Reply) -> str:
    error = reply.fields.get("error")
    message = cast("dict[str, Any]", error).get("message") if isinstance(error, dict) else None
    return str(message or "").strip().rstrip(".")


def _meaning(status: int, message: str) -> tuple[str, str]:
    """(reason, next step) of a status other than 200 and 404."""
    low = message.lower()
    if status == 401 or "api key not valid" in low or "api key expired" in low:
        return "auth_401", "Store a valid key."
    if status == 403:
        return (
            "forbidden_403",
            "Enable this API for the key's project, and check the key's restrictions.",
        )
    if status == 429:
        return (
            "quota_exceeded" if "per day" in low else "rate_limited"
        ), "Wait, or raise the quota."
    if status >= 500:
        return "server_error_5xx", "Run it again later."
    return "worker_failed", ""
