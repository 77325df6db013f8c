"""The knowledge base over HTTP: in camelCase, with sources, for everybody who may read."""

import aiohttp
import pytest

from hermes.storage.knowledge import shipped
from tests.support.served import Served

PATH = "/api/knowledge"


async def test_an_answer_names_advice_reason_check_step_and_sources(served: Served) -> None:
    params = {"q": "title tags and meta descriptions", "limit": "5"}
    async with served.http.get(PATH, params=params) as answer:
        found = await answer.json()
    assert answer.status == 200
    assert found["version"] == shipped().version
    assert len(found["entries"]) == 5
    first = found["entries"][0]
    assert set(first) == {
        "id", "topic", "title", "advice", "why", "howToCheck", "tip", "appliesTo", "evidence",
        "sources", "reviewed", "rank",
    }  # fmt: skip
    assert first["topic"] == "Titles and meta descriptions"
    assert first["sources"][0]["url"].startswith("https://")
    assert first["rank"] > 0


async def test_findings_are_separated_by_commas(served: Served) -> None:
    params = {"findings": "crawl_render.redirect_chains.loop,core_web_vitals.cls", "limit": "50"}
    async with served.http.get(PATH, params=params) as answer:
        found = {entry["id"] for entry in (await answer.json())["entries"]}
    assert {"redirect-loops", "cls-fonts"} <= found
    assert "redirect-chains" not in found


async def test_without_a_question_all_entries_are_given_in_the_order_of_topics(
    served: Served,
) -> None:
    async with served.http.get(PATH, params={"limit": "500"}) as answer:
        entries = (await answer.json())["entries"]
    assert len(entries) == len(shipped().entries)
    topics = [entry["topic"] for entry in entries]
    assert topics == sorted(topics)


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"findings": "Not A Finding"}, "findings"),
        ({"q": "x" * 301}, "q"),
    ],
)
async def test_a_bad_question_names_its_field(
    served: Served, params: dict[str, str], field: str
) -> None:
    async with served.http.get(PATH, params=params) as answer:
        problem = await answer.json(content_type="application/problem+json")
    assert (answer.status, problem["code"], problem["field"]) == (422, "invalid_request", field)


async def test_a_nul_in_the_words_is_no_error_of_hermes(served: Served) -> None:
    async with served.http.get(f"{PATH}?q=title%00tags") as answer:
        assert answer.status == 422
        assert "q" in (await answer.text())


async def test_a_stranger_is_refused(served: Served) -> None:
    async with aiohttp.ClientSession(served.url) as stranger, stranger.get(PATH) as answer:
        assert answer.status == 401
