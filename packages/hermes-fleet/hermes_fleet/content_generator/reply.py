"""An answer of an OpenAI-compatible service, as far as it is read."""

from typing import Annotated

from pydantic import BaseModel, Field


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
