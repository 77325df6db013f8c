"""The comparison with competitors over its HTTP contract, on small sites with known differences."""

import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from hermes_fleet.competitive_snapshot import worker
from hermes_fleet.http import Spent
from hermes_fleet.providers import SANDBOX_FILE
from hermes_fleet.searching.index import NAME
from hermes_fleet.searching.results import UNITED_STATES, Hit, ResultPage
from hermes_fleet.searching.snapshots import kept
from tests.hermes_fleet.searching.support import (
    KEYWORDS,
    LOGIN,
    PASSWORD,
    Caller,
    calling,
    dataforseo,
    earlier_run,
    fill,
    no_credentials,
    organic,
    remembering,
    scripted,
)
from tests.hermes_fleet.websites import Website, served

SECRET = "HERMES_PROVIDER_DATAFORSEO"
RIVAL_TEXTS = {
    "/teeth-whitening": "<h2>What teeth whitening costs</h2><h2>Is it safe?</h2>"
    + "Teeth whitening. " * 9,
    "/implants/prices": "<h2>Prices</h2>Dental implants. <a href='/teeth-whitening'>more</a>",
    "/implants/steps": "Dental implants, step by step.",
}
RIVAL_HEADS = {
    "/teeth-whitening": '<script type="application/ld+json">{"@type": "FAQPage"}</script>',
    "home": '<script type="application/ld+json">{"@type": "Dentist"}</script>',
}
OUR_TEXTS = {
    "/whitening": "<h2>Costs of whitening</h2>"
    + "Some say teeth whitening is not needed at all. " * 4,
    "/team/ann": "Ann.",
}
OUR_HEADS = {"home": RIVAL_HEADS["home"]}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    no_credentials(monkeypatch)


@pytest.fixture
async def comparison(tmp_path: Path) -> AsyncGenerator[Caller]:
    async with calling(worker, tmp_path / "state") as caller:
        yield caller


@pytest.fixture
async def ours() -> AsyncGenerator[Website]:
    async with served(Website()) as site:
        yield fill(site, "Ours", OUR_TEXTS, **OUR_HEADS)


@pytest.fixture
async def rival() -> AsyncGenerator[Website]:
    async with served(Website()) as site:
        yield fill(site, "Rival", RIVAL_TEXTS, **RIVAL_HEADS)


def wanted(*competitors: str, keywords: Any = KEYWORDS) -> dict[str, Any]:
    return {"settings": {"keywords": keywords, "competitors": list(competitors)}}


async def test_who_ranks_and_with_which_share_is_told_with_engine_and_curve(
    comparison: Caller, ours: Website, rival: Website
) -> None:
    result = await comparison.result(ours.base, **wanted(rival.base))
    found = result["outputs"]["competitors"]
    assert (found["engine"], found["index"]) == (NAME, {"sites": 2, "pages": 7})
    (competitor,) = found["items"]
    assert competitor == {
        "site": f"{rival.base}/",
        "pages_read": 4,
        "keywords_ranked": 2,
        "keywords_looked_up": 2,
        "share_of_voice": round((0.285 + 0.285 + 0.157) / (2 * 0.285 + 2 * 0.157), 4),
    }
    assert found["yours"]["keywords_ranked"] == 1
    assert competitor["share_of_voice"] + found["yours"]["share_of_voice"] == pytest.approx(1)
    assert found["ctr_curve"]["weights"][0] == 0.285
    assert "Sistrix" in found["ctr_curve"]["source"]
    ranking = [(row["keyword"], row["rank_group"]) for row in ranking_rows(result)]
    assert ranking == [("teeth whitening", 1), ("dental implants", 1), ("dental implants", 2)]
    assert {row["engine"] for row in ranking_rows(result)} == {NAME}
    assert set(result["provenance"].values()) == {"measured"}


def ranking_rows(result: dict[str, Any]) -> list[dict[str, Any]]:
    return result["outputs"]["ranking_pages"]["items"]


async def test_templates_are_grouped_by_the_shape_of_their_addresses(
    comparison: Caller, ours: Website, rival: Website
) -> None:
    result = await comparison.result(ours.base, **wanted(rival.base))
    rows = result["outputs"]["page_templates"]["items"]
    assert [(row["template"], row["pages"], row["yours"]) for row in rows] == [
        ("/implants/*", 2, False),
        ("/", 1, True),
        ("/*", 1, True),
    ]
    assert rows[0]["example"].startswith(f"{rival.base}/implants/")


async def test_every_planted_difference_is_found(
    comparison: Caller, ours: Website, rival: Website
) -> None:
    result = await comparison.result(ours.base, **wanted(rival.base))
    structure = result["outputs"]["content_structure"]
    told = structure["differences"]
    (templates,) = told["missing_templates"]
    assert [row["template"] for row in templates["items"]] == ["/implants/*"]
    (schema,) = told["schema_differences"]
    assert (schema["only_theirs"], schema["only_yours"]) == ({"FAQPage": 1}, {})
    (gap,) = told["content_gaps"]
    assert (gap["keyword"], gap["rank_group"]) == ("dental implants", 1)
    (sections,) = told["missing_sections"]
    assert sections["sections"] == ["Is it safe?"]
    assert sections["competitor_url"] == f"{rival.base}/teeth-whitening"
    (weak,) = told["internal_link_gaps"]
    assert (weak["yours"]["inlinks"], weak["theirs"]["inlinks"]) == (1, 2)
    assert weak["gaps"] == ["fewer links"]


async def test_the_structure_of_both_sides_is_measured(
    comparison: Caller, ours: Website, rival: Website
) -> None:
    result = await comparison.result(ours.base, **wanted(rival.base))
    structure = result["outputs"]["content_structure"]
    (theirs,) = structure["competitors"]
    assert theirs["schema_types"] == {"Dentist": 1, "FAQPage": 1}
    assert theirs["title"]["ending"] == " | Rival"
    assert (theirs["h1"]["one"], theirs["h1"]["same_as_title"]) == (4, 4)
    assert theirs["pages_with_questions"] == 1
    assert theirs["headings_a_page"]["most"] == 3
    assert structure["yours"]["pages"] == 3
    assert structure["complete"] is True


async def test_smoke_takes_one_competitor_five_pages_and_three_keywords(
    comparison: Caller, ours: Website, rival: Website
) -> None:
    fill(rival, "Rival", RIVAL_TEXTS | {f"/more/{n}": "More." for n in range(9)})
    fill(ours, "Ours", OUR_TEXTS | {f"/more/{n}": "More." for n in range(9)})
    many = [*KEYWORDS, "gums", "crowns"]
    limits: Any = {"competitors": 5, "keywords": 50, "max_urls": 100}
    asked = wanted(rival.base, "https://other.example", keywords=many)
    result = await comparison.result(ours.base, **asked, **limits)
    figures = result["metrics"]
    assert (figures["items"], figures["keywords"]) == (10, 3)
    assert figures["requests"] == sum(ours.hits.values()) + sum(rival.hits.values()) <= 20
    assert result["outputs"]["competitors"]["left_out"] == ["https://other.example/"]
    assert result["outputs"]["content_structure"]["complete"] is False
    assert max(told.get("done", 0) for told in comparison.progress) <= 10


@pytest.mark.parametrize("settings", [None, {"keywords": KEYWORDS}, {"competitors": [""]}])
async def test_no_competitors_means_that_everything_is_missing_with_the_name_of_the_setting(
    comparison: Caller, settings: Any
) -> None:
    result = await comparison.result("https://www.example.com", settings=settings)
    assert result["outputs"] == {}
    assert set(result["missing"]) == set(worker.declaration.outputs)
    assert all("no competitors" in gap["message"] for gap in result["missing"].values())
    assert {gap["reason"] for gap in result["missing"].values()} == {"missing_config"}


async def test_without_keywords_pages_are_compared_and_nobody_ranks(
    comparison: Caller, ours: Website, rival: Website
) -> None:
    result = await comparison.result(ours.base, **wanted(rival.base, keywords=[]))
    assert set(result["missing"]) == {"ranking_pages"}
    assert "no tracked keywords" in result["missing"]["ranking_pages"]["message"]
    assert "share_of_voice" not in result["outputs"]["competitors"]["items"][0]
    assert result["outputs"]["content_structure"]["differences"]["content_gaps"] == []


async def test_a_competitor_closed_by_robots_and_one_away_are_named_and_sink_nobody(
    comparison: Caller, ours: Website, rival: Website, website: Website
) -> None:
    website.pages["/robots.txt"] = web.Response(text="User-agent: *\nDisallow: /")
    async with served(Website()) as gone:
        away = gone.base
    asked = wanted(website.base, away, "nonsense@x", rival.base)
    found = (await comparison.result(ours.base, "full", **asked))["outputs"]["competitors"]
    assert [each["site"] for each in found["items"]] == [f"{rival.base}/"]
    assert {each["site"]: each["reason"] for each in found["not_read"]} == {
        f"{website.base}/": "robots_disallow",
        f"{away}/": "site_unreachable",
        "nonsense@x": "invalid_site",
    }
    assert found["complete"] is False


async def test_when_no_competitor_can_be_read_each_is_named_with_its_reason(
    comparison: Caller, ours: Website, website: Website
) -> None:
    website.pages["/robots.txt"] = web.Response(status=503)
    result = await comparison.result(ours.base, **wanted(website.base))
    assert result["outputs"] == {}
    assert result["missing"]["competitors"]["reason"] == "worker_failed"
    assert f"{website.base}/: " in result["missing"]["page_templates"]["message"]
    assert "Fewer than two sites" in result["missing"]["ranking_pages"]["message"]


async def test_an_own_site_that_is_away_leaves_the_competitors(
    comparison: Caller, rival: Website, website: Website
) -> None:
    website.pages["/robots.txt"] = web.Response(status=503)
    result = await comparison.result(website.base, **wanted(rival.base))
    assert set(result["missing"]) == {"ranking_pages", "content_structure"}
    assert result["missing"]["content_structure"]["reason"] == "robots_unreachable"
    assert result["outputs"]["competitors"]["yours"] is None
    assert result["outputs"]["page_templates"]["items"][0]["yours"] is None


def store(monkeypatch: pytest.MonkeyPatch, base: str) -> None:
    fields = {"login": LOGIN, "password": PASSWORD, "base_url": base}
    monkeypatch.setenv(SECRET, json.dumps(fields))


async def test_a_provider_tells_who_ranks_and_the_pages_that_rank_are_read_first(
    comparison: Caller, ours: Website, rival: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = f"{rival.base}/implants/steps"
    fill(rival, "Rival", {f"/a/teeth-whitening-{n}": "Text." for n in range(9)} | RIVAL_TEXTS)
    answer = dataforseo(organic(1, 1, deep), organic(4, 6, f"{ours.base}/team/ann"))
    async with scripted((200, answer)) as script:
        store(monkeypatch, script.base)
        result = await comparison.result(ours.base, **wanted(rival.base))
    assert rival.hits["/implants/steps"] == 1
    assert {row["engine"] for row in ranking_rows(result)} == {"Google (DataForSEO)"}
    assert {row["url"] for row in ranking_rows(result)} == {deep}
    assert result["provenance"]["ranking_pages"] == "provider"
    assert result["provenance"]["content_structure"] == "measured"
    assert result["metrics"]["cost_usd"] == 0.004
    shares = [each["share_of_voice"] for each in result["outputs"]["competitors"]["items"]]
    assert shares == [round(0.285 / (0.285 + 0.08), 4)]


async def test_what_a_stand_in_says_is_a_sample_and_so_is_what_is_drawn_from_it(
    comparison: Caller,
    ours: Website,
    rival: Website,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with scripted((200, dataforseo(organic(1, 1, f"{rival.base}/")))) as script:
        fields = {"login": LOGIN, "password": PASSWORD, "base_url": script.base}
        told = {"site": ours.base, "providers": {SECRET: fields}}
        (tmp_path / "sandbox.json").write_text(json.dumps(told))
        monkeypatch.setenv(SANDBOX_FILE, str(tmp_path / "sandbox.json"))
        result = await comparison.result(ours.base, **wanted(rival.base))
    assert result["provenance"] == {
        "competitors": "sample",
        "ranking_pages": "sample",
        "page_templates": "measured",
        "content_structure": "sample",
    }


async def test_a_provider_that_fails_leaves_the_pages_and_no_rank(
    comparison: Caller, ours: Website, rival: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted((402, {"status_code": 40200})) as script:
        store(monkeypatch, script.base)
        result = await comparison.result(ours.base, **wanted(rival.base))
    assert {slug: gap["reason"] for slug, gap in result["missing"].items()} == {
        "ranking_pages": "quota_exceeded"
    }
    assert "share_of_voice" not in result["outputs"]["competitors"]["items"][0]


class Looked:
    """An engine as far as a snapshot of it needs one."""

    name, provenance, spent = "Google (DataForSEO)", "provider", Spent()
    scope, homes = dict[str, Any](), ()


def snapshots(*urls: str, keywords: Any = KEYWORDS, **more: Any) -> dict[str, Any]:
    hits = tuple(Hit(n, n, url, "T") for n, url in enumerate(urls, 1))
    pages = [ResultPage(keyword, datetime.now(UTC), 10, hits) for keyword in keywords]
    engine: Any = Looked()
    return {
        "serp_snapshots": {
            **kept(engine, UNITED_STATES, pages, urls[0]).model_dump(mode="json"),
            **more,
        }
    }


async def test_what_the_rank_tracker_looked_up_lately_is_not_looked_up_again(
    comparison: Caller,
    ours: Website,
    rival: Website,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = f"{rival.base}/implants/steps"
    runs = [earlier_run({}), earlier_run(snapshots(url), runId="the-run")]
    async with (
        scripted((500, {})) as provider,
        remembering(runs, tmp_path, monkeypatch) as hermes,
    ):
        store(monkeypatch, provider.base)
        result = await comparison.result(ours.base, **wanted(rival.base), site_id="7")
    assert provider.asked == []
    assert hermes.asked[0]["path"] == "/api/sites/7/services/serp_intel/outputs"
    assert result["metrics"]["ranking_from_run"] == "the-run"
    assert {row["url"] for row in ranking_rows(result)} == {url}
    assert result["provenance"]["ranking_pages"] == "provider"


@pytest.mark.parametrize(
    "run",
    [
        earlier_run(snapshots("https://a.example/", keywords=["teeth whitening"])),
        earlier_run(snapshots("https://a.example/", engine="Brave (its own index, not Google)")),
        earlier_run(
            snapshots("https://a.example/"),
            finishedAt=(datetime.now(UTC) - timedelta(days=8)).isoformat(),
        ),
        earlier_run(snapshots("https://a.example/", homes=["https://other.example/"])),
    ],
    ids=["lacks a keyword", "another engine", "too old", "over other sites"],
)
async def test_what_does_not_answer_the_question_is_looked_up_anew(
    comparison: Caller,
    ours: Website,
    rival: Website,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    run: dict[str, Any],
) -> None:
    answer = dataforseo(organic(1, 1, f"{rival.base}/"))
    async with scripted((200, answer)) as provider, remembering([run], tmp_path, monkeypatch):
        store(monkeypatch, provider.base)
        result = await comparison.result(ours.base, **wanted(rival.base), site_id="7")
    assert len(provider.asked) == 2
    assert result["metrics"]["ranking_from_run"] is None


@pytest.mark.parametrize(("pages", "reused"), [(700, "the-run"), (3, None)])
async def test_an_earlier_index_counts_where_it_is_larger_than_what_was_read_now(
    comparison: Caller,
    ours: Website,
    rival: Website,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pages: int,
    reused: str | None,
) -> None:
    index = {"sites": 2, "pages": pages}
    homes = [f"{ours.base}/", f"{rival.base}/"]
    left = snapshots(
        f"{rival.base}/x", engine=NAME, provenance="measured", index=index, homes=homes
    )
    async with remembering([earlier_run(left, runId="the-run")], tmp_path, monkeypatch):
        result = await comparison.result(ours.base, **wanted(rival.base), site_id="7")
    assert result["metrics"]["ranking_from_run"] == reused
    assert result["outputs"]["competitors"]["index"]["pages"] == (pages if reused else 7)
