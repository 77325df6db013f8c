"""The HTTP client to workers, on aiohttp. Every failure is a value; nothing here raises.

aiohttp and not pyreqwest: pyreqwest reports a reader that waits for headers and a connection that
never opens under one exception, and tells the rest apart only by the English of its inner messages.
"""

import asyncio
import ssl
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp
import orjson

from hermes import __version__
from hermes.core.answers import Answer
from hermes.core.failures import Reason, Trouble

CONNECT_SECONDS = 5.0
MAX_BODY = 8 * 1024 * 1024
HEADERS_READ = ("x-render-routing", "content-type", "retry-after", "location", "date")
LONGEST_LINE = 16_384  # twice aiohttp's own: proxies add long policy and cookie headers
KEEPALIVE_SECONDS = 2.0  # below the 5 s after which common servers close an idle connection


class Client:
    """One connection pool for a runner. `host_limit` requests at a time to one host;
    `connect_seconds` from looking up its name to the end of the TLS handshake."""

    def __init__(
        self,
        host_limit: int = 32,
        ssl_context: ssl.SSLContext | None = None,
        connect_seconds: float = CONNECT_SECONDS,
    ) -> None:
        self._host_limit = host_limit
        self._connect = connect_seconds
        self._gates: dict[str, asyncio.Semaphore] = {}
        self._ssl = ssl_context
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            limit=0, ssl=self._ssl or True, ttl_dns_cache=60, keepalive_timeout=KEEPALIVE_SECONDS
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            raise_for_status=False,
            headers={"User-Agent": f"Hermes/{__version__}", "Accept": "application/json"},
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_LINE,
        )
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: Any = None,
        *,
        seconds: float = 30.0,
    ) -> Answer | Trouble:
        """One request; redirects are not followed, the body is limited, `seconds` limits the whole."""
        gate = self._gates.setdefault(host_of(url), asyncio.Semaphore(self._host_limit))
        async with gate:  # waiting for our turn is not the worker's time
            return await self._limited(method, url, headers, body, seconds)

    async def _limited(
        self, method: str, url: str, headers: Mapping[str, str], body: Any, seconds: float
    ) -> Answer | Trouble:
        try:
            return await self._exchange(method, url, headers, body, seconds)
        except aiohttp.ConnectionTimeoutError:  # before TimeoutError, which it is too
            detail = f"{url} accepted no connection within {min(self._connect, seconds):g} s."
            return Trouble(Reason.CONNECT_TIMEOUT, detail)
        except TimeoutError:
            detail = f"{url} gave no full answer within {seconds:g} s."
            return Trouble(Reason.READ_TIMEOUT, detail, sent=True)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return trouble_of(error, url)

    async def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: Any, seconds: float
    ) -> Answer | Trouble:
        assert self._session is not None, "use the client as a context manager"  # noqa: S101
        began = time.monotonic()
        if body is not None:
            headers = {**headers, "Content-Type": "application/json"}
        async with self._session.request(
            method,
            url,
            headers=headers,
            data=None if body is None else orjson.dumps(body),
            allow_redirects=False,
            timeout=_times(min(self._connect, seconds), seconds),
        ) as response:
            content = await _limited_body(response)
            if content is None:
                detail = f"{url} sends more than {MAX_BODY // (1024 * 1024)} MiB."
                return Trouble(Reason.REPLY_TOO_LARGE, detail)
            told = response.headers
            kept = {name: told[name] for name in HEADERS_READ if name in told}
            return Answer(response.status, kept, content, url, time.monotonic() - began)


def host_of(url: str) -> str:
    """Host and port of a URL, the unit of politeness; "" for what is no URL."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


@lru_cache(maxsize=64)
def _times(connect: float, total: float) -> aiohttp.ClientTimeout:
    """Looking up the host and connecting have a limit of their own: until then nothing was sent."""
    return aiohttp.ClientTimeout(total=total, connect=connect, ceil_threshold=float("inf"))


async def _limited_body(response: aiohttp.ClientResponse) -> bytes | None:
    """The body, decompressed; None as soon as it is too large, however it is packed."""
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > MAX_BODY:
            response.close()
            return None
    return bytes(content)


def trouble_of(error: Exception, url: str) -> Trouble:
    """Which reason of the closed list an exception of the way is."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Trouble(Reason.DNS, f"{url}: the host name does not resolve.")
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return Trouble(Reason.TLS, f"{url}: {_tls_words(error)}")
    if isinstance(error, aiohttp.ClientConnectorError):
        return Trouble(Reason.CONNECT_REFUSED, f"{url}: {error.strerror or 'connection refused'}.")
    if isinstance(error, aiohttp.ClientPayloadError):
        detail = f"{url}: the answer broke off or its encoding is broken."
        return Trouble(Reason.MALFORMED_REPLY, detail, sent=True)
    if isinstance(error, aiohttp.ServerDisconnectedError | aiohttp.ClientOSError | ConnectionError):
        detail = f"{url} closed the connection without an answer."
        return Trouble(Reason.CONNECT_REFUSED, detail, sent=True)
    if isinstance(error, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError | UnicodeError):
        return Trouble(Reason.SECRET_MALFORMED, f"{url} is not a usable address.")
    detail = f"{url} does not speak HTTP: {type(error).__name__}."
    return Trouble(Reason.MALFORMED_REPLY, detail, sent=True)


def _tls_words(error: Exception) -> str:
    inner = getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error
    words = (
        getattr(inner, "verify_message", "") or getattr(inner, "reason", "") or "handshake failed"
    )
    return f"TLS: {words}."
