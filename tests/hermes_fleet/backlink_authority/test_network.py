"""On the live demo network the worker finds exactly the links that were planted there."""

from collections import Counter
from collections.abc import AsyncGenerator
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from hermes_sandbox.network import truth
from tests.hermes_fleet.backlink_authority.support import (
    SITE_ID,
    DemoNetwork,
    Found,
    Past,
    Watcher,
    demo_network,
    hermes,
    watching,
)

DAMPING = Fraction(85, 100)


@pytest.fixture
async def network() -> AsyncGenerator[DemoNetwork]:
    async with demo_network() as served:
        yield served


@pytest.fixture
async def watcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Watcher]:
    for name in ("HERMES_PROVIDER_DATAFORSEO", "HERMES_SANDBOX_FILE", "HERMES_URL"):
        monkeypatch.delenv(name, raising=False)
    async with watching(tmp_path) as client:
        yield client


@pytest.fixture
async def past(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, watcher: Watcher
) -> AsyncGenerator[Past]:
    async with hermes(tmp_path, monkeypatch) as remembered:
        yield remembered


async def test_a_first_full_run_finds_every_planted_link_and_calls_none_of_them_new(
    network: DemoNetwork, watcher: Watcher
) -> None:
    result = await watcher.result(network.demo, settings=network.settings)
    outputs, planted = result["outputs"], network.links()
    assert _rows(result["artifacts"]["link_graph"]["links"]) == _rows(planted)
    for slug in ("new_links", "lost_links"):
        assert (outputs[slug]["count"], outputs[slug]["items"]) == (0, [])
        assert outputs[slug]["baseline"] is True
        assert outputs[slug]["complete"] is False
        assert f"{len(planted)} links" in outputs[slug]["basis"]
    assert "link_velocity" not in outputs
    assert result["missing"]["link_velocity"]["reason"] == "outputs_missing"
    assert set(result["provenance"].values()) == {"measured"}


async def test_link_texts_and_their_shares_are_those_of_the_truth(
    network: DemoNetwork, watcher: Watcher
) -> None:
    result = await watcher.result(network.demo, settings=network.settings)
    texts = Counter(link["anchor"] for link in network.links())
    found = result["outputs"]["anchor_distribution"]
    assert {row["anchor"]: row["links"] for row in found["items"]} == texts
    assert found["items"][0]["anchor"] == "Juniper Dental"
    assert found["items"][0]["share"] == round(texts["Juniper Dental"] / texts.total(), 4)
    assert (found["count"], found["complete"]) == (len(texts), True)


async def test_authority_is_the_percentile_of_a_pagerank_worked_out_by_other_means(
    network: DemoNetwork, watcher: Watcher
) -> None:
    result = await watcher.result(network.demo, settings=network.settings)
    authority, told = result["outputs"]["domain_authority"], truth(network.network)
    expected = _solved(network.addresses, told["links"])
    found = {row["site"].rstrip("/"): row["pagerank"] for row in authority["items"]}
    assert found == pytest.approx({k: float(v) for k, v in expected.items()}, abs=1e-6)
    own = expected[network.demo]
    lower = sum(rank < own for rank in expected.values())
    assert authority["value"] == round(100 * lower / 3, 1)
    pages = sum(len(site["pages"]) for site in told["sites"])
    assert authority["scope"] == f"4 sites, {pages} pages read by Hermes; not the whole web"
    assert "DataForSEO" not in str(authority)


async def test_links_to_pages_that_are_gone_are_named(
    network: DemoNetwork, watcher: Watcher
) -> None:
    result = await watcher.result(network.demo, settings=network.settings)
    broken = {(b["target"], b["status"]) for b in result["metrics"]["links_to_broken_pages"]}
    gone = {(link["target"], link["target_status"]) for link in network.links()}
    assert broken == {each for each in gone if each[1] >= 400}
    assert {status for _target, status in broken} == {404, 410}


async def test_a_later_run_names_exactly_the_links_that_came_and_went(
    network: DemoNetwork, watcher: Watcher, past: Past
) -> None:
    ask: Found = {"settings": network.settings, "site_id": SITE_ID}
    past.add(await watcher.result(network.demo, **ask), timedelta(days=2))
    before = network.links()
    await network.turn(2)
    result = await watcher.result(network.demo, **ask)
    outputs, now = result["outputs"], network.links()
    assert _rows(outputs["new_links"]["items"]) == _rows(_without(now, before))
    assert _rows(outputs["lost_links"]["items"]) == _rows(_without(before, now))
    for slug in ("new_links", "lost_links"):
        assert outputs[slug]["complete"] is True
        assert outputs[slug]["baseline"] is False
        assert outputs[slug]["since"] == past.runs[0]["finishedAt"]
    net = outputs["new_links"]["count"] - outputs["lost_links"]["count"]
    assert net != 0
    assert outputs["link_velocity"] == pytest.approx(net / 2, abs=0.01)
    assert past.asked[-1] == f"/api/sites/{SITE_ID}/services/backlink_authority/outputs"


async def test_growth_waits_for_a_baseline_that_is_a_day_old(
    network: DemoNetwork, watcher: Watcher, past: Past
) -> None:
    ask: Found = {"settings": network.settings, "site_id": SITE_ID}
    past.add(await watcher.result(network.demo, **ask), timedelta(hours=23))
    result = await watcher.result(network.demo, **ask)
    assert result["outputs"]["new_links"]["baseline"] is False
    assert "one day old" in result["missing"]["link_velocity"]["message"]


async def test_a_full_run_is_compared_with_the_last_full_run_and_not_with_a_smaller_one(
    network: DemoNetwork, watcher: Watcher, past: Past
) -> None:
    ask: Found = {"settings": network.settings, "site_id": SITE_ID}
    past.add(await watcher.result(network.demo, **ask), timedelta(days=2))
    past.add(await watcher.result(network.demo, "smoke", **ask), timedelta(hours=1), "smoke")
    lost = (await watcher.result(network.demo, **ask))["outputs"]["lost_links"]
    assert (lost["since"], lost["complete"]) == (past.runs[1]["finishedAt"], True)


async def test_a_smoke_run_stays_small_and_never_calls_unseen_links_lost(
    network: DemoNetwork, watcher: Watcher, past: Past
) -> None:
    ask: Found = {"settings": network.settings, "site_id": SITE_ID}
    past.add(await watcher.result(network.demo, **ask), timedelta(days=2))
    result = await watcher.result(network.demo, "smoke", limit=5, **ask)
    metrics, outputs = result["metrics"], result["outputs"]
    assert metrics["items"] <= 20
    assert metrics["requests"] <= 50
    assert (outputs["new_links"]["count"], outputs["lost_links"]["count"]) == (0, 0)
    assert outputs["lost_links"]["complete"] is False
    unseen = len(network.links()) - metrics["links_found"]
    assert unseen > 0
    assert f"{unseen} more links" in outputs["lost_links"]["basis"]
    assert metrics["links_found"] > 0
    assert set(outputs) == set(result["provenance"])
    assert not result["missing"]


async def test_lists_are_cut_at_the_limit_and_say_so(
    network: DemoNetwork, watcher: Watcher
) -> None:
    result = await watcher.result(network.demo, settings=network.settings, limit=2)
    texts = result["outputs"]["anchor_distribution"]
    assert len(texts["items"]) == 2
    assert texts["count"] > 2
    assert texts["complete"] is False


def _rows(links: list[Found]) -> list[tuple[Any, ...]]:
    return sorted(
        tuple(link[name] for name in ("source", "target", "anchor", "rel")) for link in links
    )


def _without(links: list[Found], others: list[Found]) -> list[Found]:
    known = {(link["source"], link["target"]) for link in others}
    return [link for link in links if (link["source"], link["target"]) not in known]


def _solved(sites: list[str], links: list[Found]) -> dict[str, Fraction]:
    """PageRank as the exact solution of its equations, from the followed links of the truth."""
    edges = {
        (source, target)
        for link in links
        for source in sites
        for target in sites
        if link["source"].startswith(f"{source}/") and link["target"].startswith(f"{target}/")
        if not {"nofollow", "sponsored", "ugc"} & set(link["rel"].split())
    }
    count = len(sites)
    rows = list[list[Fraction]]()
    for target in sites:
        row = [Fraction(int(source == target)) for source in sites]
        for at, source in enumerate(sites):
            onward = [to for one, to in edges if one == source]
            given = Fraction(int(target in onward), len(onward)) if onward else Fraction(1, count)
            row[at] -= DAMPING * given
        rows.append([*row, (1 - DAMPING) / count])
    for at in range(count):
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for other in range(count):
            if other != at:
                factor = rows[other][at]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[at], strict=True)]
    return {site: rows[at][count] for at, site in enumerate(sites)}
