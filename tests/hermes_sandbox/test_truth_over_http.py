"""The list of truth, held against what a plain client reads over HTTP."""

import re
import socket
from collections import Counter
from collections.abc import AsyncGenerator
from html.parser import HTMLParser
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from hermes_sandbox.serving import demo_site
from hermes_sandbox.site import build, truth
from hermes_sandbox.site.model import Page

from .audit import Audit

VOID = {"area", "base", "img", "link", "meta"}


@pytest.fixture
async def audit() -> AsyncGenerator[Audit]:
    """A finished walk over the demo site, which stands at a free port."""
    listening = socket.create_server(("127.0.0.1", 0))
    base = f"http://127.0.0.1:{listening.getsockname()[1]}"
    runner = web.AppRunner(demo_site(base), access_log=None)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    async with aiohttp.ClientSession() as client:
        seen = Audit(base, client)
        await seen.walk()
        yield seen
    await runner.cleanup()


async def test_a_plain_client_finds_what_the_truth_says(audit: Audit) -> None:
    told = truth(build(audit.base))
    assert len(audit.pages) == told["pages_crawled"]
    assert sum(audit.indexable(url) for url in audit.good) == told["indexable_pages"]
    assert sorted(audit.blocked) == told["blocked_by_robots"]
    assert audit.orphans() == told["orphan_pages"]
    assert _non_200(audit) == told["non_200_urls"]
    assert _chains(audit) == [
        (chain["start"], [hop["url"] for hop in chain["hops"]]) for chain in told["redirect_chains"]
    ]
    assert _counts(audit) == told["meta_tags"]["counts"]
    assert sorted(url for urls in told["templates"].values() for url in urls) == sorted(audit.good)


async def test_two_fetches_of_an_address_are_equal(audit: Audit) -> None:
    assert audit.statuses
    for url in audit.statuses:
        answers = list[Any]()
        for _time in range(2):
            async with audit.client.get(url, allow_redirects=False) as answer:
                kept = {name: text for name, text in answer.headers.items() if name != "Date"}
                answers.append((answer.status, kept, await answer.read()))
        assert answers[0] == answers[1], url


async def test_the_closed_calendar_goes_on_without_end(audit: Audit) -> None:
    months = sorted(url for url in audit.blocked if "/calendar/" in url)
    for _month in range(15):
        async with audit.client.get(months[-1]) as answer:
            assert answer.status == 200
            onward = re.findall(r'href="(/calendar/[^"]+)"', await answer.text())
        assert max(onward) > months[-1].removeprefix(audit.base)
        months.append(audit.base + max(onward))
    assert len(set(months)) == len(months)


def test_every_element_is_closed_in_order() -> None:
    site = build("http://127.0.0.1:8420")
    paths = [path for path, resource in site.resources.items() if isinstance(resource, Page)]
    assert len(paths) > 50
    for path in paths:
        page = _Nesting(path)
        page.feed(site.answer(path).body.decode())
        assert page.open == [], path


class _Nesting(HTMLParser):
    """Fails on a closing tag that does not match, and on an id or map name given twice."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.open, self.names = path, list[str](), set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open += [] if tag in VOID else [tag]
        for name in (value for key, value in attrs if value and (key == "id" or tag == "map")):
            assert name not in self.names, (self.path, name)
            self.names.add(name)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, self.path


def _non_200(audit: Audit) -> list[dict[str, Any]]:
    return [
        {
            "url": url,
            "status": status,
            "error": None,
            "referrers": sorted(_leading_to(audit, url))[:10],
        }
        for url, status in sorted(audit.statuses.items())
        if status != 200
    ]


def _leading_to(audit: Audit, url: str) -> set[str]:
    """The pages whose links end at an address or pass it, followed from their side."""
    ended = {
        target: {target, *audit.hops(target), *_ends(audit, target)} for target in audit.referrers
    }
    return {page for target, way in ended.items() if url in way for page in audit.referrers[target]}


def _ends(audit: Audit, start: str) -> list[str]:
    return [audit.moves[hop] for hop in audit.hops(start) if hop in audit.moves]


def _chains(audit: Audit) -> list[tuple[str, list[str]]]:
    ways = {start: audit.hops(start) for start in audit.listed | audit.referrers.keys()}
    return [(start, way) for start, way in sorted(ways.items()) if len(way) > 1]


def _counts(audit: Audit) -> dict[str, int]:
    titles, headings = audit.texts("head title"), audit.texts("h1")
    descriptions = [
        [
            content
            for node in page.css("meta[name=description]")
            if (content := node.attributes["content"])
        ]
        for page in audit.good.values()
    ]
    return {
        "missing_title": titles.count([]),
        "missing_description": descriptions.count([]),
        "missing_h1": headings.count([]),
        "multiple_h1": sum(len(each) > 1 for each in headings),
        "long_title": sum(len(text) > 60 for each in titles for text in each),
        "long_description": sum(len(text) > 160 for each in descriptions for text in each),
        "duplicate_titles": _sharing(titles),
        "duplicate_descriptions": _sharing(descriptions),
    }


def _sharing(texts: list[list[str]]) -> int:
    repeats = Counter(text for each in texts for text in each)
    return sum(count for count in repeats.values() if count > 1)
