"""The content generator with a language model: its form, its repairs, its limits, and every trouble."""

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from hermes_fleet.content_generator.chat import Chat
from hermes_fleet.content_generator.service import NAME
from hermes_fleet.providers import SANDBOX_FILE, Credential
from hermes_worker import WorkerError
from tests.hermes_fleet.content_generator.support import (
    MODEL,
    SECRET,
    WHITENING,
    Caller,
    Found,
    Reply,
    ScriptedModel,
    called,
    completion,
    demo,
    dentists,
    refusal,
    scripted_model,
    serving,
)
from tests.hermes_fleet.websites import Website
from tests.support.stand_ins import serve_stand_ins

TOPIC = "teeth whitening"
TEXTS = {"drafts", "content_blocks", "faq_schema"}


@pytest.fixture
async def writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Caller]:
    for name in (NAME, f"{NAME}_FILE", SANDBOX_FILE):
        monkeypatch.delenv(name, raising=False)
    async with called(tmp_path) as caller:
        yield caller


@pytest.fixture
async def model(website: Website, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[ScriptedModel]:
    """A model that an operator configured; the site of dentists stands beside it."""
    website.pages |= dentists()
    async with scripted_model() as found:
        found.replies.append(completion(draft(website.base)))
        monkeypatch.setenv(NAME, found.secret())
        yield found


def draft(site: str, **changes: Any) -> Found:
    """What a good model writes."""
    source = f"{site}/whitening"
    said = (
        "Teeth whitening is done here within 60 minutes.",
        "You pay at least $280 for it, and never more than the estimate says.",
        "Crowns stay as they are.",
    )
    return {
        "title": "Teeth whitening with kind dentists",
        "description": "Teeth whitening in 60 minutes: what it costs, how long it holds, and for whom it is.",
        "sections": [
            {"heading": "Your visit", "sentences": [{"text": t, "source": source} for t in said]}
        ],
        "questions": [
            {"question": "What does it cost?", "answer": "At least $280.", "source": source}
        ],
        "links": [
            {"anchor": "Dental implants", "url": f"{site}/implants"},
            {"anchor": "Offers", "url": f"{site}/gone"},
            {"anchor": "Elsewhere", "url": "http://127.0.0.2/x"},
        ],
        **changes,
    }


async def test_a_draft_of_the_model_is_delivered_as_generated(
    writer: Caller, website: Website, model: ScriptedModel
) -> None:
    found = await writer.result(website.base, topic=TOPIC)
    assert found["missing"] == {}
    assert {found["provenance"][slug] for slug in TEXTS} == {"generated"}
    told = found["outputs"]["drafts"]["items"][0]
    assert (told["engine"], told["words"], told["to_review"]) == (MODEL, 27, ["words"])
    assert found["outputs"]["faq_schema"]["mainEntity"][0]["name"] == "What does it cost?"
    metrics = found["metrics"]
    assert (metrics["tokens_read"], metrics["tokens_written"]) == (300, 200)
    assert "cost_usd" not in metrics  # nobody named a price
    assert metrics["requests"] == sum(website.hits.values()) + len(model.asked)


async def test_links_of_the_model_are_fetched_and_bad_ones_dropped(
    writer: Caller, website: Website, model: ScriptedModel
) -> None:
    found = await writer.result(website.base, topic=TOPIC)
    urls = [each["url"] for each in found["outputs"]["internal_links"]["items"]]
    assert urls[0] == f"{website.base}/implants"
    assert f"{website.base}/whitening" in urls
    assert found["metrics"]["links_dropped"] == {
        f"{website.base}/gone": "status 404",
        "http://127.0.0.2/x": "not a page of the site",
    }


async def test_the_question_is_in_the_documented_form(
    writer: Caller, website: Website, model: ScriptedModel
) -> None:
    await writer.result(website.base, topic=TOPIC, max_words=150)
    asked = model.asked[0]
    assert model.keys == [f"Bearer {SECRET}"]
    assert asked["model"] == MODEL
    assert asked["max_completion_tokens"] == 1000
    form = asked["response_format"]
    assert (form["type"], form["json_schema"]["strict"]) == ("json_schema", True)
    for part in (form["json_schema"]["schema"], *form["json_schema"]["schema"]["$defs"].values()):
        assert part["additionalProperties"] is False
        assert set(part["required"]) == set(part["properties"])
    system, user = asked["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    assert "150 words" in system["content"]
    assert f"{website.base}/whitening" in user["content"]
    assert WHITENING[0] in user["content"]


async def test_numbers_and_sources_that_the_site_does_not_hold_are_reported(
    writer: Caller, website: Website, model: ScriptedModel
) -> None:
    said = [
        {
            "text": "Teeth whitening made 98,731 people happy.",
            "source": f"{website.base}/whitening",
        },
        {"text": "Everybody smiles.", "source": "https://example.com/"},
    ]
    model.replies = [
        completion(draft(website.base, sections=[{"heading": "H", "sentences": said}]))
    ]
    found = await writer.result(website.base, topic=TOPIC)
    checks = found["metrics"]["checks"]
    assert checks["unsupported_numbers"]["value"] == ["98731"]
    assert checks["sentences_without_source"]["value"] == ["Everybody smiles."]
    assert {"unsupported_numbers", "sentences_without_source"} <= set(found["metrics"]["to_review"])


@pytest.mark.parametrize(
    "first",
    ["Here is a nice text without any form.", '{"unexpected": true}', "", '{"title": "x", '],
)
async def test_a_model_that_misses_the_form_is_asked_once_more(
    writer: Caller, website: Website, model: ScriptedModel, first: str
) -> None:
    model.replies.insert(0, completion(first))
    found = await writer.result(website.base, topic=TOPIC)
    assert found["outputs"]["drafts"]["count"] == 1
    assert [each["role"] for each in model.asked[1]["messages"]] == [
        "system",
        "user",
        "assistant",
        "user",
    ]
    assert model.asked[1]["max_completion_tokens"] == 800  # what the first answer left
    assert found["metrics"]["tokens_written"] == 400


async def test_a_model_that_misses_the_form_twice_delivers_no_text(
    writer: Caller, website: Website, model: ScriptedModel
) -> None:
    model.replies = [completion('{"unexpected": true}')]
    found = await writer.result(website.base, topic=TOPIC)
    assert len(model.asked) == 2
    assert set(found["missing"]) == TEXTS
    assert found["missing"]["drafts"]["reason"] == "malformed_reply"
    assert "title: Field required" in found["missing"]["drafts"]["message"]
    assert set(found["outputs"]) == {"internal_links"}


async def test_an_answer_in_fences_needs_no_repair(
    writer: Caller, website: Website, model: ScriptedModel
) -> None:
    model.replies = [completion(f"Sure:\n```json\n{json.dumps(draft(website.base))}\n```")]
    found = await writer.result(website.base, topic=TOPIC)
    assert found["outputs"]["drafts"]["count"] == 1
    assert len(model.asked) == 1


async def test_a_cut_off_answer_is_delivered_as_far_as_it_is_whole(
    writer: Caller, website: Website, model: ScriptedModel
) -> None:
    text = json.dumps(draft(website.base))
    model.replies = [completion(text[: text.index("Crowns stay") + 10], "length")]
    found = await writer.result(website.base, topic=TOPIC)
    drafts = found["outputs"]["drafts"]
    assert (drafts["complete"], drafts["items"][0]["cut_off"]) == (False, True)
    assert len(drafts["items"][0]["sentences"]) == 2
    assert "cut off" in found["missing"]["faq_schema"]["message"]
    assert len(model.asked) == 1


async def test_an_answer_cut_off_at_once_is_no_draft(
    writer: Caller, website: Website, model: ScriptedModel
) -> None:
    model.replies = [completion('{"title": "Teeth', "length")]
    found = await writer.result(website.base, topic=TOPIC)
    assert found["missing"]["drafts"]["reason"] == "worker_failed"
    assert "cut off at 1000 tokens" in found["missing"]["drafts"]["message"]


@pytest.mark.parametrize(
    "said", [completion(None, refusal="I can't help with that."), completion("", "content_filter")]
)
async def test_a_refusal_is_told_and_not_repeated(
    writer: Caller, website: Website, model: ScriptedModel, said: Reply
) -> None:
    model.replies = [said]
    found = await writer.result(website.base, topic=TOPIC)
    assert found["missing"]["drafts"]["reason"] == "worker_failed"
    assert "refused" in found["missing"]["drafts"]["message"]
    assert len(model.asked) == 1


async def test_a_repair_that_the_tokens_do_not_allow_is_not_asked_for(
    writer: Caller, website: Website, model: ScriptedModel
) -> None:
    wrong = completion("no JSON")
    wrong[1]["usage"]["completion_tokens"] = 900
    model.replies = [wrong]
    found = await writer.result(website.base, topic=TOPIC)
    assert found["missing"]["drafts"]["reason"] == "budget_exceeded"
    assert len(model.asked) == 1


async def test_a_server_without_response_format_is_asked_without_it(
    writer: Caller, website: Website, model: ScriptedModel
) -> None:
    model.replies.insert(0, refusal(400, "Unknown field: response_format"))
    found = await writer.result(website.base, topic=TOPIC)
    assert found["outputs"]["drafts"]["count"] == 1
    assert "response_format" not in model.asked[1]


async def test_a_server_that_knows_only_max_tokens_is_asked_with_that(
    writer: Caller, website: Website, model: ScriptedModel
) -> None:
    model.replies.insert(0, refusal(422, "max_completion_tokens: Extra inputs are not permitted"))
    found = await writer.result(website.base, topic=TOPIC)
    assert found["outputs"]["drafts"]["count"] == 1
    assert model.asked[1]["max_tokens"] == 1000
    assert "max_completion_tokens" not in model.asked[1]


TROUBLES: list[tuple[Reply, str, str]] = [
    (refusal(401, f"Incorrect API key provided: {SECRET}", "invalid_api_key"), "auth_401", "key"),
    (
        refusal(403, "Country not supported", "unsupported_country"),
        "forbidden_403",
        "not supported",
    ),
    (refusal(404, "The model does not exist", "model_not_found"), "missing_config", "field model"),
    ((404, "<h1>Not found</h1>"), "missing_config", "base_url"),
    ((302, "moved"), "missing_config", "base_url"),
    (refusal(429, "Rate limit reached", "rate_limit_exceeded"), "rate_limited", "in a minute"),
    (refusal(429, "You exceeded your quota", "insufficient_quota"), "quota_exceeded", "credit"),
    (refusal(402, "Payment required"), "quota_exceeded", "credit"),
    (refusal(400, "too long", "context_length_exceeded"), "worker_failed", "too long"),
    (refusal(400, "bad request"), "worker_failed", "bad request"),
    (refusal(409, "conflict"), "worker_failed", "conflict"),
    (refusal(500, "The server had an error"), "server_error_5xx", "again later"),
    ((503, "<h1>overloaded</h1>"), "server_error_5xx", "again later"),
    ((200, "<!doctype html><title>App</title>"), "malformed_reply", "HTML page"),
    ((200, {"choices": []}), "malformed_reply", "base_url"),
    ((200, [1, 2]), "malformed_reply", "base_url"),
    ((200, {"error": {"message": "upstream is away", "code": 502}}), "worker_failed", "upstream"),
    ((200, {"error": "out of memory"}), "worker_failed", "out of memory"),
]


@pytest.mark.parametrize(("reply", "reason", "words"), TROUBLES)
async def test_every_trouble_of_the_model_has_its_reason_and_leaves_the_links(
    writer: Caller, website: Website, model: ScriptedModel, reply: Reply, reason: str, words: str
) -> None:
    model.replies = [reply]
    found = await writer.result(website.base, topic=TOPIC)
    assert set(found["missing"]) == TEXTS
    assert {gap["reason"] for gap in found["missing"].values()} == {reason}
    assert words in found["missing"]["drafts"]["message"]
    assert found["outputs"]["internal_links"]["count"] >= 1
    assert SECRET not in json.dumps(found)
    assert len(model.asked) == 1  # a redirect is not followed, a failure not repeated


SECRETS: list[tuple[dict[str, Any] | str, str]] = [
    ({"base_url": "http://127.0.0.1:1", "key": "k"}, "no field model"),
    ({"model": "m"}, "no field key"),
    ({"base_url": "ftp://127.0.0.1", "key": "k", "model": "m"}, "not an http(s) address"),
    ({"base_url": "http://user:pw@127.0.0.1", "key": "k", "model": "m"}, "not an http(s) address"),
]


@pytest.mark.parametrize(("secret", "words"), SECRETS)
async def test_a_secret_that_cannot_be_used_says_what_it_lacks(
    writer: Caller,
    website: Website,
    monkeypatch: pytest.MonkeyPatch,
    secret: dict[str, Any],
    words: str,
) -> None:
    website.pages |= dentists()
    monkeypatch.setenv(NAME, json.dumps(secret))
    found = await writer.result(website.base, topic=TOPIC)
    assert found["missing"]["drafts"]["reason"] == "missing_config"
    assert words in found["missing"]["drafts"]["message"]
    assert "pw" not in json.dumps(found["missing"])


async def test_a_model_that_does_not_answer_in_time_is_a_read_timeout(website: Website) -> None:
    async def asleep(_request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    app = web.Application()
    app.router.add_post("/v1/chat/completions", asleep)
    async with serving(app) as base, aiohttp.ClientSession() as session:
        credential = Credential(NAME, {"base_url": base, "key": SECRET, "model": MODEL})
        chat = Chat(session, credential, 0.1)
        with pytest.raises(WorkerError) as refused:
            await chat.complete([{"role": "user", "content": "x"}], {}, 10)
    assert refused.value.code == "read_timeout"


async def test_nothing_listening_is_connect_refused(
    writer: Caller, website: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    website.pages |= dentists()
    monkeypatch.setenv(
        NAME, json.dumps({"base_url": "http://127.0.0.1:9", "key": "k", "model": "m"})
    )
    found = await writer.result(website.base, topic=TOPIC)
    assert found["missing"]["drafts"]["reason"] == "connect_refused"


@pytest.mark.parametrize("ending", ["", "/", "/v1", "/v1/"])
async def test_the_address_may_name_the_version_or_not(
    writer: Caller,
    website: Website,
    model: ScriptedModel,
    monkeypatch: pytest.MonkeyPatch,
    ending: str,
) -> None:
    monkeypatch.setenv(NAME, model.secret(base_url=model.base + ending, key=""))
    found = await writer.result(website.base, topic=TOPIC)
    assert found["outputs"]["drafts"]["count"] == 1
    assert model.keys == [""]  # a server of one's own may need no key


async def test_a_price_named_in_the_secret_makes_a_cost(
    writer: Caller, website: Website, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    prices = {"input_usd_per_million": 2, "output_usd_per_million": 10.0}
    monkeypatch.setenv(NAME, model.secret(**prices))
    found = await writer.result(website.base, topic=TOPIC)
    assert found["metrics"]["cost_usd"] == pytest.approx(300 * 2e-6 + 200 * 10e-6)


async def test_a_topic_without_material_is_not_sent_to_the_model(
    writer: Caller, website: Website, model: ScriptedModel
) -> None:
    found = await writer.result(website.base, topic="car repair")
    assert model.asked == []
    assert found["missing"]["drafts"]["reason"] == "outputs_missing"


STAND_IN = {
    None: "",
    "fenced": "",
    "invalid_once": "",
    "length": "",
    "invented_number": "",
    "invalid_always": "malformed_reply",
    "ignore_schema": "malformed_reply",
    "empty": "malformed_reply",
    "refusal": "worker_failed",
    "content_filter": "worker_failed",
    "rate_limited": "rate_limited",
    "insufficient_quota": "quota_exceeded",
    "forbidden": "forbidden_403",
    "context_length": "worker_failed",
    "server_error": "server_error_5xx",
    "overloaded": "server_error_5xx",
    "html": "malformed_reply",
    "broken_json": "malformed_reply",
    "redirect": "missing_config",
    "gateway": "server_error_5xx",
}


async def test_the_stand_in_is_read_and_each_of_its_faults_has_its_reason(
    writer: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with demo() as site, serve_stand_ins(site) as served:
        known = set(served.stand_ins.faults.table()["language_model"]["faults"])  # pyright: ignore[reportArgumentType]
        assert known == {*STAND_IN} - {None} | {"slow"}
        sandbox = tmp_path / "sandbox.json"
        sandbox.write_text(json.dumps({"site": site, "providers": {NAME: served.secrets[NAME]}}))
        monkeypatch.setenv(SANDBOX_FILE, str(sandbox))
        for fault, reason in STAND_IN.items():
            await served.switch("language_model", fault)
            found = await writer.result(site, topic=TOPIC, max_words=150)
            gap = found["missing"].get("drafts", {})
            assert gap.get("reason", "") == reason, (fault, gap)
            if not reason:
                assert found["provenance"]["drafts"] == "sample"
                numbers = found["metrics"]["checks"]["unsupported_numbers"]["value"]
                assert ("98731" in numbers) == (fault == "invented_number")
