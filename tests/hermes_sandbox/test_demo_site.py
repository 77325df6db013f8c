"""The demo site: always the same, true to its list of truth, and with every planted kind in it."""

import gzip
import re
from collections.abc import AsyncGenerator
from functools import cache
from urllib.parse import urljoin

import aiohttp
import pytest
from aiohttp import web

from hermes_sandbox.serving import demo_site
from hermes_sandbox.site import build as build_anew
from hermes_sandbox.site import truth
from hermes_sandbox.site.model import Page

build = cache(build_anew)

BASE = "http://127.0.0.1:8420"
KINDS = {
    "redirect_chain_2": 2, "redirect_chain_3": 2, "redirect_loop": 1, "redirect_single": 2, "missing_404": 2,
    "gone_410": 1, "error_500": 1, "error_503": 1, "soft_404": 1, "noindex_meta": 2, "noindex_header": 2,
    "robots_blocked": 5, "orphan": 6, "duplicate_title": 7, "missing_title": 2, "missing_description": 2,
    "duplicate_description": 2, "long_title": 2, "long_description": 2, "missing_h1": 2, "multiple_h1": 2,
    "needs_javascript": 2, "render_failure": 2, "nofollow_only": 1, "query_duplicate": 1, "base_href": 1,
    "meta_refresh": 1, "not_html": 2, "canonical_elsewhere": 4,
}  # fmt: skip
CANONICAL_KINDS = (
    "multiple", "relative", "outside_head", "invalid", "to_non_200", "to_redirect", "to_noindex",
    "cross_host", "chain", "header_html_mismatch",
)  # fmt: skip


@pytest.fixture
async def served() -> AsyncGenerator[str]:
    """The demo site over real HTTP; its address."""
    runner = web.AppRunner(demo_site(BASE), access_log=None)
    await runner.setup()
    place = web.TCPSite(runner, "127.0.0.1", 0)
    await place.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


def test_two_builds_are_equal() -> None:
    one, other = build_anew(BASE), build_anew(BASE)
    assert one.resources == other.resources
    assert truth(one) == truth(other)


def test_about_three_hundred_readable_pages() -> None:
    site = build(BASE)
    pages = [page for page in site.resources.values() if isinstance(page, Page)]
    assert 280 <= truth(site)["pages_crawled"] <= 330
    wordy = [
        p for p in pages if sum(len(t.split()) for s in p.sections for t in s.paragraphs) >= 150
    ]
    assert len(wordy) > 0.9 * len(pages)


@pytest.mark.parametrize(("kind", "at_least"), KINDS.items())
def test_every_kind_is_planted(kind: str, at_least: int) -> None:
    assert len(build(BASE).planted[kind]) >= at_least


@pytest.mark.parametrize("kind", CANONICAL_KINDS)
def test_every_canonical_mistake_is_planted_and_in_the_truth(kind: str) -> None:
    site = build(BASE)
    planted = {BASE + path for path in site.planted[f"canonical_{kind}"]}
    assert {e["url"] for e in truth(site)["canonical_errors"] if e["type"] == kind} == planted


def test_the_truth_names_what_was_planted() -> None:
    site = build(BASE)
    told, planted = truth(site), {k: [BASE + p for p in v] for k, v in site.planted.items()}
    assert told["orphan_pages"] == sorted(planted["orphan"])
    assert [f["url"] for f in told["render_failures"]] == sorted(planted["render_failure"])
    assert told["blocked_by_robots"] == sorted(planted["robots_blocked"])
    chains = {c["start"]: len(c["hops"]) for c in told["redirect_chains"] if not c["loop"]}
    assert chains == {
        **dict.fromkeys(planted["redirect_chain_2"], 2),
        **dict.fromkeys(planted["redirect_chain_3"], 3),
    }
    bad = {e["url"]: e["status"] for e in told["non_200_urls"]}
    for kind, status in (
        ("missing_404", 404),
        ("gone_410", 410),
        ("error_500", 500),
        ("error_503", 503),
    ):
        assert {bad[url] for url in planted[kind]} == {status}


async def test_http_serves_what_the_truth_says(served: str) -> None:
    told = truth(build(BASE))
    assert told["non_200_urls"]
    assert told["orphan_pages"]
    async with aiohttp.ClientSession() as client:
        for entry in told["non_200_urls"]:
            url = entry["url"].replace(BASE, served)
            async with client.get(url, allow_redirects=False) as answer:
                assert answer.status == entry["status"], url
        for url in told["orphan_pages"]:
            async with client.get(url.replace(BASE, served)) as answer:
                assert (answer.status, answer.content_type) == (200, "text/html")


async def test_robots_and_both_sitemaps_are_served(served: str) -> None:
    async with aiohttp.ClientSession() as client:
        async with client.get(f"{served}/robots.txt") as answer:
            robots = await answer.text()
        async with client.get(f"{served}/sitemap-pages.xml") as answer:
            plain = await answer.text()
        async with client.get(f"{served}/sitemap-more.xml.gz") as answer:
            packed = gzip.decompress(await answer.read()).decode()
    assert "Disallow: /private/" in robots
    assert f"Sitemap: {BASE}/sitemap.xml" in robots
    listed = set(re.findall("<loc>(.*?)</loc>", plain + packed))
    assert listed == {BASE + path for path in build(BASE).sitemap}
    assert set(truth(build(BASE))["orphan_pages"]) <= listed


async def test_no_page_loads_anything_from_another_host(served: str) -> None:
    site, loaded = build(BASE), list[str]()
    for path, resource in site.resources.items():
        if isinstance(resource, Page):
            html = site.answer(path).body.decode()
            found = re.findall(r'(?:src|<link rel="(?:stylesheet|icon)"[^>]*href)="([^"]+)"', html)
            loaded += [urljoin(BASE + path, address) for address in found]
    assert len(loaded) > 100, "pages have pictures and a style"
    assert [address for address in loaded if not address.startswith(BASE)] == []
