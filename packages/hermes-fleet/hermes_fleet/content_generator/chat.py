"""One OpenAI-compatible service: its address, its answers, and every trouble under its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from hermes_fleet.content_generator.reply import Choice, Reply, Usage
from hermes_fleet.content_generator.service import NAME, base_of, error_in, trouble
from hermes_fleet.google.wire import Wire
from hermes_fleet.providers import Credential
from hermes_worker import WorkerError

SERVICE = "The language model"
LETTERS_A_TOKEN = 4

Message = dict[str, str]


@dataclass(frozen=True, slots=True)
class Completion:
    """What was written, and why it ended: `stop`, `length`, `content_filter` ...; `refusal` in words."""

    text: str
    ended: str = "stop"
    refusal: str = ""


@dataclass
class Chat:
    """Talks to one model. `plain` and `old` say what the service turned out not to know."""

    wire: Wire
    credential: Credential
    spent: Usage = field(default_factory=lambda: Usage(prompt_tokens=0, completion_tokens=0))
    plain: bool = False  # no response_format
    old: bool = False  # max_tokens for max_completion_tokens
    used: int = 0  # tokens written, estimated where the service does not count

    def __post_init__(self) -> None:
        self.url = f"{base_of(self.credential)}/chat/completions"
        self.model = self.credential.require("model")

    async def complete(
        self, messages: Sequence[Message], schema: Mapping[str, Any], most: int
    ) -> Completion:
        """The answer to a conversation; WorkerError with a reason of Hermes' list."""
        status, body = await self._post(messages, schema, most)
        while self._learns(status, body):
            status, body = await self._post(messages, schema, most)
        return self._read(status, body)

    async def _post(
        self, messages: Sequence[Message], schema: Mapping[str, Any], most: int
    ) -> tuple[int, bytes]:
        wanted: dict[str, Any] = {"model": self.model, "messages": list(messages)}
        wanted["max_tokens" if self.old else "max_completion_tokens"] = most
        if not self.plain:
            form = {"name": "draft", "strict": True, "schema": dict(schema)}
            wanted["response_format"] = {"type": "json_schema", "json_schema": form}
        key = self.credential.text("key", "api_key")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return await self.wire.exchange(SERVICE, "POST", self.url, headers=headers, json=wanted)

    def _learns(self, status: int, body: bytes) -> bool:
        """Whether a refusal is about a field that the service does not know and can do without."""
        said = error_in(body)[0].lower() if status in (400, 422) else ""
        before = (self.plain, self.old)
        if "response_format" in said or "json_schema" in said:
            self.plain = True
        elif "max_completion_tokens" in said:
            self.old = True
        return before != (self.plain, self.old)

    def _read(self, status: int, body: bytes) -> Completion:
        message, code = error_in(body)
        if status != 200 or message:
            raise self._refused(status, message, code)
        try:
            reply = Reply.model_validate_json(body)
        except ValidationError:
            page = (
                "an HTML page" if body.lstrip()[:1] == b"<" else "something else than a completion"
            )
            told = f"{SERVICE} answered with {page}: check base_url in {NAME}."
            raise WorkerError("malformed_reply", told) from None
        return self._counted(reply.choices[0], reply.usage or Usage())

    def _counted(self, choice: Choice, usage: Usage) -> Completion:
        text = choice.message.content or ""
        self.spent = self.spent.plus(usage)
        wrote = usage.completion_tokens
        self.used += wrote if wrote is not None else len(text) // LETTERS_A_TOKEN + 1
        return Completion(text, choice.finish_reason or "stop", choice.message.refusal or "")

    def _refused(self, status: int, message: str, code: str) -> WorkerError:
        reason, cure = trouble(status, code)
        said = f' It says: "{message}"' if message else ""
        text = f"{SERVICE} ({status}): {cure.format(model=self.model, url=self.url)}{said}"
        key = self.credential.text("key", "api_key")
        return WorkerError(reason, text.replace(key, "[hidden]") if key else text)

    def told(self) -> dict[str, Any]:
        """Requests and tokens; a price only where the operator named one."""
        cost = self.cost()
        return {
            "requests": self.wire.requests,
            "tokens_read": self.spent.prompt_tokens,
            "tokens_written": self.spent.completion_tokens,
            **({} if cost is None else {"cost_usd": cost}),
        }

    def cost(self) -> float | None:
        """US dollars, where the secret names the prices of a million tokens; else None."""
        fields, spent = self.credential.fields, self.spent
        told = (
            (fields.get("input_usd_per_million"), spent.prompt_tokens),
            (fields.get("output_usd_per_million"), spent.completion_tokens),
        )
        if any(not isinstance(each, int | float) for pair in told for each in pair):
            return None
        return round(sum(float(price or 0) * (tokens or 0) / 1e6 for price, tokens in told), 6)
