"""The validator over HTTP: planted pages are judged exactly, and the demo site sensibly."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from hermes_fleet.content_qa import BUILT_BY_SCRIPTS, worker
from hermes_fleet.content_qa.document import Document
from hermes_fleet.content_qa.review import review
from hermes_fleet.content_qa.rulebook import rulebook
from hermes_fleet.crawling import page as pages
from tests.hermes_fleet.websites import FINISHED, KEY, Website
from tests.support.asgi import serving
from tests.support.waiting import until

GOOD_TEXT = "Our dentists explain each step before it is taken, and the fee with it. " * 15


def page(title: str, body: str = "", lang: str = "en", text: str = GOOD_TEXT) -> web.Response:
    """A page that keeps every rule, but for what `body` adds."""
    description = f"{title}: what we do, what it takes and what it will cost you in the end."
    html = (
        f'<!doctype html><html lang="{lang}"><head><title>{title}</title>'
        f'<meta name="description" content="{description}"></head>'
        f"<body><nav><a href='/about'>About us</a> <a href='/contact'>Contact</a></nav>"
        f"<main><h1>{title}</h1><p>{title} {text}</p>{body}</main></body></html>"
    )
    return web.Response(text=html, content_type="text/html")


class Validator:
    """A client of the worker's HTTP contract."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self.session, self.base = session, base

    async def ask(self, site: str, mode: str = "full", **payload: Any) -> dict[str, Any]:
        """The status of a job that has ended; the answer of /start is enough for a short one."""
        body = {"mode": mode, "site": site, **payload}
        headers = {"Authorization": f"Bearer {KEY}"}
        async with self.session.post(f"{self.base}/start", json=body, headers=headers) as got:
            answer = await got.json()
        while answer["status"] not in FINISHED:
            address = f"{self.base}/status?jobId={answer['jobId']}"
            async with self.session.get(address, headers=headers) as got:
                answer = await got.json()
        return answer

    async def result(self, site: str, mode: str = "full", **payload: Any) -> dict[str, Any]:
        answer = await self.ask(site, mode, **payload)
        assert answer["status"] == "completed", answer
        return answer["result"]


@pytest.fixture
async def validator(tmp_path: Path) -> AsyncGenerator[Validator]:
    app = worker.app(KEY, tmp_path / "state")
    async with serving(app) as url, aiohttp.ClientSession() as session:
        yield Validator(session, url)


async def test_a_site_that_keeps_every_rule_has_full_marks(
    website: Website, validator: Validator
) -> None:
    website.pages = {"/": page("The practice"), "/about": page("About the practice"), "/contact": page("How to reach us")}  # fmt: skip
    result = await validator.result(website.base)
    outputs = result["outputs"]
    assert outputs["qa_score"] == 100
    assert outputs["compliance_status"] == "compliant"
    assert (outputs["violations"]["count"], outputs["violations"]["items"]) == (0, [])
    assert (outputs["fix_list"]["count"], outputs["fix_list"]["complete"]) == (0, True)
    assert set(result["provenance"].values()) == {"measured"}
    assert result["metrics"]["items"] == 3
    assert result["metrics"]["requests"] == sum(website.hits.values())


async def test_planted_faults_are_found_where_they_are_and_nothing_else(
    website: Website, validator: Validator
) -> None:
    claim = "<p id='claim'>We cure 99% of all pain.</p>"
    website.pages = {
        "/": page("The practice", '<img src="/team.jpg"><a href="/blog/one">Read more</a>'),
        "/about": page("About the practice", lang=""),
        "/contact": page("About the practice"),
        "/blog/one": page("The first post", claim + "<h3>Deep</h3>"),
    }
    website.pages["/contact"] = page("About the practice", text=GOOD_TEXT + "Ring us.")
    outputs = (await validator.result(website.base))["outputs"]
    found = {
        (item["rule"], item["url"].removeprefix(website.base), item["path"])
        for item in outputs["violations"]["items"]
    }
    assert found == {
        ("language_missing", "/about", ""),
        ("image_alt_missing", "/", "main:nth-of-type(1) > img:nth-of-type(1)"),
        ("link_vague", "/", "main:nth-of-type(1) > a:nth-of-type(1)"),
        ("title_duplicate", "/about", ""),
        ("title_duplicate", "/contact", ""),
        ("description_duplicate", "/about", ""),
        ("description_duplicate", "/contact", ""),
        ("claim_without_source", "/blog/one", "#claim"),
        ("heading_order", "/blog/one", "main:nth-of-type(1) > h3:nth-of-type(1)"),
        ("author_missing", "/blog/one", ""),
        ("date_missing", "/blog/one", ""),
    }
    assert outputs["compliance_status"] == "not compliant"
    assert outputs["violations"]["count"] == len(found)
    fixes = outputs["fix_list"]["items"]
    assert [fix["rule"] for fix in fixes[:2]] == ["title_duplicate", "language_missing"]
    gains = [fix["gain"] for fix in fixes]
    assert gains == sorted(gains, reverse=True)
    assert outputs["qa_score"] + sum(gains) == pytest.approx(100, abs=0.2)


async def test_important_pages_are_checked_instead_of_a_choice(
    website: Website, validator: Validator
) -> None:
    website.pages = {"/": page("The practice"), "/prices": page("Our prices")}
    settings = {"pages": ["/prices", f"{website.base}/gone"]}
    result = await validator.result(website.base, settings=settings)
    assert result["metrics"]["pages"] == [f"{website.base}/prices"]
    assert result["metrics"]["pages_unread"] == {f"{website.base}/gone": "status 404"}
    assert result["outputs"]["compliance_status"] == "needs review"
    assert result["outputs"]["violations"]["complete"] is False


async def test_settings_that_are_absent_or_null_are_no_trouble(
    website: Website, validator: Validator
) -> None:
    website.pages = {"/": page("The practice")}
    for settings in (None, {}, {"pages": None}, {"pages": []}):
        result = await validator.result(website.base, "smoke", settings=settings)
        assert result["metrics"]["pages"] == [f"{website.base}/"]


async def test_pages_built_by_scripts_are_not_judged_as_thin(
    website: Website, validator: Validator
) -> None:
    shell = web.Response(
        text='<html lang=en><title>App</title><div id="app"></div><script src="/a.js"></script>',
        content_type="text/html",
    )
    website.pages = {"/": page("The practice", '<a href="/app">App</a>'), "/app": shell}
    result = await validator.result(website.base)
    assert result["metrics"]["pages_unread"] == {f"{website.base}/app": BUILT_BY_SCRIPTS}
    assert result["outputs"]["compliance_status"] == "needs review"
    only_shell = await validator.ask(website.base, settings={"pages": ["/app"]})
    assert only_shell["error"]["code"] == "no_outputs"
    assert BUILT_BY_SCRIPTS in only_shell["error"]["message"]


async def test_a_page_of_another_site_is_refused_by_the_name_of_the_setting(
    website: Website, validator: Validator
) -> None:
    website.pages = {"/": page("The practice")}
    answer = await validator.ask(website.base, settings={"pages": ["https://other.example/x"]})
    assert answer["error"]["code"] == "missing_config"
    assert answer["error"]["message"].startswith(
        "pages: 'https://other.example/x' is not a page of"
    )


async def test_long_lists_of_violations_keep_their_count(
    website: Website, validator: Validator
) -> None:
    website.pages = {"/": page("The practice", '<img src="/x.jpg">' * 30)}
    violations = (await validator.result(website.base))["outputs"]["violations"]
    assert (violations["count"], len(violations["items"])) == (30, 10)
    assert violations["complete"] is False
    assert "10 of 30 violations are listed" in violations["basis"]


def test_the_score_is_the_weight_of_the_rules_kept() -> None:
    url = "https://www.example.com/x"
    html = f"<html lang=en><head><title>A title that fits</title></head><body><h1>A</h1><p>{GOOD_TEXT}</p>"
    found = review([Document(url, pages.read(html, url), html)], rulebook())
    weights = {"critical": 5, "major": 3, "minor": 1}
    applied = sum(weights[each.rule.severity] for each in found.judged)
    assert [each.rule.id for each in found.broken] == ["description_missing"]
    assert found.score == round(100 * (applied - 3) / applied, 1)
    assert found.compliance(0) == "needs review"
    areas = found.components()
    assert areas["metadata"]["score"] < 100
    assert sum(area["weight"] for area in areas.values()) == pytest.approx(1, abs=0.01)


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncGenerator[str]:
    """The address of the demo site, served by its own process."""
    announced = tmp_path / "demo.json"
    serve = ["-m", "hermes_sandbox", "--port", "0", "--announce", str(announced)]
    process = await asyncio.create_subprocess_exec(sys.executable, *serve)
    await until(announced.exists, "the sandbox is announced")
    yield json.loads(announced.read_text())["site"]
    process.terminate()
    await process.wait()


async def test_a_smoke_run_at_the_demo_site_is_small_and_quick(
    demo: str, validator: Validator
) -> None:
    result = await validator.result(demo, "smoke", max_urls=3)
    assert result["metrics"]["items"] == 3
    assert result["metrics"]["requests"] <= 30
    assert result["metrics"]["seconds"] < 10
    assert result["outputs"].keys() == set(worker.declaration.outputs)


async def test_what_the_demo_site_plants_in_titles_and_headings_is_found(
    demo: str, validator: Validator
) -> None:
    async with validator.session.get(f"{demo}/__truth__.json") as got:
        planted = (await got.json())["planted"]
    result = await validator.result(demo, "full", max_urls=500)
    checked = set(result["metrics"]["pages"])
    found = Counter[str]()
    for fix in result["outputs"]["fix_list"]["items"]:
        for kind, rule in (
            ("missing_title", "title_missing"),
            ("missing_description", "description_missing"),
            ("missing_h1", "h1_missing"),
            ("multiple_h1", "h1_multiple"),
            ("duplicate_title", "title_duplicate"),
        ):
            if fix["rule"] == rule:
                assert set(planted[kind]) & checked <= set(fix["pages"]), rule
                found[rule] += len(set(planted[kind]) & checked)
    assert all(found[rule] for rule in ("title_missing", "h1_missing", "h1_multiple"))
