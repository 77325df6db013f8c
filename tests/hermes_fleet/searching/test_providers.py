"""Search providers: what is asked, what is read from documented answers, and the reason of every failure."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from hermes_fleet.http import Limits
from hermes_fleet.providers import Credential
from hermes_fleet.searching import brave, dataforseo, exchange, serpapi
from hermes_fleet.searching.dataforseo import reason_of
from hermes_fleet.searching.engine import Engine, SearchError
from hermes_fleet.searching.results import UNITED_STATES, ResultPage
from hermes_worker import WorkerError
from tests.hermes_fleet.searching.support import LOGIN, PASSWORD, Script, organic, scripted
from tests.hermes_fleet.searching.support import dataforseo as told

Make = Callable[[aiohttp.ClientSession, Credential], Engine]
FIELDS: dict[str, Any] = {"login": LOGIN, "password": PASSWORD, "key": "a-key-of-the-provider"}


@asynccontextmanager
async def opened(make: Make, *answers: tuple[int, Any], **headers: str) -> AsyncGenerator[Any]:
    """(engine, script) of a provider that answers by script."""
    async with scripted(*answers, **headers) as script, aiohttp.ClientSession() as session:
        yield make(session, Credential("X", {**FIELDS, "base_url": script.base})), script


async def page(make: Make, *answers: tuple[int, Any], depth: int = 10) -> tuple[ResultPage, Script]:
    async with opened(make, *answers) as (engine, script):
        return await engine.search("teeth whitening", UNITED_STATES, depth), script


async def failure(make: Make, status: int, answer: Any, **headers: str) -> SearchError:
    async with opened(make, (status, answer), **headers) as (engine, _script):
        with pytest.raises(SearchError) as caught:
            await engine.search("teeth whitening", UNITED_STATES, 10)
    for secret in (PASSWORD, "a-key-of-the-provider"):
        assert secret not in caught.value.message
    return caught.value


async def test_dataforseo_is_asked_for_one_live_task_and_both_ranks_are_read() -> None:
    box = {"type": "people_also_ask", "rank_group": 1, "rank_absolute": 2}
    items = (organic(1, 1, "https://a.example/"), box, organic(2, 3, "https://b.example/x"))
    async with opened(dataforseo.DataForSeo, (200, told(*items))) as (engine, script):
        found = await engine.search("teeth whitening", UNITED_STATES, 10)
        assert engine.spent.cost_usd == 0.002
        assert engine.spent.requests == 1
    assert [(h.rank_group, h.rank_absolute, h.url) for h in found.hits] == [
        (1, 1, "https://a.example/"),
        (2, 3, "https://b.example/x"),
    ]
    (asked,) = script.asked
    assert asked["path"] == "/v3/serp/google/organic/live/advanced"
    assert asked["body"] == [
        {
            "keyword": "teeth whitening",
            "location_code": 2840,
            "language_code": "en",
            "device": "desktop",
            "depth": 10,
        }
    ]
    assert asked["headers"]["Authorization"] == aiohttp.encode_basic_auth(LOGIN, PASSWORD)
    assert (found.location, found.device) == ("United States", "desktop")


@pytest.mark.parametrize("answer", [told(code=40102, result=None), told()])
async def test_no_results_at_dataforseo_are_an_empty_page(answer: Any) -> None:
    found, _ = await page(dataforseo.DataForSeo, (200, answer))
    assert found.hits == ()


def outer(code: int) -> dict[str, Any]:
    return {"status_code": code, "status_message": "No.", "tasks": None}


@pytest.mark.parametrize(
    ("status", "answer", "reason"),
    [
        (401, outer(40100), "auth_401"),
        (402, outer(40200), "quota_exceeded"),
        (404, outer(40400), "wrong_endpoint_404"),
        (500, outer(50000), "server_error_5xx"),
        (502, "<h1>Bad Gateway</h1>", "server_error_5xx"),
        (200, outer(40202), "rate_limited"),
        (200, outer(40100), "auth_401"),
        (200, told(code=40101, result=None), "server_error_5xx"),
        (200, told(code=40200, result=None), "quota_exceeded"),
        (200, told(code=40202, result=None), "rate_limited"),
        (200, told(code=40203, result=None), "quota_exceeded"),
        (200, told(code=40204, result=None), "forbidden_403"),
        (200, told(code=40210, result=None), "quota_exceeded"),
        (200, told(code=40400, result=None), "wrong_endpoint_404"),
        (200, told(code=40501, result=None), "worker_failed"),
        (200, told(code=40000, result=None), "worker_failed"),
        (200, told(code=50000, result=None), "server_error_5xx"),
        (200, told(code=20100, result=None), "malformed_reply"),
        (200, told(result=None), "malformed_reply"),
        (200, {"status_code": 20000, "tasks": []}, "malformed_reply"),
        (200, {"hello": "world"}, "malformed_reply"),
        (200, ["no object"], "not_json"),
        (200, "<!doctype html><title>App</title>", "html_app_shell"),
        (302, {}, "redirect"),
    ],
)
async def test_every_failure_of_dataforseo_has_its_reason(
    status: int, answer: Any, reason: str
) -> None:
    assert (await failure(dataforseo.DataForSeo, status, answer)).code == reason


def test_codes_that_are_not_listed_take_the_reason_of_their_group() -> None:
    codes = (40299, 40499, 40599, 40999, 59999, 20000.5, None)
    assert [reason_of(code) for code in codes] == [
        "quota_exceeded",
        "wrong_endpoint_404",
        "worker_failed",
        "worker_failed",
        "server_error_5xx",
        "malformed_reply",
        "malformed_reply",
    ]


async def test_a_search_that_failed_and_was_billed_is_counted() -> None:
    answer = told(code=40101, result=None)
    async with opened(dataforseo.DataForSeo, (200, answer)) as (engine, _script):
        with pytest.raises(SearchError, match=r"DataForSEO: code 40101, Ok\.$"):
            await engine.search("k", UNITED_STATES, 10)
        assert engine.spent.cost_usd == 0.002


def serp(*urls: str, **more: Any) -> dict[str, Any]:
    rows = [{"position": n, "title": "T", "link": url} for n, url in enumerate(urls, 1)]
    return {"search_metadata": {"id": "1", "status": "Success"}, "organic_results": rows, **more}


EMPTY = {
    "search_metadata": {"status": "Success"},
    "search_information": {"organic_results_state": "Fully empty"},
    "error": "Google hasn't returned any results for this query.",
}


async def test_serpapi_is_asked_page_by_page_and_ranks_go_on_counting() -> None:
    first = serp(*(f"https://a.example/{n}" for n in range(10)))
    found, script = await page(
        serpapi.SerpApi, (200, first), (200, serp("https://b.example/")), depth=20
    )
    assert [hit.rank_group for hit in found.hits] == list(range(1, 12))
    assert found.hits[-1].url == "https://b.example/"
    assert found.hits[0].rank_absolute is None
    assert [asked["query"].get("start") for asked in script.asked] == [None, "10"]
    query = script.asked[0]["query"]
    assert (query["engine"], query["q"], query["gl"], query["hl"]) == (
        "google",
        "teeth whitening",
        "us",
        "en",
    )
    assert query["location"] == "United States"


async def test_an_empty_result_of_serpapi_is_a_success_with_an_error_text() -> None:
    assert (await page(serpapi.SerpApi, (200, EMPTY)))[0].hits == ()
    silent = {name: value for name, value in EMPTY.items() if name != "error"}
    assert (await page(serpapi.SerpApi, (200, silent)))[0].hits == ()


@pytest.mark.parametrize(
    ("status", "answer", "reason"),
    [
        (400, {"error": "Missing query `q` parameter."}, "worker_failed"),
        (401, {"error": "Invalid API key. Your API key should be here: ..."}, "auth_401"),
        (403, {"error": "Your account has been deleted."}, "forbidden_403"),
        (404, {"error": "Not found."}, "wrong_endpoint_404"),
        (410, {"error": "The search expired."}, "worker_failed"),
        (429, {"error": "Your account has run out of searches."}, "quota_exceeded"),
        (429, {"error": "You are exceeding your hourly throughput limit."}, "rate_limited"),
        (429, "too many", "rate_limited"),
        (500, {"error": "Internal."}, "server_error_5xx"),
        (503, {"search_metadata": {"status": "Error"}, "error": "Later."}, "server_error_5xx"),
        (200, {"error": "Your account has run out of searches."}, "quota_exceeded"),
        (200, {"error": "Invalid API key."}, "auth_401"),
        (200, {"error": "Unsupported `xx` gl parameter."}, "worker_failed"),
        (200, {"search_metadata": {"status": "Processing"}}, "worker_failed"),
        (200, {"search_metadata": {"status": "Error"}, "error": "No."}, "server_error_5xx"),
        (200, {"search_metadata": {"status": "Success"}}, "malformed_reply"),
        (200, "<html>", "html_app_shell"),
    ],
)
async def test_every_failure_of_serpapi_has_its_reason(
    status: int, answer: Any, reason: str
) -> None:
    assert (await failure(serpapi.SerpApi, status, answer)).code == reason


async def test_a_key_that_a_provider_repeats_is_hidden() -> None:
    said = {"error": "Invalid API key: a-key-of-the-provider"}
    assert "[hidden]" in (await failure(serpapi.SerpApi, 401, said)).message


def web_results(*urls: str) -> dict[str, Any]:
    rows = [{"title": "T", "url": url} for url in urls]
    return {"type": "search", "web": {"type": "search", "results": rows}}


async def test_brave_is_asked_with_its_header_and_its_place_is_a_country_without_device() -> None:
    found, script = await page(brave.Brave, (200, web_results("https://a.example/")))
    (asked,) = script.asked
    assert asked["path"] == "/res/v1/web/search"
    assert asked["headers"]["X-Subscription-Token"] == "a-key-of-the-provider"
    assert (asked["query"]["count"], asked["query"]["country"]) == ("10", "US")
    assert (found.location, found.device) == ("US", None)
    assert found.hits[0].rank_absolute is None


async def test_brave_pages_by_twenty() -> None:
    full = web_results(*(f"https://a.example/{n}" for n in range(20)))
    found, script = await page(brave.Brave, (200, full), (200, web_results()), depth=40)
    assert len(found.hits) == 20
    assert [asked["query"]["offset"] for asked in script.asked] == ["0", "1"]


async def test_no_results_at_brave_have_no_web_part() -> None:
    assert (await page(brave.Brave, (200, {"type": "search", "query": {}})))[0].hits == ()


def refused(status: int, code: str, **meta: Any) -> dict[str, Any]:
    error = {"id": "1", "status": status, "code": code, "detail": "D.", "meta": meta}
    return {"type": "ErrorResponse", "error": error, "time": 1}


NO_KEY = [{"loc": ["header", "x-subscription-token"], "msg": "Field required"}]


@pytest.mark.parametrize(
    ("status", "answer", "reason"),
    [
        (401, {}, "auth_401"),
        (402, {}, "quota_exceeded"),
        (403, {}, "forbidden_403"),
        (404, "<h1>no</h1>", "wrong_endpoint_404"),
        (422, refused(422, "SUBSCRIPTION_TOKEN_INVALID"), "auth_401"),
        (422, refused(422, "VALIDATION", errors=NO_KEY), "auth_401"),
        (422, refused(422, "VALIDATION", errors=[{"loc": ["query", "q"]}]), "worker_failed"),
        (429, refused(429, "RATE_LIMITED", quota_limit=2000, quota_current=7), "rate_limited"),
        (429, refused(429, "RATE_LIMITED", quota_limit=9, quota_current=9), "quota_exceeded"),
        (429, refused(429, "QUOTA_LIMITED"), "quota_exceeded"),
        (500, {}, "server_error_5xx"),
        (200, {"type": "other"}, "malformed_reply"),
        (200, "<html>", "html_app_shell"),
    ],
)
async def test_every_failure_of_brave_has_its_reason(status: int, answer: Any, reason: str) -> None:
    assert (await failure(brave.Brave, status, answer)).code == reason


async def test_a_keyword_that_brave_would_not_take_is_not_sent() -> None:
    async with opened(brave.Brave, (200, web_results())) as (engine, script):
        with pytest.raises(SearchError, match="50 words"):
            await engine.search("word " * 51, UNITED_STATES, 10)
    assert script.asked == []


async def test_a_provider_that_is_away_says_so() -> None:
    async with scripted((200, {})) as script:
        gone = script.base
    async with aiohttp.ClientSession() as session:
        engine = dataforseo.DataForSeo(session, Credential("X", {**FIELDS, "base_url": gone}))
        with pytest.raises(SearchError, match="the connection was refused or closed") as caught:
            await engine.search("k", UNITED_STATES, 10)
    assert caught.value.code == "connect_refused"
    assert caught.value.hopeless


async def test_an_answer_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "LIMITS", Limits(size=1000))
    found = await failure(dataforseo.DataForSeo, 200, told(x="y" * 2000))
    assert found.code == "reply_too_large"


async def test_how_long_a_provider_asks_to_wait_is_kept() -> None:
    found = await failure(brave.Brave, 429, refused(429, "RATE_LIMITED"), Retry_After="3")
    assert found.retry_after == 3.0


async def test_a_secret_without_its_field_names_the_field() -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(WorkerError, match="has no field password"):
            dataforseo.DataForSeo(session, Credential("HERMES_X", {"login": LOGIN}))
