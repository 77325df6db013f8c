"""One HTTP exchange with Google: bounded in time and size, never redirected, troubles with a reason."""

import ssl
from typing import Any

import aiohttp

from hermes_worker import WorkerError

SECONDS = 30.0
SECONDS_TO_CONNECT = 5.0
LARGEST_ANSWER = 32 * 1024 * 1024

TROUBLES: tuple[tuple[tuple[type[Exception], ...], str, str], ...] = (
    ((aiohttp.ClientConnectorDNSError,), "dns", "its host name does not resolve"),
    ((aiohttp.ClientSSLError, ssl.SSLError), "tls", "no trusted TLS connection"),
    ((aiohttp.ConnectionTimeoutError,), "connect_timeout", "no connection in time"),
    ((TimeoutError,), "read_timeout", "no full answer in time"),
    ((aiohttp.ClientPayloadError,), "malformed_reply", "the answer broke off"),
    ((OSError, aiohttp.ServerDisconnectedError), "connect_refused", "nothing answers there"),
    ((aiohttp.ClientError, ValueError), "malformed_reply", "what answers there is not HTTP"),
)
"""The first line that fits an exception tells its reason."""


class Wire:
    """Sends and counts. `seconds` bound one exchange as a whole."""

    def __init__(self, session: aiohttp.ClientSession, seconds: float = SECONDS) -> None:
        self.requests = 0
        self._session = session
        self._limits = aiohttp.ClientTimeout(total=seconds, sock_connect=SECONDS_TO_CONNECT)

    async def exchange(self, name: str, method: str, url: str, **more: Any) -> tuple[int, bytes]:
        """(status, body), whatever the status; WorkerError names what `name` is called for people."""
        self.requests += 1
        try:
            async with self._session.request(
                method, url, allow_redirects=False, timeout=self._limits, **more
            ) as answer:
                return answer.status, await _body(answer, name)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            code, said = next((c, s) for kinds, c, s in TROUBLES if isinstance(error, kinds))
            raise WorkerError(code, f"{name}: {said}.") from None


async def _body(answer: aiohttp.ClientResponse, name: str) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise WorkerError("reply_too_large", f"{name}: the answer is larger than 32 MiB.")
    return bytes(body)
