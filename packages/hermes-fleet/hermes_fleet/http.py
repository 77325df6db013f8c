"""Bounded HTTP exchanges: how every bundled worker calls a service, and what its failures are called."""

import json
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, cast

import aiohttp
from yarl import URL

from hermes_worker import WorkerError

MIB = 1024 * 1024
LONGEST_MESSAGE = 200


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer.

    `reason` is one of Hermes' list, `words` complete a sentence that begins with the service's name,
    and `cause` is the finer distinction that crawl reports make.
    """

    reason: str
    words: str
    cause: str


FAILURES: tuple[tuple[tuple[type[BaseException], ...], Failure], ...] = (
    ((aiohttp.ClientConnectorDNSError,), Failure("dns", "its host name does not resolve", "dns")),
    ((aiohttp.ClientSSLError, ssl.SSLError, ssl.CertificateError), Failure("tls", "a trusted TLS connection could not be made", "tls")),
    ((aiohttp.ConnectionTimeoutError,), Failure("connect_timeout", "the connection timed out", "connect_timeout")),
    ((TimeoutError,), Failure("read_timeout", "the response timed out", "read_timeout")),
    ((aiohttp.ClientPayloadError,), Failure("malformed_reply", "its response was cut off", "malformed_answer")),
    ((ConnectionRefusedError,), Failure("connect_refused", "the connection was refused or closed", "connect_refused")),
    ((aiohttp.ClientConnectorError,), Failure("connect_refused", "the connection was refused or closed", "connect_failed")),
    ((OSError, aiohttp.ServerDisconnectedError), Failure("connect_refused", "the connection was refused or closed", "connection_lost")),
    ((aiohttp.InvalidURL,), Failure("malformed_reply", "its address is not a valid URL", "invalid_address")),
    ((aiohttp.ClientError, ValueError), Failure("malformed_reply", "the response is not valid HTTP", "malformed_answer")),
)  # fmt: skip
"""The first row that fits names the failure, so narrower exceptions stand before wider ones."""


def failure_of(error: BaseException) -> Failure:
    """The row of FAILURES for an exception of aiohttp or of the operating system, or for its cause."""
    causes = causes_of(error)
    return next(
        (failure for kinds, failure in FAILURES if any(isinstance(each, kinds) for each in causes)),
        FAILURES[-1][1],
    )


def causes_of(error: BaseException) -> list[BaseException]:
    """The exception itself, and what it wraps: aiohttp hides the operating system's in its own."""
    found = (error, getattr(error, "os_error", None), error.__cause__)
    return [each for each in found if isinstance(each, BaseException)]


def seconds_of(retry_after: str | None) -> float | None:
    """A Retry-After header, digits or a date, as seconds from now; None without a readable one."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return None


def json_object(body: bytes | str) -> dict[str, Any] | None:
    """The JSON object that a body holds; None for anything else."""
    try:
        found: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", found) if isinstance(found, dict) else None


async def body_of(response: aiohttp.ClientResponse, most: int) -> bytes:
    """The first `most` bytes of an answer's body; the rest is not read."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) >= most:
            break
    return bytes(body[:most])


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one exchange: seconds as a whole, seconds to connect, and bytes of the answer."""

    seconds: float = 30.0
    connect: float = 5.0
    size: int = 8 * MIB

    @property
    def timeout(self) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=self.seconds, sock_connect=self.connect)


USUAL = Limits()


@dataclass(slots=True)
class Spent:
    """Requests sent, and US dollars; `cost_usd` is None where the service does not name a price."""

    requests: int = 0
    cost_usd: float | None = None

    def pay(self, dollars: object) -> None:
        """Add a price as a service states it; anything but a number is no price."""
        if isinstance(dollars, int | float) and not isinstance(dollars, bool):
            self.cost_usd = round((self.cost_usd or 0.0) + dollars, 6)


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers and body of an answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def is_html(self) -> bool:
        content_type = self.headers.get("Content-Type", "")
        return content_type.partition(";")[0].strip().lower() == "text/html"

    @property
    def fields(self) -> dict[str, Any]:
        """The JSON object in the body; empty for anything else."""
        return json_object(self.body) or {}

    @property
    def retry_after(self) -> float | None:
        """Seconds that the service asks to wait, from its Retry-After header."""
        return seconds_of(self.headers.get("Retry-After"))


class Exchange:
    """Requests to one service, called `name` in messages that never repeat what is `hidden`.

    A redirect is not followed, since it would carry the credentials elsewhere: it is a failure with
    the reason `redirect`, or an answer like others when that is empty. `spent` counts the requests.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        name: str,
        limits: Limits = USUAL,
        *,
        hidden: Sequence[str] = (),
        redirect: str = "",
        spent: Spent | None = None,
    ) -> None:
        self.name = name
        self.spent = spent or Spent()
        self._session = session
        self._limits = limits
        self._hidden = [each for each in hidden if each]
        self._redirect = redirect

    async def ask(self, method: str, url: str | URL, **options: Any) -> Reply:
        """The answer, whatever its status. `options` are those of aiohttp: params, json, headers ...

        Raises what `failure` makes of the reason when there is no answer within the limits.
        """
        self.spent.requests += 1
        try:
            async with self._session.request(
                method, url, allow_redirects=False, timeout=self._limits.timeout, **options
            ) as response:
                body = await body_of(response, self._limits.size + 1)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            failure = failure_of(error)
            raise self.failure(failure.reason, failure.words) from None
        if len(body) > self._limits.size:
            size = f"{self._limits.size / MIB:.3g} MiB"
            raise self.failure("reply_too_large", f"its response is larger than {size}")
        if self._redirect and 300 <= response.status < 400:
            words = f"{response.status}, a redirect, which is not followed"
            raise self.failure(self._redirect, words)
        return Reply(response.status, response.headers, body)

    def failure(self, reason: str, words: str) -> WorkerError:
        """An error to raise, in a sentence for people."""
        return WorkerError(reason, self.sentence(words))

    def sentence(self, words: str) -> str:
        """One line of at most 200 characters after the service's name, without secrets."""
        line = " ".join(self.hide(words).split())
        return f"{self.name}: {line[:LONGEST_MESSAGE].rstrip('. ')}."

    def hide(self, text: str) -> str:
        """The text without secrets: whoever answers may repeat what it was sent."""
        for secret in self._hidden:
            text = text.replace(secret, "[hidden]")
        return text
