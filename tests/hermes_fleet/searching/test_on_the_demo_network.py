"""On the demo network both workers find exactly what was planted there, and Hermes accepts their answers."""

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from hermes.core.runs.budgets import exceeded_at_the_end
from hermes.core.truth.verdicts import judge
from hermes_fleet import competitive_snapshot, serp_intel
from hermes_sandbox.network import Network, build, truth
from hermes_sandbox.serving import network_sites
from hermes_worker import Worker
from tests.hermes_fleet.searching.support import calling, no_credentials
from tests.support.catalog import shipped_catalog
from tests.support.ports import held_addresses

Found = dict[str, Any]
WORKERS = {"serp_intel": serp_intel.worker, "competitive_snapshot": competitive_snapshot.worker}


@pytest.fixture
async def network(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Network]:
    no_credentials(monkeypatch)
    async with AsyncExitStack() as stack:
        addresses = stack.enter_context(held_addresses(4))
        built = build(addresses[0], addresses[1:])
        for address, app in network_sites(built).items():
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", int(address.rpartition(":")[2])).start()
        yield built


async def run(worker: Worker, network: Network, tmp_path: Path, mode: str) -> Found:
    """A run as the catalog specifies it."""
    spec = shipped_catalog().service(worker.slug).mode("smoke" if mode == "smoke" else "full")
    assert spec is not None
    payload: Any = {**spec.payload, "settings": network.settings()}
    async with calling(worker, tmp_path / mode) as caller:
        return await caller.result(network.sites["demo"].base_url, mode, **payload)


@pytest.mark.parametrize("mode", ["smoke", "full"])
async def test_for_every_keyword_the_planted_leader_stands_first(
    network: Network, tmp_path: Path, mode: str
) -> None:
    leaders = truth(network)["keyword_leaders"]
    result = await run(serp_intel.worker, network, tmp_path, mode)
    pages = result["outputs"]["serp_serp_snapshots"]["items"]
    assert len(pages) == (5 if mode == "smoke" else len(leaders))
    for page in pages:
        assert page["results"][0]["url"].startswith(f"{leaders[page['keyword']]}/"), page["keyword"]
    demo = network.sites["demo"].base_url
    for row in result["outputs"]["serp_rank_snapshots"]["items"]:
        leads = leaders[row["keyword"]] == demo
        assert (row["rank_group"] == 1) is leads
        assert row["url"].startswith(f"{demo}/")
    assert result["outputs"]["serp_tracked_keywords"] == len(leaders)


async def test_the_index_of_a_full_run_holds_every_page_of_the_competitors(
    network: Network, tmp_path: Path
) -> None:
    result = await run(serp_intel.worker, network, tmp_path, "full")
    read = {row["site"]: row["pages"] for row in result["metrics"]["index"]["sites"]}
    competitors = truth(network)["sites"][1:]
    assert len(competitors) == 3
    for site in competitors:
        assert read[f"{site['url']}/"] == len(site["pages"]) > 1


async def test_templates_types_and_sizes_are_those_of_the_truth(
    network: Network, tmp_path: Path
) -> None:
    told = truth(network)
    result = await run(competitive_snapshot.worker, network, tmp_path, "full")
    structure = result["outputs"]["content_structure"]
    by_site = {each["site"]: each for each in structure["competitors"]}
    assert len(told["sites"]) == 1 + len(by_site) == 4
    for site in told["sites"][1:]:
        home = f"{site['url']}/"
        rows = [r for r in result["outputs"]["page_templates"]["items"] if r["site"] == home]
        assert {row["template"]: row["pages"] for row in rows} == site["templates"]
        assert by_site[home]["schema_types"] == site["schema_types"]
        counts = [page["words"] for page in site["pages"]]
        words = by_site[home]["words"]
        assert (words["least"], words["most"]) == (min(counts), max(counts))
        outlines = Counter(len(page["outline"]) for page in site["pages"])
        assert by_site[home]["headings_a_page"]["most"] == max(outlines)


async def test_what_the_demo_site_lacks_is_exactly_what_was_planted(
    network: Network, tmp_path: Path
) -> None:
    lacking = truth(network)["lacking_at_demo"]
    result = await run(competitive_snapshot.worker, network, tmp_path, "full")
    told = result["outputs"]["content_structure"]["differences"]
    templates = {row["site"]: row["items"] for row in told["missing_templates"]}
    types = {row["site"]: row["only_theirs"] for row in told["schema_differences"]}
    assert len(lacking) == len(templates) == 3
    for site, planted in lacking.items():
        found = sorted(row["template"] for row in templates[f"{site}/"])
        assert found == planted["templates"]
        assert sorted(types[f"{site}/"]) == planted["schema_types"]


async def test_the_sections_of_every_planted_stronghold_are_missing_at_the_demo_site(
    network: Network, tmp_path: Path
) -> None:
    leaders = truth(network)["keyword_leaders"]
    demo = network.sites["demo"].base_url
    result = await run(competitive_snapshot.worker, network, tmp_path, "full")
    rows = result["outputs"]["content_structure"]["differences"]["missing_sections"]
    found = {(row["keyword"], row["site"].rstrip("/")): row["sections"] for row in rows}
    strongholds = {keyword: site for keyword, site in leaders.items() if site != demo}
    assert strongholds
    for keyword, site in strongholds.items():
        costs = f"{keyword.capitalize()}: what it costs"
        assert costs in found[keyword, site]


@pytest.mark.parametrize("mode", ["smoke", "full"])
@pytest.mark.parametrize("slug", WORKERS)
async def test_hermes_judges_a_run_on_the_demo_network_as_a_success_within_its_budget(
    network: Network, tmp_path: Path, slug: str, mode: str
) -> None:
    service = shipped_catalog().service(slug)
    result = await run(WORKERS[slug], network, tmp_path, mode)
    verdict = judge(service, service.expected_outputs, {"result": result})
    assert (verdict.outcome, verdict.missing) == ("success", ())
    assert service.smoke is not None
    assert service.smoke.budget is not None
    if mode == "smoke":
        assert exceeded_at_the_end(service.smoke.budget, result["metrics"]) is None
