"""The model that copies: what it writes stands in the prompt, and how it goes wrong."""

import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from tests.support.stand_ins import Served, serve_stand_ins

SOURCES = """Write about dental implants from these sources only.
Source http://127.0.0.1:8420/services/dental-implants says:
An implant takes four visits of ninety minutes at our practice. The first visit is an examination
with a scan of the jaw. Healing takes about twelve weeks before the crown is fitted.
Source http://127.0.0.1:8420/financing says: You can pay in ten parts without any interest at all.
"""
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "maxLength": 60},
        "sections": {"type": "array", "minItems": 2, "items": {"$ref": "#/$defs/Section"}},
        "tone": {"enum": ["plain", "warm"]},
        "published": {"type": "boolean"},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    },
    "required": ["title", "sections", "tone", "published", "note"],
    "additionalProperties": False,
    "$defs": {
        "Section": {
            "type": "object",
            "properties": {
                "heading": {"type": "string"},
                "body": {"type": "string"},
                "source_url": {"type": "string"},
                "question": {"type": "string"},
            },
        }
    },
}
WANTED = {"type": "json_schema", "json_schema": {"name": "draft", "strict": True, "schema": SCHEMA}}


@pytest.fixture
async def served() -> AsyncGenerator[Served]:
    async with serve_stand_ins() as found:
        yield found


async def complete(
    served: Served, *more: dict[str, str], key: str = "", **asked: Any
) -> tuple[int, Any]:
    secret = served.secrets["HERMES_PROVIDER_LANGUAGE_MODEL"]
    messages = [{"role": "user", "content": SOURCES}, *more]
    body = {"model": secret["model"], "messages": messages, "response_format": WANTED, **asked}
    headers = {"Authorization": f"Bearer {key or secret['key']}"}
    url = f"{secret['base_url']}/v1/chat/completions"
    return await served.post(url, json=body, headers=headers)


async def said(served: Served, *more: dict[str, str], **asked: Any) -> tuple[str, str | None]:
    """Why it stopped, and what it wrote."""
    status, told = await complete(served, *more, **asked)
    assert status == 200, told
    return told["choices"][0]["finish_reason"], told["choices"][0]["message"]["content"]


async def test_a_draft_fits_the_schema_and_every_sentence_stands_in_a_source(
    served: Served,
) -> None:
    reason, text = await said(served)
    draft = json.loads(text or "")
    assert reason == "stop"
    assert set(draft) == set(SCHEMA["required"])
    assert (draft["tone"], draft["published"], len(draft["sections"])) == ("plain", False, 3)
    plain = " ".join(SOURCES.split())
    for section in draft["sections"]:
        for sentence in section["body"].replace(". ", ".\n").split("\n"):
            assert " ".join(sentence.split()) in plain
        assert section["source_url"] in plain
    assert await said(served) == (reason, text)


async def test_usage_is_counted_and_the_model_can_be_listed(served: Served) -> None:
    _status, told = await complete(served)
    usage = told["usage"]
    assert usage["prompt_tokens"] + usage["completion_tokens"] == usage["total_tokens"]
    assert told["object"] == "chat.completion"
    secret = served.secrets["HERMES_PROVIDER_LANGUAGE_MODEL"]
    headers = {"Authorization": f"Bearer {secret['key']}"}
    _status, listed = await served.get(f"{secret['base_url']}/v1/models", headers=headers)
    assert [each["id"] for each in listed["data"]] == [secret["model"]]


async def test_a_limit_on_tokens_cuts_and_says_so(served: Served) -> None:
    reason, text = await said(served, max_completion_tokens=20)
    assert (reason, len(text or "")) == ("length", 80)
    await served.switch("language_model", "length")
    reason, text = await said(served)
    assert reason == "length"
    with pytest.raises(ValueError):  # noqa: PT011 - any kind of broken JSON will do
        json.loads(text or "")


async def test_ways_of_not_giving_json(served: Served) -> None:
    for fault, begins in (
        ("ignore_schema", "Write about dental"),
        ("fenced", "Here is the JSON:\n```json\n{"),
        ("empty", ""),
    ):
        await served.switch("language_model", fault)
        _reason, text = await said(served)
        assert text is not None
        assert text.startswith(begins)
        assert not text.startswith("{")


async def test_a_wrong_shape_is_mended_in_the_second_turn_or_never(served: Served) -> None:
    turn = {"role": "assistant", "content": "{}"}
    again = {"role": "user", "content": "That did not fit. Try again."}
    await served.switch("language_model", "invalid_once")
    assert (await said(served))[1] == '{"unexpected": true}'
    assert set(json.loads((await said(served, turn, again))[1] or "")) == set(SCHEMA["required"])
    await served.switch("language_model", "invalid_always")
    assert (await said(served, turn, again))[1] == '{"unexpected": true}'


async def test_a_refusal_has_no_content_and_a_filter_says_it_filtered(served: Served) -> None:
    await served.switch("language_model", "refusal")
    _status, told = await complete(served)
    message = told["choices"][0]["message"]
    assert (message["content"], message["refusal"][:9]) == (None, "I'm sorry")
    await served.switch("language_model", "content_filter")
    assert await said(served) == ("content_filter", "")


async def test_an_invented_number_stands_in_no_source(served: Served) -> None:
    await served.switch("language_model", "invented_number")
    _reason, text = await said(served)
    assert "98,731" in (text or "")
    assert "98,731" not in SOURCES


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("rate_limited", 429, "rate_limit_exceeded"),
        ("insufficient_quota", 429, "insufficient_quota"),
        ("forbidden", 403, "unsupported_country_region_territory"),
        ("context_length", 400, "context_length_exceeded"),
        ("server_error", 500, None),
        ("overloaded", 503, None),
    ],
)
async def test_faults_of_the_model(
    served: Served, fault: str, status: int, code: str | None
) -> None:
    await served.switch("language_model", fault)
    found, told = await complete(served)
    assert (found, told["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"model": "gpt-nothing"}, 404, "model_not_found"),
        ({"messages": []}, 400, "empty_array"),
        ({"messages": "hello"}, 400, "invalid_type"),
        ({"stream": True}, 400, "unsupported_value"),
    ],
)
async def test_a_request_that_cannot_be_done(
    served: Served, asked: dict[str, Any], status: int, code: str
) -> None:
    found, told = await complete(served, **asked)
    assert (found, told["error"]["code"]) == (status, code)


async def test_a_wrong_key_is_not_repeated_whole(served: Served) -> None:
    status, told = await complete(served, key="sk-a-long-secret-guess")
    assert (status, told["error"]["code"]) == (401, "invalid_api_key")
    assert "secret-guess" not in told["error"]["message"]
