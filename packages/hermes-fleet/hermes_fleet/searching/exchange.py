"""Requests to a search provider, and safe access to the JSON that it answers with."""

from typing import Any, cast

import aiohttp

from hermes_fleet.http import Exchange, Limits, Reply, Spent, json_object
from hermes_fleet.searching.engine import SearchError

LIMITS = Limits(seconds=60.0, connect=10.0)


class SearchExchange(Exchange):
    """Requests to one provider; every failure is a SearchError."""

    def __init__(
        self, session: aiohttp.ClientSession, provider: str, spent: Spent, *hidden: str
    ) -> None:
        super().__init__(session, provider, LIMITS, hidden=hidden, redirect="redirect", spent=spent)

    async def search(self, method: str, url: str, **options: Any) -> Reply:
        """The answer, whatever its status. SearchError when a 200 holds no JSON object."""
        reply = await self.ask(method, url, **options)
        if reply.status == 200 and reply.is_html:
            raise self.failure("html_app_shell", "it returned an HTML page instead of results")
        if reply.status == 200 and json_object(reply.body) is None:
            raise self.failure("not_json", "its response is not a JSON object")
        return reply

    def failure(self, reason: str, words: str, reply: Reply | None = None) -> SearchError:
        """An error to raise, which keeps how long the provider asks to wait in `reply`."""
        after = reply.retry_after if reply else None
        return SearchError(reason, self.sentence(words), after)


def objects(value: object) -> list[dict[str, Any]]:
    """The objects of a list; nothing for anything else."""
    entries = cast("list[object]", value) if isinstance(value, list) else []
    return [cast("dict[str, Any]", each) for each in entries if isinstance(each, dict)]


def fields(value: object) -> dict[str, Any]:
    """An object; an empty one for anything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def text(value: object) -> str:
    """A text; an empty one for anything else."""
    return value if isinstance(value, str) else ""


def whole(value: object) -> int | None:
    """A whole number of at least 1; None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
