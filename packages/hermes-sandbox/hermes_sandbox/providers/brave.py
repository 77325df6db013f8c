"""Brave Search: its own index, its own errors."""

from time import time
from typing import Any
from uuid import uuid4

from hermes_sandbox.providers.results import Engine, Result
from hermes_sandbox.providers.wire import Answer, Asked, Route

MOST, LAST_PAGE, MOST_LETTERS, MOST_WORDS = 20, 9, 400, 50


def _refusal(status: int, code: str, detail: str, meta: dict[str, Any], **headers: str) -> Answer:
    error = {"id": str(uuid4()), "status": status, "code": code, "detail": detail, "meta": meta}
    return Answer(status, {"type": "ErrorResponse", "error": error, "time": int(time())}, headers)


def _invalid(*place: str, message: str, given: str | None = None) -> Answer:
    error = {"type": "value_error", "loc": list(place), "msg": message, "input": given}
    detail = "Unable to validate request parameter(s)"
    return _refusal(422, "VALIDATION", detail, {"errors": [error]})


def _limited(detail: str, current: int) -> Answer:
    meta = {
        "plan": "Free",
        "rate_limit": 1,
        "rate_current": 1,
        "quota_limit": 2000,
        "quota_current": current,
        "component": "rate_limiter",
    }
    headers = {"X-RateLimit-Remaining": f"0, {2000 - current}", "X-RateLimit-Reset": "1, 86400"}
    return _refusal(429, "RATE_LIMITED", detail, meta, **headers)


ERRORS = {
    "rate_limited": _limited("Request rate limit exceeded for plan", 17),
    "quota": _limited("Request quota limit exceeded for plan", 2000),
    "server_error": _refusal(500, "INTERNAL", "Internal server error", {}),
}


class Brave:
    """`GET /res/v1/web/search`."""

    name = "brave"
    errors = ERRORS
    modes = frozenset({"empty"})

    def __init__(self, key: str, engine: Engine) -> None:
        self._key, self._engine = key, engine

    def routes(self) -> list[Route]:
        return [("GET", "/res/v1/web/search", self._search)]

    def refuses(self, asked: Asked) -> Answer | None:
        given = asked.headers.get("X-Subscription-Token")
        if given is None:
            return _invalid("header", "x-subscription-token", message="Field required")
        if given != self._key:
            detail = "The provided subscription token is invalid."
            return _refusal(
                422, "SUBSCRIPTION_TOKEN_INVALID", detail, {"component": "authentication"}
            )
        return None

    def _search(self, asked: Asked) -> Answer:
        query = asked.query.get("q", "")
        if not query or len(query) > MOST_LETTERS or len(query.split()) > MOST_WORDS:
            message = f"1 to {MOST_LETTERS} letters and {MOST_WORDS} words"
            return _invalid("query", "q", message=message, given=query)
        amounts = (("count", MOST, 1, MOST), ("offset", 0, 0, LAST_PAGE))
        found = dict[str, int]()
        for name, usual, least, most in amounts:
            given = asked.query.get(name, str(usual))
            if not given.isdigit() or not least <= int(given) <= most:
                return _invalid("query", name, message=f"{least} to {most}", given=given)
            found[name] = int(given)
        results = [] if asked.fault == "empty" else self._engine.search(query)
        skipped = found["count"] * found["offset"]
        return Answer(200, _told(query, results[skipped : skipped + found["count"]]))


def _told(query: str, shown: list[Result]) -> dict[str, Any]:
    """Without results there is no `web` part."""
    body: dict[str, Any] = {
        "type": "search",
        "query": {"original": query, "more_results_available": bool(shown)},
    }
    if not shown:
        return body
    order = [{"type": "web", "index": place, "all": False} for place in range(len(shown))]
    web = {"type": "search", "results": [_web(each) for each in shown], "family_friendly": True}
    return {**body, "web": web, "mixed": {"type": "mixed", "main": order}}


def _web(result: Result) -> dict[str, Any]:
    return {
        "type": "search_result",
        "title": result.title,
        "url": result.url,
        "description": result.snippet,
        "language": "en",
        "family_friendly": True,
        "profile": {"name": result.domain, "long_name": result.domain, "url": result.url},
        "meta_url": {"scheme": "https", "netloc": result.domain, "hostname": result.domain},
    }
