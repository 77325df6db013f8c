"""One OpenAI-compatible service: its address, its answers, and what its errors mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from pydantic import ValidationError

from hermes_fleet.content_generator.service import (
    NAME,
    Choice,
    Completed,
    Usage,
    base_of,
    error_in,
    meaning_of,
)
from hermes_fleet.http import MIB, Exchange, Limits, Reply
from hermes_fleet.providers import Credential
from hermes_worker import WorkerError

SERVICE = "The language model"
LETTERS_A_TOKEN = 4
LARGEST_ANSWER = 32 * MIB

Message = dict[str, str]


@dataclass(frozen=True, slots=True)
class Completion:
    """What was written, and why it ended: `stop`, `length`, `content_filter` ...; `refusal` in words."""

    text: str
    ended: str = "stop"
    refusal: str = ""


class Chat:
    """Talks to one model; `seconds` bound one answer. WorkerError `missing_config` for a bad secret."""

    def __init__(
        self, session: aiohttp.ClientSession, credential: Credential, seconds: float
    ) -> None:
        self.credential = credential
        self.url = f"{base_of(credential)}/chat/completions"
        self.model = credential.require("model")
        self.usage = Usage(prompt_tokens=0, completion_tokens=0)
        self.used = 0  # tokens written, estimated where the service does not count
        self._key = credential.text("key", "api_key")
        self._service = Exchange(
            session, SERVICE, Limits(seconds, size=LARGEST_ANSWER), hidden=[self._key]
        )
        # What the service turned out not to know: response_format, max_completion_tokens.
        self._plain = self._old = False

    async def complete(
        self, messages: Sequence[Message], schema: Mapping[str, Any], most: int
    ) -> Completion:
        """The answer to a conversation; WorkerError with a reason of Hermes' list."""
        reply = await self._post(messages, schema, most)
        while self._learns(reply):
            reply = await self._post(messages, schema, most)
        return self._read(reply)

    async def _post(
        self, messages: Sequence[Message], schema: Mapping[str, Any], most: int
    ) -> Reply:
        wanted: dict[str, Any] = {"model": self.model, "messages": list(messages)}
        wanted["max_tokens" if self._old else "max_completion_tokens"] = most
        if not self._plain:
            form = {"name": "draft", "strict": True, "schema": dict(schema)}
            wanted["response_format"] = {"type": "json_schema", "json_schema": form}
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        return await self._service.ask("POST", self.url, headers=headers, json=wanted)

    def _learns(self, reply: Reply) -> bool:
        """Whether a refusal is about a field that the service does not know and can do without."""
        message = error_in(reply)[0].lower() if reply.status in (400, 422) else ""
        before = (self._plain, self._old)
        if "response_format" in message or "json_schema" in message:
            self._plain = True
        elif "max_completion_tokens" in message:
            self._old = True
        return before != (self._plain, self._old)

    def _read(self, reply: Reply) -> Completion:
        message, code = error_in(reply)
        if reply.status != 200 or message:
            raise self._refused(reply.status, message, code)
        try:
            found = Completed.model_validate_json(reply.body)
        except ValidationError:
            is_page = reply.body.lstrip()[:1] == b"<"
            content = "an HTML page" if is_page else "something other than a completion"
            sentence = f"{SERVICE} returned {content}: check base_url in {NAME}."
            raise WorkerError("malformed_reply", sentence) from None
        return self._counted(found.choices[0], found.usage or Usage())

    def _counted(self, choice: Choice, usage: Usage) -> Completion:
        text = choice.message.content or ""
        self.usage = self.usage.plus(usage)
        wrote = usage.completion_tokens
        self.used += wrote if wrote is not None else len(text) // LETTERS_A_TOKEN + 1
        return Completion(text, choice.finish_reason or "stop", choice.message.refusal or "")

    def _refused(self, status: int, message: str, code: str) -> WorkerError:
        reason, cure = meaning_of(status, code)
        quoted = f' It says: "{message}"' if message else ""
        text = f"{SERVICE} ({status}): {cure.format(model=self.model, url=self.url)}{quoted}"
        return WorkerError(reason, self._service.hide(text))

    def metrics(self) -> dict[str, Any]:
        """Requests and tokens; a price only where the operator named one."""
        cost = self.cost()
        return {
            "requests": self._service.spent.requests,
            "tokens_read": self.usage.prompt_tokens,
            "tokens_written": self.usage.completion_tokens,
            **({} if cost is None else {"cost_usd": cost}),
        }

    def cost(self) -> float | None:
        """US dollars, where the secret names the prices of a million tokens; else None."""
        fields = self.credential.fields
        parts = (
            (fields.get("input_usd_per_million"), self.usage.prompt_tokens),
            (fields.get("output_usd_per_million"), self.usage.completion_tokens),
        )
        if any(not isinstance(each, int | float) for pair in parts for each in pair):
            return None
        return round(sum(float(price or 0) * (tokens or 0) / 1e6 for price, tokens in parts), 6)
