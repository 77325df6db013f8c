"""One request to a search provider: bounded, without redirects, and every failure under its reason."""

import json
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import aiohttp

from hermes_fleet.searching.engine import SearchTrouble, Spent

SECONDS = 60.0
LIMITS = aiohttp.ClientTimeout(total=SECONDS, sock_connect=10)
LARGEST_ANSWER = 8 * 1024 * 1024
LONGEST_WORDS = 200
TROUBLES: tuple[tuple[tuple[type[BaseException], ...], str, str], ...] = (
    ((aiohttp.ClientConnectorDNSError,), "dns", "its host name does not resolve"),
    ((aiohttp.ClientSSLError, ssl.SSLError), "tls", "there is no trusted TLS connection"),
    ((aiohttp.ConnectionTimeoutError,), "connect_timeout", "it accepts no connection in time"),
    ((TimeoutError,), "read_timeout", f"there was no full answer within {SECONDS:g} s"),
    ((aiohttp.ClientPayloadError,), "malformed_reply", "its answer broke off"),
    ((OSError, aiohttp.ServerDisconnectedError), "connect_refused", "nothing answers there"),
    ((aiohttp.ClientError, ValueError), "malformed_reply", "what answers there is not HTTP"),
)
"""The first line that fits an exception tells its reason."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers and the JSON object of an answer."""

    status: int
    headers: Mapping[str, str]
    fields: Mapping[str, Any]

    @property
    def retry_after(self) -> float | None:
        """Seconds that the provider asks to wait, where it says so in digits."""
        said = self.headers.get("Retry-After", "")
        return float(said) if said.isdigit() else None


class Exchange:
    """Requests to one provider. `hidden` are the secrets that its words may not repeat."""

    def __init__(
        self, session: aiohttp.ClientSession, provider: str, spent: Spent, hidden: Sequence[str]
    ) -> None:
        self.provider = provider
        self._session = session
        self._spent = spent
        self._hidden = [each for each in hidden if each]

    async def ask(self, method: str, url: str, **more: Any) -> Reply:
        """The answer, whatever its status. SearchTrouble when it is none, or not a JSON object."""
        self._spent.requests += 1
        try:
            async with self._session.request(
                method, url, allow_redirects=False, timeout=LIMITS, **more
            ) as response:
                return self._reply(response, await self._body(response))
        except (aiohttp.ClientError, OSError, ValueError) as error:
            code, said = next((c, s) for kinds, c, s in TROUBLES if isinstance(error, kinds))
            raise self.trouble(code, said) from None

    def trouble(self, code: str, said: str, reply: Reply | None = None) -> SearchTrouble:
        """A failure in words that people can use; secrets are taken out of what the provider said."""
        for secret in self._hidden:
            said = said.replace(secret, "[hidden]")
        message = f"{self.provider}: {said[:LONGEST_WORDS].rstrip('. ')}."
        return SearchTrouble(code, message, reply.retry_after if reply else None)

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_chunked(64 * 1024):
            body += chunk
            if len(body) > LARGEST_ANSWER:
                raise self.trouble("reply_too_large", "its answer is larger than 8 MiB")
        return bytes(body)

    def _reply(self, response: aiohttp.ClientResponse, body: bytes) -> Reply:
        if 300 <= response.status < 400:
            raise self.trouble("redirect", f"{response.status}, a redirect, which is not followed")
        if response.content_type == "text/html" and response.status == 200:
            raise self.trouble("html_app_shell", "an HTML page came instead of results")
        parsed = _object(body)
        if parsed is None and response.status == 200:
            raise self.trouble("not_json", "its answer is not a JSON object")
        return Reply(response.status, response.headers, parsed or {})


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", parsed) if isinstance(parsed, dict) else None


def objects(value: object) -> list[dict[str, Any]]:
    """The objects of a list; nothing for anything else."""
    entries = cast("list[object]", value) if isinstance(value, list) else []
    return [cast("dict[str, Any]", each) for each in entries if isinstance(each, dict)]


def fields(value: object) -> dict[str, Any]:
    """An object; an empty one for anything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def text(value: object) -> str:
    """A text; an empty one for anything else."""
    return value if isinstance(value, str) else ""


def whole(value: object) -> int | None:
    """A whole number of at least 1; None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
