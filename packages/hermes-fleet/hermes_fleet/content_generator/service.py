"""An OpenAI-compatible service: its address, the shape of its answers, and what its errors mean."""

import re
from typing import Annotated, Any, cast
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

from hermes_fleet.http import Reply
from hermes_fleet.providers import Credential
from hermes_worker import WorkerError

NAME = "HERMES_PROVIDER_LANGUAGE_MODEL"
OPENAI = "https://api.openai.com/v1"
LONGEST_WORDS = 200
VERSIONED = re.compile(r"/v\d+\w*$")
BY_STATUS = {401: "auth_401", 403: "forbidden_403"}


def base_of(credential: Credential) -> str:
    """The address with its version; WorkerError `missing_config` for what is no address."""
    base = credential.base_url
    if not base:
        credential.require("key", "api_key")
        return OPENAI
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in base or "?" in base:
        message = f"base_url in {NAME} is not an http(s) address; for example {OPENAI}."
        raise WorkerError("missing_config", message)
    return base if VERSIONED.search(base) else f"{base}/v1"


def error_in(reply: Reply) -> tuple[str, str]:
    """(message, code) of an error object, also in an answer of status 200; empty when there is none."""
    error = reply.fields.get("error")
    if not isinstance(error, dict):
        return " ".join(str(error or "").split())[:LONGEST_WORDS], ""
    fields = cast("dict[str, Any]", error)
    message = " ".join(str(fields.get("message") or "an error without words").split())
    return message[:LONGEST_WORDS], str(fields.get("code") or fields.get("type") or "")


def meaning_of(status: int, code: str) -> tuple[str, str]:
    """(reason, what is wrong and what to do) of an answer that is an error."""
    if code in ("insufficient_quota", "billing_hard_limit_reached") or status == 402:
        return "quota_exceeded", "the credit is used up; top it up at the provider."
    if status == 429:
        return "rate_limited", "it is limiting requests; run again in a minute."
    if code == "model_not_found":
        return "missing_config", f"it has no model {{model}}; correct the field model in {NAME}."
    if status in (404, 405) or 300 <= status < 400:
        return "missing_config", f"there is no API at {{url}}; correct base_url in {NAME}."
    if code == "context_length_exceeded":
        return (
            "worker_failed",
            "the material is too long for {model}; use a model with a larger context.",
        )
    if status >= 500:
        return "server_error_5xx", "it failed; run again later."
    cure = {401: f"it does not accept the key; replace the key in {NAME}.",
            403: "the key may not use {model}; allow it at the provider."}  # fmt: skip
    return BY_STATUS.get(status, "worker_failed"), cure.get(status, "it refused the request.")


class Usage(BaseModel):
    """Tokens as the service counts them; None where it does not tell."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None

    def plus(self, other: "Usage") -> "Usage":
        """The sum; what is unknown of one is unknown of both."""
        return Usage(
            prompt_tokens=_sum(self.prompt_tokens, other.prompt_tokens),
            completion_tokens=_sum(self.completion_tokens, other.completion_tokens),
        )


class Said(BaseModel):
    """The message of an answer."""

    content: str | None = None
    refusal: str | None = None


class Choice(BaseModel):
    """One way to go on; only the first is asked for."""

    message: Said
    finish_reason: str | None = None


class Completed(BaseModel):
    """An answer of status 200."""

    choices: Annotated[list[Choice], Field(min_length=1)]
    usage: Usage | None = None


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other
