"""The demo network: three competitors beside the demo site, and a truth that a plain client confirms."""

import json
import re
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from functools import cache
from typing import Any
from urllib.parse import urldefrag

import aiohttp
import pytest
from aiohttp import web
from selectolax.lexbor import LexborHTMLParser

from hermes_sandbox.network import build as build_anew
from hermes_sandbox.network import truth
from hermes_sandbox.network.reading import Text
from hermes_sandbox.serving import network_sites
from hermes_sandbox.site.truth import Walk
from tests.support.ports import held_addresses

from .audit import Audit

DEMO = "http://127.0.0.1:8420"
RIVALS = ["http://127.0.0.1:8421", "http://127.0.0.1:8422", "http://127.0.0.1:8423"]
BRIGHTWATER, OAKLINE, TOOTHFINDER = RIVALS
Found = dict[str, Any]


@cache
def told(edition: int = 1) -> Found:
    return truth(build_anew(DEMO, RIVALS, edition))


def links(edition: int = 1) -> dict[tuple[str, str], Found]:
    return {(link["source"], link["target"]): link for link in told(edition)["links"]}


@pytest.fixture
async def audits() -> AsyncGenerator[dict[str, Audit]]:
    """Finished walks over the served network, by address."""
    async with AsyncExitStack() as stack:
        addresses = stack.enter_context(held_addresses(4))
        network = build_anew(addresses[0], addresses[1:])
        for address, app in network_sites(network).items():
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", int(address.rpartition(":")[2])).start()
        client = await stack.enter_async_context(aiohttp.ClientSession())
        walks = {address: Audit(address, client) for address in addresses}
        for walk in walks.values():
            await walk.walk()
        yield walks


def test_two_builds_are_equal() -> None:
    assert truth(build_anew(DEMO, RIVALS)) == told()


def test_every_competitor_is_small_and_has_what_the_demo_site_lacks() -> None:
    demo, *competitors = told()["sites"]
    assert (demo["url"], demo["role"]) == (DEMO, "demo")
    for site in competitors:
        assert 25 <= len(site["pages"]) <= 40
        lacking = told()["lacking_at_demo"][site["url"]]
        assert lacking["templates"]
        assert lacking["schema_types"]
    assert "FAQPage" in told()["lacking_at_demo"][BRIGHTWATER]["schema_types"]
    assert "/compare/*" in told()["lacking_at_demo"][BRIGHTWATER]["templates"]
    assert "/areas/calder-bay/*" in told()["lacking_at_demo"][OAKLINE]["templates"]


def test_the_settings_of_the_demo_site_name_phrases_that_its_pages_cover() -> None:
    network = build_anew(DEMO, RIVALS)
    settings = network.settings()
    assert settings["competitors"] == RIVALS
    assert settings["gsc_site"] == f"{DEMO}/"
    assert str(settings["ga4_property"]).isdigit()
    covered = told()["sites"][0]["keywords"]
    assert list(covered) == settings["keywords"]
    assert 6 <= len(covered) <= 10
    assert all(each["in_title"] for each in covered.values())


def test_full_text_search_ranks_the_planted_leader_first() -> None:
    index = sqlite3.connect(":memory:")
    index.execute("create virtual table pages using fts5(url, title, headings, body)")
    for site in build_anew(DEMO, RIVALS).sites.values():
        for url, page in Walk(site).good.items():
            text = Text.of(page)
            row = ("", text.title, text.headings, text.main)
            index.execute("insert into pages values (?, ?, ?, ?)", (url, *row[1:]))
    best = "select url from pages where pages match ? order by bm25(pages, 0, 8, 4, 1) limit 1"
    for keyword, leader in told()["keyword_leaders"].items():
        ((url,),) = index.execute(best, (f'"{keyword}"',)).fetchall()
        assert url.startswith(f"{leader}/"), keyword
    index.close()


def test_links_that_no_polite_crawler_sees_are_not_in_the_truth() -> None:
    sources = {link["source"].removeprefix(BRIGHTWATER) for link in told()["links"]}
    assert "/partners" in sources
    assert "/private/suppliers" not in sources
    assert not any("/archive/2019" in source for source in sources)
    assert f"{TOOTHFINDER}/landing/award" in sources


def test_links_lead_to_pages_that_exist_moved_and_are_gone() -> None:
    statuses = {link["target"]: link["target_status"] for link in told()["links"]}
    assert statuses[f"{DEMO}/"] == 200
    assert statuses[f"{DEMO}/old-whitening"] == 301
    assert statuses[f"{DEMO}/services/gold-teeth"] == 404
    assert statuses[f"{DEMO}/careers/receptionist-2020"] == 410


def test_links_are_of_every_kind_that_authors_write() -> None:
    rels = {link["rel"] for link in told()["links"]}
    assert rels == {"", "nofollow", "ugc", "sponsored", "sponsored nofollow", "nofollow noopener"}
    pictures = [link for link in told()["links"] if link["anchor"] == "Juniper Dental logo"]
    assert [link["source"] for link in pictures] == [f"{OAKLINE}/links"]


def test_the_later_edition_differs_in_the_planted_links_alone() -> None:
    first, later = links(1), links(2)
    gone, come = first.keys() - later.keys(), later.keys() - first.keys()
    assert {source.rpartition("/")[2] for source, _ in gone} == {
        "",  # the directory's home page
        "payment",
        "a-lost-filling",
        "briar-heights",
    }
    assert {source.rpartition("/")[2] for source, _ in come} == {
        "prices",
        "a-chipped-tooth",
        "cedar-mills",
    }
    assert all(first[each] == later[each] for each in first.keys() & later.keys())
    pages = [[page["url"] for site in told(n)["sites"] for page in site["pages"]] for n in (1, 2)]
    assert pages[0] == pages[1]


async def test_a_plain_client_finds_what_the_truth_of_the_network_says(
    audits: dict[str, Audit],
) -> None:
    demo = next(iter(audits.values()))
    async with demo.client.get(f"{demo.base}/__truth__.json") as answer:
        said = (await answer.json())["network"]
    for site in said["sites"]:
        audit = audits[site["url"]]
        assert [page["url"] for page in site["pages"]] == sorted(audit.good)
        for page in site["pages"]:
            assert _page(audit, page["url"]) == page
    assert sorted(_keys(said["links"])) == sorted(_keys(await _links(audits)))


async def test_every_site_tells_its_own_truth_too(audits: dict[str, Audit]) -> None:
    for base, audit in audits.items():
        async with audit.client.get(f"{base}/__truth__.json") as answer:
            said = await answer.json()
        assert said["pages_crawled"] == len(audit.pages)
        assert said["orphan_pages"] == audit.orphans()
        assert said["blocked_by_robots"] == sorted(audit.blocked)


def _page(audit: Audit, url: str) -> Found:
    tree = audit.good[url]
    title, main = tree.css_first("head title"), tree.css_first("main")
    assert main is not None
    kinds = re.findall(r'"@type": "(\w+)"', " ".join(_data(tree)))
    headings = [(int(str(node.tag)[1]), node.text()) for node in main.css("h1, h2, h3")]
    folder, _, last = url.removeprefix(audit.base).partition("?")[0].rstrip("/").rpartition("/")
    return {
        "url": url,
        "template": f"{folder}/*" if last else "/",
        "title": title.text() if title else "",
        "outline": [list(heading) for heading in headings if heading[1]],
        "words": len(main.text(separator=" ").split()),
        "schema_types": sorted(set(kinds)),
    }


def _data(tree: LexborHTMLParser) -> list[str]:
    found = [node.text() for node in tree.css('script[type="application/ld+json"]')]
    assert all(json.loads(text) for text in found)
    return found


async def _links(audits: dict[str, Audit]) -> list[Found]:
    """Every link from one audited site to another, asked for its status."""
    found = list[Found]()
    for base, audit in audits.items():
        for url, tree in audit.good.items():
            for node in tree.css("a[href^='http']"):
                target = urldefrag(node.attributes["href"] or "").url
                if target.startswith(base) or not target.startswith(tuple(audits)):
                    continue
                picture = node.css_first("img")
                text = picture.attributes["alt"] if picture else node.text()
                rel = node.attributes.get("rel") or ""
                async with audit.client.get(target, allow_redirects=False) as answer:
                    status = answer.status
                fields = {"source": url, "target": target, "anchor": text, "rel": rel}
                found.append({**fields, "target_status": status})
    return list({(each["source"], each["target"]): each for each in reversed(found)}.values())


def _keys(found: list[Found]) -> list[tuple[Any, ...]]:
    names = ("source", "target", "anchor", "rel", "target_status")
    return [tuple(link[name] for name in names) for link in found]
