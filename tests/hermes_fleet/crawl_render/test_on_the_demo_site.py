"""The crawler finds on the demo site exactly the faults that were planted there."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Iterable
from pathlib import Path
from typing import Any

import pytest

from hermes_fleet.crawling.addresses import shape
from hermes_sandbox.site import build, truth
from tests.hermes_fleet.websites import Crawler
from tests.support.waiting import until

Output = dict[str, Any]


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncGenerator[str, None]:
    """The address of the demo site, served by its own process."""
    announced = tmp_path / "demo.json"
    serve = ["-m", "hermes_sandbox", "--port", "0", "--announce", str(announced)]
    process = await asyncio.create_subprocess_exec(sys.executable, *serve)
    await until(announced.exists, "the sandbox is announced")
    yield json.loads(announced.read_text())["site"]
    process.terminate()
    await process.wait()


def only(items: Iterable[Output], *keys: str) -> list[tuple[Any, ...]]:
    return sorted(tuple(item[key] for key in keys) for item in items)


async def test_a_full_crawl_finds_exactly_what_was_planted(demo: str, crawler: Crawler) -> None:
    planted = truth(build(demo))
    result = await crawler.crawl(demo)
    outputs = result["outputs"]
    assert outputs["pages_crawled"] == planted["pages_crawled"]
    assert outputs["indexable_pages"] == planted["indexable_pages"]
    assert outputs["non_200_urls"]["items"] == planted["non_200_urls"]
    assert outputs["canonical_errors"]["items"] == planted["canonical_errors"]
    assert outputs["redirect_chains"]["items"] == planted["redirect_chains"]
    assert outputs["orphan_pages"]["items"] == planted["orphan_pages"]
    assert outputs["meta_tags"]["counts"] == planted["meta_tags"]["counts"]
    assert result["metrics"]["blocked_by_robots"]["items"] == planted["blocked_by_robots"]
    assert all(output["complete"] for output in outputs.values() if isinstance(output, dict))


@pytest.mark.browser
async def test_a_full_crawl_finds_every_planted_render_failure(demo: str, crawler: Crawler) -> None:
    planted = truth(build(demo))["render_failures"]
    found = (await crawler.crawl(demo, render="auto"))["outputs"]["render_failures"]
    assert only(found["items"], "url") == only(planted, "url")


async def test_a_smoke_crawl_sees_every_template_within_its_bound(
    demo: str, crawler: Crawler
) -> None:
    result = await crawler.crawl(demo, "smoke")
    seen = {shape(item["url"]) for item in result["outputs"]["meta_tags"]["items"]}
    assert {"/", "/services/*", "/locations/*", "/blog/*", "/team/*", "/legal/*"} <= seen
    assert result["metrics"]["urls_visited"] == 10
    assert result["metrics"]["seconds"] < 20
    assert result["outputs"]["orphan_pages"]["complete"] is False
