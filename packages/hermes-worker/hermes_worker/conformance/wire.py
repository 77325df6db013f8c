"""Requests to the worker under test; every one of them is kept, as evidence."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, Self, cast
from urllib.parse import quote

import aiohttp

LARGEST_BODY = 8 * 1024 * 1024
SHOWN_CHARACTERS = 200
KEEPALIVE_SECONDS = 2.0  # below the 5 s after which common servers close an idle connection
WRONG_KEY = "hermes-conformance-wrong-key"

Credential = Literal["", "no key", "wrong key", "bearer alone", "x-api-key alone"]
"""Which key a request carries; "" is the right one in both headers, as Hermes sends it."""


class Unreachable(Exception):
    """Nothing that speaks HTTP answers at the address."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. `status` 0: no full answer, `trouble` says why."""

    request: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    trouble: str = ""

    @property
    def about_health(self) -> bool:
        return self.request.startswith("GET /health")


class Wire:
    """A client of one worker. `key` None: the worker has no key.

    Not the fleet's HTTP exchange: the SDK depends on no worker, and every answer is kept as evidence,
    also one that is broken, while a worker's own calls end in an answer or an error.
    """

    def __init__(self, base: str, key: str | None) -> None:
        self.base = base.rstrip("/")
        self.key = key
        self.exchanges: list[Exchange] = []

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(keepalive_timeout=KEEPALIVE_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "Hermes-Conformance/1"},
        )
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._session.close()

    async def ask(
        self,
        method: str,
        path: str,
        credential: Credential = "",
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float,
    ) -> Exchange:
        """One request, redirects not followed, no longer than `seconds`. Unreachable when nobody listens."""
        request = f"{method} {path}" + (f", {credential}" if credential else "")
        sent = {**self._credentials(credential), **(headers or {})}
        if body is not None:
            sent["Content-Type"] = "application/json"
        began = time.monotonic()
        try:
            async with asyncio.timeout(seconds):
                answer = await self._answer(method, path, sent, body)
        except TimeoutError:
            answer = (0, dict[str, str](), b"", f"no complete response within {seconds:g} s")
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            raise Unreachable(f"{self.base}{path}: {error}") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            answer = (0, dict[str, str](), b"", f"no usable answer: {type(error).__name__}")
        status, headers, content, trouble = answer
        exchange = Exchange(request, status, headers, content, time.monotonic() - began, trouble)
        self.exchanges.append(exchange)
        return exchange

    async def _answer(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[int, Mapping[str, str], bytes, str]:
        content = bytearray()
        async with self._session.request(
            method, self.base + path, headers=headers, data=body, allow_redirects=False
        ) as response:
            async for chunk in response.content.iter_any():
                content += chunk
                if len(content) > LARGEST_BODY:
                    response.close()
                    return response.status, response.headers, b"", "larger than 8 MiB"
            return response.status, response.headers, bytes(content), ""

    def _credentials(self, credential: Credential) -> dict[str, str]:
        key = WRONG_KEY if credential == "wrong key" else self.key
        both = {} if key is None else {"Authorization": f"Bearer {key}", "x-api-key": key}
        left_out = {"bearer alone": "x-api-key", "x-api-key alone": "Authorization"}.get(credential)
        if credential == "no key":
            return {}
        return {name: value for name, value in both.items() if name != left_out}

    def redacted(self, text: str) -> str:
        """The text without the key, however it is written."""
        for form in self.key_forms():
            text = text.replace(form, "[redacted]")
        return text

    def key_forms(self) -> set[str]:
        """The key as it may stand in an answer: plain, in JSON, in an address."""
        key = self.key or ""
        return {key, json.dumps(key)[1:-1], quote(key, safe="")} - {""}

    def shown(self, exchange: Exchange) -> dict[str, Any]:
        """An exchange as evidence: request, status, time, and the first 200 characters of the body."""
        text = exchange.body.decode("utf-8", "replace")
        return {
            "request": self.redacted(exchange.request),
            "status": exchange.status or None,
            "milliseconds": round(exchange.seconds * 1000),
            "body": self.redacted(text)[:SHOWN_CHARACTERS],
            "trouble": exchange.trouble or None,
        }


def json_object(body: bytes) -> dict[str, Any] | str:
    """The JSON object in a body, else what is wrong with it."""
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        return f"not JSON: {error}"
    if not isinstance(value, dict):
        return f"JSON, but a {type(value).__name__} and not an object"
    return cast("dict[str, Any]", value)


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a JSON value")
