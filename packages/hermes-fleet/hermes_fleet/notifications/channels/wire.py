"""One HTTP exchange with a channel: bounded, never redirected, troubles with a reason."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

import aiohttp
from yarl import URL

from hermes_fleet.google.wire import TROUBLES
from hermes_worker import WorkerError

LIMITS = aiohttp.ClientTimeout(total=15, sock_connect=5)
LARGEST_ANSWER = 1024 * 1024
LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers and text of an answer."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def fields(self) -> dict[str, Any]:
        """Its JSON object; empty where it is none."""
        try:
            found: Any = json.loads(self.text)
        except (ValueError, RecursionError):
            return {}
        return cast("dict[str, Any]", found) if isinstance(found, dict) else {}

    @property
    def retry_after(self) -> float | None:
        """Seconds that the channel asks to wait, where it says so in digits."""
        said = self.headers.get("Retry-After", "")
        return float(said) if said.isdigit() else None


class Wire:
    """Requests to one channel. `hidden`: what its words may not repeat."""

    def __init__(self, session: aiohttp.ClientSession, name: str, hidden: Sequence[str]) -> None:
        self.name = name
        self._session = session
        self._hidden = [each for each in hidden if each]

    async def ask(self, method: str, url: URL, **more: Any) -> Reply:
        """The answer, whatever its status but a redirect. WorkerError when there is none."""
        try:
            async with self._session.request(
                method, url, allow_redirects=False, timeout=LIMITS, **more
            ) as answer:
                reply = Reply(answer.status, answer.headers, await self._text(answer))
        except (aiohttp.ClientError, OSError, ValueError) as error:
            code, said = next((c, s) for kinds, c, s in TROUBLES if isinstance(error, kinds))
            raise self.trouble(code, said) from None
        if 300 <= reply.status < 400:
            raise self.trouble("malformed_reply", f"{reply.status}, a redirect, is not followed")
        return reply

    def trouble(self, code: str, said: str) -> WorkerError:
        """A failure in words for people."""
        return WorkerError(code, self.words(said))

    def words(self, said: str) -> str:
        """A sentence that begins with the channel's name and holds no secret."""
        for secret in self._hidden:
            said = said.replace(secret, "[hidden]")
        return f"{self.name}: {' '.join(said.split())[:LONGEST_WORDS].rstrip('. ')}."

    async def _text(self, answer: aiohttp.ClientResponse) -> str:
        body = bytearray()
        async for chunk in answer.content.iter_chunked(64 * 1024):
            body += chunk
            if len(body) > LARGEST_ANSWER:
                raise self.trouble("malformed_reply", "the answer is larger than 1 MiB")
        return body.decode("utf-8", "replace")


def address_in(secret_name: str, text: str, field: str = "url") -> URL:
    """A plain http(s) address from a secret; WorkerError `missing_config` without repeating it."""
    with suppress(ValueError):
        url = URL(text)
        if url.scheme in ("http", "https") and url.host:
            return url
    said = f"The field {field} of {secret_name} is no http(s) address."
    raise WorkerError("missing_config", said)
