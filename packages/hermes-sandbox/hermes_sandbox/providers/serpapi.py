"""SerpApi: Google results as JSON, errors as one string, an empty result as a success with one."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

from hermes_sandbox.providers.results import Engine, Result
from hermes_sandbox.providers.wire import Answer, Asked, Route

EMPTY = "Google hasn't returned any results for this query."


def _refusal(status: int, message: str) -> Answer:
    return Answer(status, {"error": message})


ERRORS = {
    "quota": _refusal(429, "Your account has run out of searches."),
    "rate_limited": _refusal(429, "You are exceeding your hourly throughput limit."),
    "forbidden": _refusal(403, "Your account has been deleted."),
    "gone": _refusal(410, "The search expired and has been deleted from the archive."),
    "server_error": _refusal(500, "Internal server error."),
    "unavailable": Answer(
        503,
        {
            "search_metadata": {"id": "0", "status": "Error"},
            "error": "We couldn't get valid results for this search. Please try again later.",
        },
    ),
}


class SerpApi:
    """`GET /search.json` and the free `GET /account.json`."""

    name = "serpapi"
    errors = ERRORS
    modes = frozenset({"empty", "processing"})

    def __init__(self, key: str, engine: Engine) -> None:
        self._key, self._engine, self._numbers = key, engine, count(1)

    def routes(self) -> list[Route]:
        paths: list[tuple[str, Callable[[Asked], Answer]]] = [
            ("/search.json", self._search),
            ("/search", self._search),
            ("/account.json", self._account),
            ("/account", self._account),
        ]
        return [("GET", path, reply) for path, reply in paths]

    def refuses(self, asked: Asked) -> Answer | None:
        if asked.query.get("api_key") == self._key:
            return None
        return _refusal(
            401, "Invalid API key. Your API key should be here: https://serpapi.com/manage-api-key"
        )

    def _account(self, _asked: Asked) -> Answer:
        return Answer(200, {"account_status": "Active", "plan_searches_left": 100})

    def _search(self, asked: Asked) -> Answer:
        query = asked.query
        if not query.get("q"):
            return _refusal(400, "Missing query `q` parameter.")
        if query.get("engine", "google") != "google":
            return _refusal(400, f"Unsupported `{query['engine']}` search engine.")
        numbers = (query.get("num", "10"), query.get("start", "0"))
        if not all(number.isdigit() for number in numbers):
            return _refusal(400, "`num` and `start` must be whole numbers.")
        most, skipped = map(int, numbers)
        if asked.fault == "processing":
            return Answer(200, {"search_metadata": self._about("Processing")})
        found = [] if asked.fault == "empty" else self._engine.search(query["q"])
        return Answer(200, self._told(query, found[skipped : skipped + most], len(found)))

    def _told(self, query: Any, shown: list[Result], total: int) -> dict[str, Any]:
        state = "Results for exact spelling" if shown else "Fully empty"
        body: dict[str, Any] = {
            "search_metadata": self._about("Success"),
            "search_parameters": {
                "engine": "google",
                **{name: value for name, value in query.items() if name != "api_key"},
            },
            "search_information": {
                "query_displayed": query["q"],
                "organic_results_state": state,
                **({"total_results": total * 1000} if shown else {}),
            },
        }
        if not shown:
            return {**body, "error": EMPTY}
        return {
            **body,
            "organic_results": [_organic(place, each) for place, each in enumerate(shown, 1)],
            "related_questions": [
                {"question": each} for each in self._engine.questions(query["q"])
            ],
        }

    def _about(self, status: str) -> dict[str, Any]:
        moment = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S UTC}"
        return {
            "id": f"{next(self._numbers):024x}",
            "status": status,
            "created_at": moment,
            "total_time_taken": 0.05,
        }


def _organic(place: int, result: Result) -> dict[str, Any]:
    """`position` counts from the top of the page asked for, as SerpApi does."""
    return {
        "position": place,
        "title": result.title,
        "link": result.url,
        "displayed_link": result.url.removeprefix("https://"),
        "snippet": result.snippet,
        "source": result.domain,
    }
