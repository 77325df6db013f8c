"""`serp/google/organic/live/advanced`."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

from hermes_sandbox.providers.dataforseo.envelope import Outcome, Refused, done, invalid
from hermes_sandbox.providers.results import Engine, Result

MOST_LETTERS, MOST_DEPTH = 700, 200
COST_OF_TEN = 0.002
"""US dollars for each ten results asked for."""
QUESTIONS_AFTER = 2


class Serp:
    """Result pages with a box of questions among them, so that the two ranks differ."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def organic(self, task: dict[str, Any]) -> Outcome:
        """One keyword, one place, one language."""
        keyword = checked_keyword(task)
        location, language = checked_place(task)
        depth = task.get("depth", 10)
        if not isinstance(depth, int) or not 1 <= depth <= MOST_DEPTH:
            raise invalid("depth")
        if task.get("device", "desktop") not in ("desktop", "mobile"):
            raise invalid("device")
        cost = round(COST_OF_TEN * -(-depth // 10), 6)
        found = self._engine.search(keyword)
        if not found:
            raise Refused(40102, "No Search Results.", cost)
        items = _items(found, self._engine.questions(keyword))[:depth]
        return done([_page(keyword, location, language, items, len(found))], cost)


def checked_keyword(task: dict[str, Any]) -> str:
    keyword = task.get("keyword")
    if not isinstance(keyword, str) or not 0 < len(keyword) <= MOST_LETTERS:
        raise invalid("keyword")
    return keyword


def checked_place(task: dict[str, Any]) -> tuple[int, str]:
    """Codes of location and language. Names are accepted for the one place the stand-in knows."""
    location = task.get("location_code", 2840 if task.get("location_name") else None)
    language = task.get("language_code", "en" if task.get("language_name") else None)
    if not isinstance(location, int) or isinstance(location, bool):
        raise invalid("location_code")
    if not isinstance(language, str):
        raise invalid("language_code")
    return location, language


def _page(
    keyword: str, location: int, language: str, items: list[dict[str, Any]], total: int
) -> dict[str, Any]:
    return {
        "keyword": keyword,
        "type": "organic",
        "se_domain": "google.com",
        "location_code": location,
        "language_code": language,
        "check_url": f"https://www.google.com/search?q={quote_plus(keyword)}&num=100&hl={language}",
        "datetime": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S +00:00}",
        "spell": None,
        "refinement_chips": None,
        "item_types": sorted({item["type"] for item in items}),
        "se_results_count": total * 1000,
        "pages_count": -(-len(items) // 10),
        "items_count": len(items),
        "items": items,
    }


def _items(found: list[Result], questions: list[str]) -> list[dict[str, Any]]:
    """The box of questions takes an absolute place, but none in the group of organic results."""
    items = [_organic(each, each.rank + (each.rank > QUESTIONS_AFTER)) for each in found]
    return [*items[:QUESTIONS_AFTER], _questions(questions), *items[QUESTIONS_AFTER:]]


def _organic(result: Result, absolute: int) -> dict[str, Any]:
    return {
        "type": "organic",
        "rank_group": result.rank,
        "rank_absolute": absolute,
        "page": -(-absolute // 10),
        "position": "left",
        "xpath": f"/html[1]/body[1]/div[{absolute}]",
        "domain": result.domain,
        "title": result.title,
        "url": result.url,
        "cache_url": None,
        "breadcrumb": result.url,
        "website_name": result.domain,
        "is_image": False,
        "is_video": False,
        "is_featured_snippet": False,
        "is_malicious": False,
        "is_web_story": False,
        "description": result.snippet,
        "highlighted": None,
        "links": None,
        "faq": None,
        "rating": None,
        "price": None,
        "timestamp": None,
    }


def _questions(questions: list[str]) -> dict[str, Any]:
    box = [
        {
            "type": "people_also_ask_element",
            "title": question,
            "seed_question": None,
            "xpath": None,
            "expanded_element": None,
        }
        for question in questions
    ]
    return {
        "type": "people_also_ask",
        "rank_group": 1,
        "rank_absolute": QUESTIONS_AFTER + 1,
        "page": 1,
        "position": "left",
        "xpath": "/html[1]/body[1]/div[3]",
        "items": box,
    }
