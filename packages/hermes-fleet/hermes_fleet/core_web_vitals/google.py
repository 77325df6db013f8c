"""One question to a Google API with a key, and what its answer means."""

import json
from dataclasses import dataclass, field
from typing import Any, cast

import aiohttp

LARGEST = 8 * 1024 * 1024


class Refusal(Exception):
    """Google gave no figures: a reason of Hermes' list, and a sentence without the key."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message

    def told(self) -> dict[str, str]:
        """As it stands in the metrics."""
        return {"reason": self.reason, "message": self.message}


@dataclass(frozen=True, slots=True)
class Question:
    """A request to an API. `api` is its name for people, `key` is kept out of every message."""

    api: str
    method: str
    url: str
    key: str = field(repr=False)
    query: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    body: dict[str, Any] | None = None
    seconds: float = 15.0

    async def ask(self) -> dict[str, Any] | None:
        """The JSON object of a 200; None for a 404. Raises Refusal."""
        limits = aiohttp.ClientTimeout(total=self.seconds, sock_connect=5)
        query = [*self.query, ("key", self.key)]
        try:
            async with (
                aiohttp.ClientSession(timeout=limits) as session,
                session.request(
                    self.method, self.url, params=query, json=self.body, allow_redirects=False
                ) as response,
            ):
                return self._read(response.status, await _limited(response))
        except TimeoutError:
            raise Refusal(
                "read_timeout", f"{self.api}: no answer within {self.seconds:g} s."
            ) from None
        except (aiohttp.ClientConnectionError, OSError):
            raise Refusal("connect_refused", f"{self.api} cannot be reached.") from None
        except (aiohttp.ClientError, ValueError):
            raise Refusal("malformed_reply", f"{self.api} sent what cannot be read.") from None

    def _read(self, status: int, body: bytes) -> dict[str, Any] | None:
        if status == 404:
            return None
        document: Any = _json(body)
        if status != 200:
            raise self._refusal(status, document)
        if isinstance(document, dict):
            return cast("dict[str, Any]", document)
        raise Refusal("not_json", f"{self.api} answered with what is no JSON object.")

    def _refusal(self, status: int, document: Any) -> Refusal:
        said = _message(document).replace(self.key, "[hidden]")[:200]
        reason, step = _meaning(status, said)
        words = f"{self.api} answered {status}{f': {said}' if said else ''}."
        return Refusal(reason, f"{words} {step}".strip())


def _meaning(status: int, said: str) -> tuple[str, str]:
    """(reason, next step) of a status other than 200 and 404."""
    low = said.lower()
    if status == 401 or "api key not valid" in low or "api key expired" in low:
        return "auth_401", "Store a valid key."
    if status == 403:
        return (
            "forbidden_403",
            "Enable this API for the key's project, and check the key's restrictions.",
        )
    if status == 429:
        return (
            "quota_exceeded" if "per day" in low else "rate_limited"
        ), "Wait, or raise the quota."
    if status >= 500:
        return "server_error_5xx", "Run it again later."
    return "worker_failed", ""


def _message(document: Any) -> str:
    try:
        return str(document["error"]["message"]).strip().rstrip(".")
    except (TypeError, LookupError):
        return ""


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


async def _limited(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        body += chunk
        if len(body) > LARGEST:
            raise ValueError("too large")
    return bytes(body)
