"""What the worker says where there is little to read: no competitors, or none that answers."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.hermes_fleet.backlink_authority.support import Watcher, watching
from tests.hermes_fleet.websites import Website, html, links, served

OUTPUTS = {
    "new_links",
    "lost_links",
    "domain_authority",
    "anchor_distribution",
    "link_velocity",
}


@pytest.fixture
async def watcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Watcher]:
    for name in ("HERMES_PROVIDER_DATAFORSEO", "HERMES_SANDBOX_FILE", "HERMES_URL"):
        monkeypatch.delenv(name, raising=False)
    async with watching(tmp_path) as client:
        yield client


@pytest.mark.parametrize("settings", [None, {}, {"competitors": None}, {"competitors": []}])
async def test_without_a_login_and_competitors_there_is_no_figure_anywhere(
    settings: dict[str, Any] | None, watcher: Watcher, website: Website
) -> None:
    website.pages = {"/": html()}
    result = await watcher.result(website.base, settings=settings)
    assert result["outputs"] == {}
    assert set(result["missing"]) == OUTPUTS
    for gap in result["missing"].values():
        assert gap["reason"] == "missing_config"
        assert "HERMES_PROVIDER_DATAFORSEO" in gap["message"]
        assert "Competitors" in gap["message"]
    assert not website.hits


async def test_competitors_that_cannot_be_read_are_named_and_sink_nobody(
    watcher: Watcher, website: Website
) -> None:
    website.pages = {"/": html()}
    async with served(Website()) as linking, served(Website()) as closed:
        linking.pages = {"/": html(links(f"{website.base}/"))}
        closed.pages = {"/robots.txt": web.Response(text="User-agent: *\nDisallow: /")}
        entered = ["http://", closed.base, "http://127.0.0.1:1", website.base, linking.base]
        result = await watcher.result(website.base, settings={"competitors": entered})
    reasons = {each["site"].rstrip("/"): each["reason"] for each in result["metrics"]["unread"]}
    assert reasons == {
        "http:": "invalid_site",
        closed.base: "robots_disallow",
        "http://127.0.0.1:1": "site_unreachable",
        website.base: "invalid_site",
    }
    assert result["metrics"]["links_found"] == 1
    assert result["outputs"]["anchor_distribution"]["items"][0]["share"] == 1


async def test_a_run_without_any_readable_competitor_fails_with_their_reasons(
    watcher: Watcher, website: Website
) -> None:
    website.pages = {"/": html()}
    settings = {"competitors": ["http://127.0.0.1:1"]}
    status = await watcher.run(website.base, settings=settings)
    assert status["error"]["code"] == "worker_failed"
    assert "http://127.0.0.1:1/: http://127.0.0.1:1 cannot be reached" in status["error"]["message"]


async def test_a_site_that_is_away_itself_still_has_the_links_of_others(watcher: Watcher) -> None:
    async with served(Website()) as linking:
        linking.pages = {"/": html(links("http://127.0.0.1:1/"))}
        settings = {"competitors": [linking.base]}
        result = await watcher.result("http://127.0.0.1:1", settings=settings)
    assert result["metrics"]["links_found"] == 1
    assert result["outputs"]["domain_authority"]["value"] == 100
    assert result["metrics"]["unread"][0]["site"] == "http://127.0.0.1:1/"


async def test_sites_that_do_not_link_to_each_other_cannot_be_ranked(
    watcher: Watcher, website: Website
) -> None:
    website.pages = {"/": html()}
    async with served(Website()) as other:
        other.pages = {"/": html(f'<a rel="nofollow" href="{website.base}/">x</a>')}
        result = await watcher.result(website.base, settings={"competitors": [other.base]})
    assert "domain_authority" not in result["outputs"]
    assert "nothing to rank" in result["missing"]["domain_authority"]["message"]
    assert result["metrics"]["followed_links"] == 0
    assert result["metrics"]["links_found"] == 1


async def test_a_public_site_does_not_open_the_private_network(watcher: Watcher) -> None:
    async with served(Website()) as private:
        private.pages = {"/": html()}
        settings = {"competitors": [private.base]}
        status = await watcher.run("https://site.invalid", settings=settings)
        assert not private.hits
    assert status["error"]["code"] == "missing_config"
    assert "private network" in status["error"]["message"]


@pytest.mark.parametrize("entered", ["https://a.example", [1], {"a": "b"}])
async def test_a_setting_that_is_no_list_of_addresses_is_named(
    entered: object, watcher: Watcher, website: Website
) -> None:
    status = await watcher.run(website.base, settings={"competitors": entered})
    assert status["error"]["code"] == "missing_config"
    assert "competitors" in status["error"]["message"]


async def test_a_small_full_read_is_marked_as_a_sample(watcher: Watcher, website: Website) -> None:
    website.pages = {"/": html()}
    async with served(Website()) as large:
        large.pages = {"/": html(links("/a", "/b", "/c", f"{website.base}/"))}
        settings = {"competitors": [large.base]}
        result = await watcher.result(website.base, settings=settings, pages_per_site=2)
    assert sum(large.hits[path] for path in ("/", "/a", "/b", "/c")) == 2
    assert result["outputs"]["anchor_distribution"]["complete"] is False
