"""An OpenAI-compatible model that copies: every sentence it writes stands in the prompt."""

from collections.abc import Callable
from time import time
from typing import Any, cast
from uuid import uuid4

from hermes_sandbox.providers.composer import composed, prose
from hermes_sandbox.providers.wire import Answer, Asked, Route

MODEL = "hermes-demo-copyist"
LETTERS_A_TOKEN = 4
MOST_TOKENS = 4096
INVENTED = " Over 98,731 patients confirmed this in 1847."
REFUSAL = "I'm sorry, but I can't help with that request."


def _refusal(status: int, message: str, kind: str, code: str | None, **headers: str) -> Answer:
    error = {"message": message, "type": kind, "param": None, "code": code}
    return Answer(status, {"error": error}, headers)


ERRORS = {
    "rate_limited": _refusal(
        429,
        f"Rate limit reached for {MODEL} on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 20s.",
        "requests",
        "rate_limit_exceeded",
        **{"Retry-After": "20"},
    ),
    "insufficient_quota": _refusal(
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        "insufficient_quota",
    ),
    "forbidden": _refusal(
        403,
        "Country, region, or territory not supported",
        "request_forbidden",
        "unsupported_country_region_territory",
    ),
    "context_length": _refusal(
        400,
        "This model's maximum context length is 8192 tokens. Please reduce the length of the messages.",
        "invalid_request_error",
        "context_length_exceeded",
    ),
    "server_error": _refusal(
        500, "The server had an error while processing your request.", "server_error", None
    ),
    "overloaded": _refusal(
        503, "The engine is currently overloaded, please try again later.", "server_error", None
    ),
}


class LanguageModel:
    """`/v1/models` and `/v1/chat/completions`."""

    name = "language_model"
    errors = ERRORS
    modes = frozenset(
        {"length", "ignore_schema", "fenced", "invalid_once", "invalid_always", "refusal"}
        | {"content_filter", "invented_number", "empty"}
    )

    def __init__(self, key: str, clock: Callable[[], float] = time) -> None:
        self._key, self._clock = key, clock

    def routes(self) -> list[Route]:
        return [
            ("GET", "/v1/models", self._models),
            ("POST", "/v1/chat/completions", self._complete),
        ]

    def refuses(self, asked: Asked) -> Answer | None:
        given = asked.bearer()
        if given == self._key:
            return None
        message = f"Incorrect API key provided: {given[:3]}***. You can find your API key at https://platform.openai.com/account/api-keys."
        if not given:
            message = "You didn't provide an API key."
        return _refusal(401, message, "invalid_request_error", "invalid_api_key")

    def _models(self, _asked: Asked) -> Answer:
        one = {"id": MODEL, "object": "model", "created": 1_760_000_000, "owned_by": "hermes"}
        return Answer(200, {"object": "list", "data": [one]})

    def _complete(self, asked: Asked) -> Answer:
        request = asked.fields()
        if (wrong := _wrong(request)) is not None:
            return wrong
        text = _text(request, asked.fault)
        most = _most(request)
        choice = _choice(text, most, asked.fault)
        used = _tokens("".join(str(each.get("content")) for each in request["messages"]))
        wrote = _tokens(str(choice["message"]["content"] or ""))
        usage = {"prompt_tokens": used, "completion_tokens": wrote, "total_tokens": used + wrote}
        return Answer(
            200,
            {
                "id": f"chatcmpl-{uuid4().hex}",
                "object": "chat.completion",
                "created": int(self._clock()),
                "model": MODEL,
                "choices": [choice],
                "usage": usage,
            },
        )


def _wrong(request: dict[str, Any]) -> Answer | None:
    """What the provider says of a request it cannot carry out."""
    kind = "invalid_request_error"
    if request.get("model") != MODEL:
        message = (
            f"The model `{request.get('model')}` does not exist or you do not have access to it."
        )
        return _refusal(404, message, kind, "model_not_found")
    messages = request.get("messages")
    if not isinstance(messages, list) or not all(
        isinstance(each, dict) for each in cast("list[Any]", messages)
    ):
        return _refusal(
            400, "Invalid type for 'messages': expected an array of objects.", kind, "invalid_type"
        )
    if not messages:
        return _refusal(400, "Invalid 'messages': empty array.", kind, "empty_array")
    if request.get("stream") or request.get("tools"):
        return _refusal(
            400, "The stand-in neither streams nor calls tools.", kind, "unsupported_value"
        )
    return None


def _text(request: dict[str, Any], fault: str) -> str:
    """What the model would say, before any limit on length."""
    messages = request["messages"]
    prompt = "\n".join(str(each.get("content")) for each in messages if each.get("role") == "user")
    answered = any(each.get("role") == "assistant" for each in messages)
    wanted: dict[str, Any] = request.get("response_format") or {}
    named: dict[str, Any] = wanted.get("json_schema") or {}
    schema = named.get("schema")
    broken = fault == "invalid_always" or (fault == "invalid_once" and not answered)
    if fault == "empty":
        return ""
    if schema is None or fault == "ignore_schema":
        return prose(prompt) + (INVENTED if fault == "invented_number" else "")
    if broken:
        return '{"unexpected": true}'
    text = composed(schema, prompt, INVENTED if fault == "invented_number" else "")
    return f"Here is the JSON:\n```json\n{text}\n```" if fault == "fenced" else text


def _most(request: dict[str, Any]) -> int:
    given = request.get("max_completion_tokens", request.get("max_tokens"))
    return given if isinstance(given, int) and given > 0 else MOST_TOKENS


def _choice(text: str, most: int, fault: str) -> dict[str, Any]:
    letters = len(text) // 2 if fault == "length" else most * LETTERS_A_TOKEN
    message: dict[str, Any] = {"role": "assistant", "content": text[:letters], "refusal": None}
    reason = "length" if len(text) > letters else "stop"
    if fault == "refusal":
        message |= {"content": None, "refusal": REFUSAL}
        reason = "stop"
    if fault == "content_filter":
        message["content"], reason = "", "content_filter"
    return {"index": 0, "message": message, "logprobs": None, "finish_reason": reason}


def _tokens(text: str) -> int:
    return -(-len(text) // LETTERS_A_TOKEN)
