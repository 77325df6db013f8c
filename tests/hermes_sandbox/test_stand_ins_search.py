"""DataForSEO, SerpApi and Brave: one made-up search engine, three wire formats and their errors."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from hermes_sandbox.providers.dataforseo.desk import TASK_FAULTS
from tests.support.stand_ins import SITE, TODAY, Served, serve_stand_ins

HOST = SITE.removeprefix("http://")
RIVAL = "http://127.0.0.1:8421"
TASK = {"keyword": "dental implants", "location_code": 2840, "language_code": "en", "depth": 30}
OWN = f"{SITE}/services/dental-implants"


@pytest.fixture
async def served() -> AsyncGenerator[Served]:
    async with serve_stand_ins(competitors=[RIVAL]) as found:
        yield found


async def dataforseo(served: Served, path: str, *tasks: Any) -> tuple[int, Any]:
    secret = served.secrets["HERMES_PROVIDER_DATAFORSEO"]
    headers = basic(secret["login"], secret["password"])
    return await served.post(f"{secret['base_url']}/v3/{path}", json=list(tasks), headers=headers)


def basic(login: str, password: str) -> dict[str, str]:
    return {"Authorization": aiohttp.encode_basic_auth(login, password)}


async def serp(served: Served, **changed: Any) -> Any:
    path = "serp/google/organic/live/advanced"
    return (await dataforseo(served, path, {**TASK, **changed}))[1]


async def links(served: Served, report: str, **asked: Any) -> Any:
    """The first result of a backlink report on the demo site."""
    _status, told = await dataforseo(served, f"backlinks/{report}/live", {"target": HOST, **asked})
    assert told["tasks"][0]["status_code"] == 20000, told["tasks"][0]["status_message"]
    return told["tasks"][0]["result"][0]


async def serpapi(served: Served, **asked: str) -> tuple[int, Any]:
    secret = served.secrets["HERMES_PROVIDER_SERPAPI"]
    params = {"engine": "google", "api_key": secret["key"], **asked}
    return await served.get(f"{secret['base_url']}/search.json", params=params)


async def brave(served: Served, key: str = "", **asked: str) -> tuple[int, Any]:
    secret = served.secrets["HERMES_PROVIDER_BRAVE"]
    headers = {"X-Subscription-Token": key or secret["key"]}
    url = f"{secret['base_url']}/res/v1/web/search"
    return await served.get(url, params=asked, headers=headers)


async def test_a_result_page_has_both_ranks_and_costs_what_it_says(served: Served) -> None:
    told = await serp(served)
    assert (told["status_code"], told["tasks_error"], told["cost"]) == (20000, 0, 0.006)
    (page,) = told["tasks"][0]["result"]
    assert page["item_types"] == ["organic", "people_also_ask"]
    assert (page["items_count"], len(page["items"])) == (30, 30)
    absolute = [item["rank_absolute"] for item in page["items"]]
    assert absolute == list(range(1, 31))
    (own,) = [item for item in page["items"] if item.get("domain") == HOST]
    assert (own["url"], own["rank_group"], own["rank_absolute"]) == (OWN, 9, 10)
    assert told["tasks"][0]["data"]["keyword"] == "dental implants"


async def test_the_same_keyword_finds_the_same_page_again(served: Served) -> None:
    def urls(told: Any) -> list[str]:
        return [item.get("url") for item in told["tasks"][0]["result"][0]["items"]]

    assert urls(await serp(served)) == urls(await serp(served))
    assert any(url and url.startswith(RIVAL) for url in urls(await serp(served)))


async def test_a_keyword_that_nobody_planned_is_a_page_without_the_site(served: Served) -> None:
    items = (await serp(served, keyword="garden sheds", depth=100))["tasks"][0]["result"][0][
        "items"
    ]
    assert HOST not in {item.get("domain") for item in items}
    assert len(items) == 100


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"keyword": ""}, "Invalid Field: 'keyword'."),
        ({"keyword": "x" * 701}, "Invalid Field: 'keyword'."),
        ({"location_code": None}, "Invalid Field: 'location_code'."),
        ({"language_code": None}, "Invalid Field: 'language_code'."),
        ({"depth": 0}, "Invalid Field: 'depth'."),
        ({"device": "watch"}, "Invalid Field: 'device'."),
    ],
)
async def test_a_wrong_field_is_an_error_inside_a_200(
    served: Served, changed: dict[str, Any], message: str
) -> None:
    told = await serp(served, **changed)
    task = told["tasks"][0]
    assert (told["status_code"], told["tasks_error"]) == (20000, 1)
    assert (task["status_code"], task["status_message"]) == (40501, message)
    assert task["result"] is None


@pytest.mark.parametrize(
    ("tasks", "code"), [([], 40502), ([TASK, TASK], 40000), (["dental"], 40503)]
)
async def test_a_live_request_holds_one_task(served: Served, tasks: list[Any], code: int) -> None:
    status, told = await dataforseo(served, "serp/google/organic/live/advanced", *tasks)
    assert (status, told["status_code"], told["tasks"]) == (200, code, None)


@pytest.mark.parametrize("fault", TASK_FAULTS)
async def test_every_task_fault_is_a_200_whose_task_failed(served: Served, fault: str) -> None:
    await served.switch("dataforseo", fault)
    told = await serp(served)
    task = told["tasks"][0]
    assert told["status_code"] == 20000
    assert (task["status_code"], task["status_message"], task["cost"]) == TASK_FAULTS[fault]
    assert (task["result"], told["cost"]) == (None, task["cost"])


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [("unauthorized", 401, 40100), ("payment", 402, 40200), ("server_error", 500, 50000), ("outer_error", 200, 40202)],
)  # fmt: skip
async def test_faults_outside_of_the_task(
    served: Served, fault: str, status: int, code: int
) -> None:
    await served.switch("dataforseo", fault)
    found, told = await dataforseo(served, "serp/google/organic/live/advanced", TASK)
    assert (found, told["status_code"], told["tasks"]) == (status, code, None)


async def test_a_wrong_password_is_dataforseos_401(served: Served) -> None:
    headers = basic("demo@juniper-dental.example", "guess")
    url = "/dataforseo/v3/serp/google/organic/live/advanced"
    status, told = await served.post(url, json=[TASK], headers=headers)
    assert (status, told["status_code"]) == (401, 40100)


async def test_the_account_can_be_asked_for_nothing(served: Served) -> None:
    secret = served.secrets["HERMES_PROVIDER_DATAFORSEO"]
    headers = basic(secret["login"], secret["password"])
    _status, told = await served.get("/dataforseo/v3/appendix/user_data", headers=headers)
    assert (told["cost"], told["tasks"][0]["result"][0]["money"]["balance"]) == (0, 41.5)


async def test_reports_on_backlinks_agree_with_one_another(served: Served) -> None:
    summary = await links(served, "summary")
    listed = await links(served, "backlinks", limit=1000)
    anchors = await links(served, "anchors", limit=1000)
    domains = await links(served, "referring_domains", limit=1000)
    assert summary["backlinks"] == listed["total_count"] == len(listed["items"]) > 20
    assert summary["referring_domains"] == domains["total_count"] < summary["backlinks"]
    assert {item["domain_from"] for item in listed["items"]} == {
        item["domain"] for item in domains["items"]
    }
    for groups in (anchors, domains):
        assert sum(item["backlinks"] for item in groups["items"]) == summary["backlinks"]
    assert all(item["url_to"].startswith(SITE) for item in listed["items"])


async def test_links_are_paged_ordered_filtered_and_thinned(served: Served) -> None:
    whole = (await links(served, "backlinks", limit=1000, order_by=["rank,desc"]))["items"]
    ranks = [item["rank"] for item in whole]
    assert ranks == sorted(ranks, reverse=True)
    part = await links(served, "backlinks", limit=5, offset=5, order_by=["rank,desc"])
    assert (part["items"], part["total_count"]) == (whole[5:10], len(whole))
    followed = await links(
        served,
        "backlinks",
        limit=1000,
        filters=[["dofollow", "=", True], "and", ["rank", ">", 300]],
    )
    assert [item["url_from"] for item in followed["items"]] == [
        item["url_from"] for item in whole if item["dofollow"] and item["rank"] > 300
    ]
    either = [["rank", ">", ranks[2]], "or", ["rank", "<=", ranks[-3]]]
    outer = await links(
        served, "backlinks", limit=1000, filters=[["dofollow", "=", True], "and", either]
    )
    assert {item["url_from"] for item in outer["items"]} == {
        item["url_from"] for item in whole
        if item["dofollow"] and (item["rank"] > ranks[2] or item["rank"] <= ranks[-3])
    }  # fmt: skip
    assert outer["items"], "both ends of the ranks are there"
    thin = (await links(served, "backlinks", limit=1000, mode="one_per_domain"))["items"]
    assert len(thin) == len({item["domain_from"] for item in whole})


async def test_new_and_lost_links_are_dated_from_today(served: Served) -> None:
    whole = (await links(served, "backlinks", limit=1000, backlinks_status_type="all"))["items"]
    lost = (await links(served, "backlinks", limit=1000, backlinks_status_type="lost"))["items"]
    assert lost == [item for item in whole if item["is_lost"]]
    assert all(item["last_seen"] >= str(TODAY - timedelta(30)) for item in lost)
    new = [item for item in whole if item["is_new"]]
    assert len(new) > 2
    assert all(item["first_seen"] >= str(TODAY - timedelta(30)) for item in new)
    series = await links(
        served,
        "timeseries_new_lost_summary",
        date_from=str(TODAY - timedelta(30)),
        date_to=str(TODAY),
        group_range="day",
    )
    assert sum(item["new_backlinks"] for item in series["items"]) == len(new)
    assert sum(item["lost_backlinks"] for item in series["items"]) == len(lost)
    history = await links(served, "history")
    assert history["items"][-1]["backlinks"] == len(whole) - len(lost)


async def test_a_site_that_nobody_links_to_has_honest_zeros(served: Served) -> None:
    summary = await links(served, "summary", target="www.example.com")
    assert (summary["backlinks"], summary["referring_domains"], summary["first_seen"]) == (
        0,
        0,
        None,
    )
    listed = await links(served, "backlinks", target="www.example.com")
    assert (listed["total_count"], listed["items"]) == (0, None)


async def test_an_empty_answer_counts_nothing(served: Served) -> None:
    await served.switch("dataforseo", "empty")
    page = (await serp(served))["tasks"][0]["result"][0]
    assert (page["items"], page["items_count"], page["se_results_count"]) == (None, 0, 0)
    assert (await links(served, "summary"))["backlinks"] == 0


@pytest.mark.parametrize(
    ("report", "asked", "field"),
    [
        ("backlinks", {"mode": "all"}, "mode"),
        ("backlinks", {"limit": 0}, "limit"),
        ("backlinks", {"offset": -1}, "offset"),
        ("backlinks", {"filters": ["colour", "=", "red"]}, "filters"),
        ("backlinks", {"filters": [["rank", ">", "high"], "or", ["rank", "<", 5]]}, "filters"),
        (
            "backlinks",
            {"filters": [["rank", ">", 1], "or", ["rank", "<", 5], "and", ["rank", ">", 2]]},
            "filters",
        ),
        ("backlinks", {"filters": [["rank", ">", 1], "xor", ["rank", "<", 5]]}, "filters"),
        ("backlinks", {"filters": [["rank", ">", 1], "and"]}, "filters"),
        ("backlinks", {"order_by": ["colour,desc"]}, "order_by"),
        ("backlinks", {"backlinks_status_type": "maybe"}, "backlinks_status_type"),
        ("timeseries_new_lost_summary", {"group_range": "hour"}, "group_range"),
        ("timeseries_new_lost_summary", {"date_from": "soon"}, "date_from"),
        ("summary", {"target": ""}, "target"),
    ],
)
async def test_a_report_that_cannot_be_done_is_refused_not_guessed(
    served: Served, report: str, asked: dict[str, Any], field: str
) -> None:
    task = {"target": HOST, **asked}
    _status, told = await dataforseo(served, f"backlinks/{report}/live", task)
    assert told["tasks"][0]["status_message"] == f"Invalid Field: '{field}'."


async def labs(served: Served, name: str, **asked: Any) -> Any:
    task = {"location_code": 2840, "language_code": "en", **asked}
    _status, told = await dataforseo(served, f"dataforseo_labs/google/{name}/live", task)
    return told["tasks"][0]["result"][0]


async def test_labs_count_the_same_result_pages(served: Served) -> None:
    ranked = await labs(served, "ranked_keywords", target=HOST, limit=1000)
    found = {
        item["keyword_data"]["keyword"]: item["ranked_serp_element"]["serp_item"]["rank_group"]
        for item in ranked["items"]
    }
    assert (ranked["total_count"], found["dental implants"]) == (39, 9)
    rivals = await labs(served, "competitors_domain", target=HOST, limit=1000)
    (own,) = [item for item in rivals["items"] if item["domain"] == HOST]
    assert own["intersections"] == sum(rank <= 10 for rank in found.values())
    near = await labs(served, "serp_competitors", keywords=["dental implants"])
    assert (near["items"][0]["avg_position"], len(near["items"])) == (1.0, 10)
    both = await labs(
        served, "domain_intersection", target1=HOST, target2=RIVAL.removeprefix("http://")
    )
    assert 0 < both["total_count"] <= 39


async def test_serpapi_counts_positions_on_the_page_asked_for(served: Served) -> None:
    status, first = await serpapi(served, q="dental implants", num="10")
    assert (status, first["search_metadata"]["status"]) == (200, "Success")
    _status, second = await serpapi(served, q="dental implants", num="5", start="5")
    assert [each["link"] for each in second["organic_results"]] == [
        each["link"] for each in first["organic_results"][5:]
    ]
    assert [each["position"] for each in second["organic_results"]] == [1, 2, 3, 4, 5]
    assert first["organic_results"][8]["link"] == OWN
    assert "api_key" not in first["search_parameters"]


async def test_serpapi_calls_an_empty_result_a_success_with_an_error(served: Served) -> None:
    empty = "Google hasn't returned any results for this query."
    for asked in ({"q": "zzqx nothing"}, {"q": "dental implants", "start": "200"}):
        status, told = await serpapi(served, **asked)
        assert (status, told["search_metadata"]["status"], told["error"]) == (200, "Success", empty)
    await served.switch("serpapi", "empty")
    assert (await serpapi(served, q="dental implants"))[1]["error"] == empty


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        ("quota", 429, "run out of searches"),
        ("rate_limited", 429, "hourly throughput"),
        ("forbidden", 403, "deleted"),
        ("gone", 410, "expired"),
        ("server_error", 500, "Internal server error"),
        ("unavailable", 503, "couldn't get valid results"),
    ],
)
async def test_faults_of_serpapi(served: Served, fault: str, status: int, said: str) -> None:
    await served.switch("serpapi", fault)
    found, told = await serpapi(served, q="dental implants")
    assert found == status
    assert said in told["error"]


async def test_serpapi_refuses_wrong_keys_and_missing_queries(served: Served) -> None:
    status, told = await serpapi(served, q="x", api_key="guess")
    assert (status, told["error"][:15]) == (401, "Invalid API key")
    assert await serpapi(served) == (400, {"error": "Missing query `q` parameter."})
    assert (await serpapi(served, q="x", num="few"))[0] == 400
    await served.switch("serpapi", "processing")
    assert (await serpapi(served, q="x"))[1]["search_metadata"]["status"] == "Processing"


async def test_brave_pages_its_own_way(served: Served) -> None:
    _status, first = await brave(served, q="dental implants", count="20")
    urls = [each["url"] for each in first["web"]["results"]]
    assert (len(urls), urls[8]) == (20, OWN)
    assert [each["index"] for each in first["mixed"]["main"]] == list(range(20))
    _status, second = await brave(served, q="dental implants", count="10", offset="1")
    assert [each["url"] for each in second["web"]["results"]] == urls[10:]
    _status, none = await brave(served, q="zzqx")
    assert "web" not in none


@pytest.mark.parametrize(
    "asked", [{"q": ""}, {"q": "x" * 401}, {"q": "x", "count": "21"}, {"q": "x", "offset": "10"}]
)
async def test_brave_validates(served: Served, asked: dict[str, str]) -> None:
    status, told = await brave(served, **asked)
    assert (status, told["type"], told["error"]["code"]) == (422, "ErrorResponse", "VALIDATION")


async def test_brave_says_422_to_a_wrong_token_and_429_to_a_busy_one(served: Served) -> None:
    status, told = await brave(served, key="guess", q="x")
    assert (status, told["error"]["code"]) == (422, "SUBSCRIPTION_TOKEN_INVALID")
    for fault in ("rate_limited", "quota"):
        await served.switch("brave", fault)
        status, told = await brave(served, q="x")
        assert (status, told["error"]["code"]) == (429, "RATE_LIMITED")
        assert told["error"]["meta"]["component"] == "rate_limiter"
