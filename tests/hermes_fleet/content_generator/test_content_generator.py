"""The content generator over HTTP without a language model: the site's own sentences, each traceable."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from hermes_fleet.content_generator import worker
from hermes_fleet.content_generator.service import NAME
from hermes_fleet.providers import SANDBOX_FILE
from tests.hermes_fleet.content_generator.support import (
    WHITENING,
    Caller,
    called,
    demo,
    dentists,
    page,
)
from tests.hermes_fleet.websites import Website

TOPIC = "teeth whitening"


@pytest.fixture(autouse=True)
def no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (NAME, f"{NAME}_FILE", SANDBOX_FILE):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncGenerator[Caller]:
    async with called(tmp_path) as caller:
        yield caller


async def test_a_smoke_run_delivers_everything_and_stores_nothing(
    writer: Caller, website: Website
) -> None:
    website.pages |= dentists()
    found = await writer.result(website.base, topic=TOPIC, max_words=150, dry_run=False)
    assert set(found["outputs"]) == set(worker.declaration.outputs)
    assert found["provenance"] == {
        "drafts": "generated",
        "content_blocks": "generated",
        "faq_schema": "generated",
        "internal_links": "measured",
    }
    told = found["metrics"]
    assert (told["engine"], told["dry_run"], told["stored"]) == ("template-extractive", True, False)
    assert "artifacts" not in found
    assert told["items"] == 3
    assert told["requests"] == sum(website.hits.values())


async def test_every_sentence_stands_on_the_page_it_names(writer: Caller, website: Website) -> None:
    website.pages |= dentists()
    found = await writer.result(website.base, "full", topic=TOPIC, max_words=150)
    draft = found["outputs"]["drafts"]["items"][0]
    told = {each["text"]: each["source"] for each in draft["sentences"]}
    assert len(told) >= 3
    assert set(told) <= set(WHITENING) | {
        "Some people feel the cold for a day after whitening their teeth."
    }
    assert set(told.values()) == {f"{website.base}/whitening"}
    assert all(each in draft["body"] for each in told)
    assert draft["to_review"] == []
    assert found["metrics"]["checks"]["unsupported_numbers"]["value"] == []
    blocks = found["outputs"]["content_blocks"]["items"]
    assert [block["text"] for block in blocks] == [" ".join(told)]


async def test_the_sites_own_question_and_plain_ones_are_in_the_markup(
    writer: Caller, website: Website
) -> None:
    website.pages |= dentists()
    found = await writer.result(website.base, topic=TOPIC)
    asked = [each["name"] for each in found["outputs"]["faq_schema"]["mainEntity"]]
    assert asked[0] == "Does teeth whitening hurt?"
    assert "How much does teeth whitening cost?" in asked


async def test_links_lead_to_pages_that_answered_200(writer: Caller, website: Website) -> None:
    website.pages |= dentists()
    website.pages["/gone"] = web.Response(status=410)
    found = await writer.result(website.base, topic="dental implants")
    items = found["outputs"]["internal_links"]["items"]
    assert [each["url"] for each in items] == [f"{website.base}/implants"]
    async with aiohttp.ClientSession() as session, session.get(items[0]["url"]) as answer:
        assert answer.status == 200


async def test_a_full_run_keeps_its_draft_unless_it_is_a_dry_run(
    writer: Caller, website: Website
) -> None:
    website.pages |= dentists()
    kept = await writer.result(website.base, "full", topic=TOPIC, dry_run=False)
    assert kept["artifacts"]["draft"] == kept["outputs"]["drafts"]["items"][0]
    assert (kept["metrics"]["stored"], kept["metrics"]["published"]) == (True, False)
    dry = await writer.result(website.base, "full", topic=TOPIC, dry_run=True)
    assert "artifacts" not in dry


async def test_a_topic_without_text_leaves_the_links_and_says_why(
    writer: Caller, website: Website
) -> None:
    website.pages |= dentists()
    found = await writer.result(website.base, topic="car repair")
    assert found["outputs"] == {"internal_links": found["outputs"]["internal_links"]}
    assert found["outputs"]["internal_links"]["count"] == 0
    assert {gap["reason"] for gap in found["missing"].values()} == {"outputs_missing"}
    assert set(found["missing"]) == {"drafts", "content_blocks", "faq_schema"}


async def test_without_a_question_the_markup_is_missing_and_not_made_up(
    writer: Caller, website: Website
) -> None:
    texts = ("Crowns keep teeth whole for many good years.", "Porcelain crowns look like teeth do.",
             "Metal crowns last longer than porcelain crowns.")  # fmt: skip
    website.pages |= {"/": page("Crowns", *texts)}
    found = await writer.result(website.base, topic="crowns")
    assert found["outputs"]["drafts"]["count"] == 1
    assert found["missing"]["faq_schema"]["reason"] == "outputs_missing"
    assert "question" in found["missing"]["faq_schema"]["message"]


TOPICS: list[tuple[dict[str, Any], str, str]] = [
    ({"topic": " dental   implants "}, "dental implants", "the request"),
    ({"settings": {"keywords": ["teeth whitening", "x"]}}, TOPIC, "the site's first keyword"),
    ({"settings": {"keywords": None}}, "Kind dentists", "the home page's main heading"),
    ({}, "Kind dentists", "the home page's main heading"),
]


@pytest.mark.parametrize(("payload", "topic", "basis"), TOPICS)
async def test_the_topic_is_asked_for_else_a_keyword_else_what_the_home_page_is_about(
    writer: Caller, website: Website, payload: dict[str, Any], topic: str, basis: str
) -> None:
    website.pages |= dentists()
    told = (await writer.result(website.base, **payload))["metrics"]
    assert (told["topic"], told["topic_from"]) == (topic, basis)


async def test_a_setting_that_cannot_be_read_is_named(writer: Caller, website: Website) -> None:
    website.pages |= dentists()
    ended = await writer.ended(website.base, settings={"keywords": "teeth"})
    assert ended["error"]["code"] == "missing_config"
    assert "keywords must be a list" in ended["error"]["message"]
    refused = await writer.ended(website.base, max_words=3)
    assert refused["error"]["code"] == "invalid_payload"


async def test_pages_in_another_language_are_left_out(writer: Caller, website: Website) -> None:
    website.pages |= dentists()
    website.pages["/es"] = page(
        "Teeth whitening en casa",
        "Teeth whitening cuesta 99 euros en casa y no duele.",
        language="es",
    )
    website.pages["/"] = page(
        "Kind dentists",
        "We fix teeth kindly.",
        more='<a href="/es">es</a><a href="/whitening">w</a>',
    )
    found = await writer.result(website.base, topic=TOPIC)
    assert "/es" not in str(found["outputs"]["drafts"])
    assert website.hits["/es"] == 1


async def test_a_site_that_cannot_be_read_fails_with_the_reason(
    writer: Caller, website: Website
) -> None:
    website.pages["/robots.txt"] = web.Response(text="User-agent: *\nDisallow: /")
    ended = await writer.ended(website.base, topic=TOPIC)
    assert (ended["status"], ended["error"]["code"]) == ("failed", "robots_disallow")
    assert set(website.hits) == {"/robots.txt"}


async def test_the_demo_site_gets_a_draft_that_passes_its_checks(writer: Caller) -> None:
    async with demo() as site:
        found = await writer.result(
            site, max_words=150, dry_run=True, settings={"keywords": ["teeth whitening"]}
        )
    assert found["missing"] == {}
    assert found["metrics"]["to_review"] == []
    assert found["metrics"]["items"] <= 10
    assert found["metrics"]["requests"] <= 30
    draft = found["outputs"]["drafts"]["items"][0]
    assert {each["source"].removeprefix(site) for each in draft["sentences"]} >= {
        "/services/teeth-whitening"
    }
