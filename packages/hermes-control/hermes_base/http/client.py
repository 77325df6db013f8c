"""The HTTP client to workers, on libcurl. Every failure is a value; nothing here raises.

libcurl and not aiohttp: a request costs half the CPU. Not pyreqwest: it reports a reader that waits
for headers and a connection that never opens under one exception.
"""

import re
import ssl
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from string import ascii_letters, digits
from typing import Any, Self
from urllib.parse import quote, urlsplit

import orjson
import pycurl

from hermes_base import __version__
from hermes_base.curl.failures import failure_of, too_long
from hermes_base.curl.received import MAX_BODY
from hermes_base.curl.transfers import CONTENT, Request, Transfer, Transfers
from hermes_base.http.answers import Answer
from hermes_base.http.gates import Gate
from hermes_base.reasons import Failure, Reason

CONNECT_SECONDS = 5.0
STANDARD = [
    f"User-Agent: Hermes/{__version__}",
    "Accept: application/json",
    "Accept-Encoding: gzip, deflate",
]
JSON_FOLLOWS = ["Content-Type: application/json", "Expect:"]
NOTHING_FOLLOWS = ["Content-Type:", "Expect:"]
IN_ADDRESSES = "!#$%&'()*+,-./:;=?@[]_~"
PLAIN = re.compile(f"[{re.escape(ascii_letters + digits + IN_ADDRESSES)}]+")
SCHEME = re.compile("https?://", re.IGNORECASE)
LONGEST_LABEL = 63
LONGEST_ADDRESS = 65_536


class Client:
    """One connection pool for a runner. `host_limit` requests at a time to one host;
    `connect_seconds` from looking up its name to the end of the TLS handshake; `ca_file` instead of
    the authorities that this machine trusts; `max_body` bytes of an answer are read."""

    def __init__(
        self,
        host_limit: int = 32,
        ca_file: Path | None = None,
        connect_seconds: float = CONNECT_SECONDS,
        max_body: int = MAX_BODY,
    ) -> None:
        self._max_body = max_body
        self._host_limit = host_limit
        self._connect = connect_seconds
        self._gates: dict[str, Gate] = {}
        self._ca_file = ca_file
        self._trusted: dict[int, str | None] = {}
        self._transfers: Transfers | None = None
        self._free: list[Transfer] = []

    async def __aenter__(self) -> Self:
        self._trusted = trusted(self._ca_file)
        self._transfers = Transfers()
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._transfers is not None:
            self._transfers.close()
            self._transfers = None
        while self._free:
            self._free.pop().handle.close()

    async def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: Any = None,
        *,
        seconds: float = 30.0,
    ) -> Answer | Failure:
        """One request; redirects are not followed, the body is limited, `seconds` limits the whole."""
        host = host_of(url)
        gate = self._gates.get(host)
        if gate is None:
            gate = self._gates[host] = Gate(self._host_limit)
        async with gate:  # waiting for our turn is not the worker's time
            return await self._exchange(method, url, headers, body, seconds)

    async def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: Any, seconds: float
    ) -> Answer | Failure:
        began, connect = time.monotonic(), min(self._connect, seconds)
        address = sendable(url)
        if address is None:
            return Failure(Reason.SECRET_MALFORMED, f"{url} is not a usable address.")
        lines = header_lines(headers, NOTHING_FOLLOWS if body is None else JSON_FOLLOWS)
        if lines is None:
            detail = f"{url} was not requested: a header contains a character that is not allowed."
            return Failure(Reason.SECRET_MALFORMED, detail)
        content = None if body is None else orjson.dumps(body)
        request = Request(method, address, lines, content, _ms(connect), _ms(seconds))
        transfers = self._transfers
        assert transfers is not None, "use the client as a context manager"  # noqa: S101
        transfer = self._free.pop() if self._free else Transfer(self._trusted, self._max_body)
        try:
            transfer.prepare(request)
            outcome = await transfers.perform(transfer)
            answer = _answer(transfer, url, began) if outcome is CONTENT else None
            return answer or failure_of(transfer, outcome, url, request)
        finally:
            transfer.forget()
            if self._transfers is transfers:
                self._free.append(transfer)
            else:  # closed meanwhile
                transfer.handle.close()


def _answer(transfer: Transfer, url: str, began: float) -> Answer | None:
    """What came back, where it is whole."""
    head, content = transfer.body.head(), transfer.body.whole()
    if content is None or not (head.ended and head.sound) or too_long(transfer.head):
        return None
    status = transfer.handle.getinfo(pycurl.RESPONSE_CODE)
    return Answer(status, head.headers, content, url, time.monotonic() - began)


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))  # 0 would be without a limit


def host_of(url: str) -> str:
    """Host and port of a URL, the unit of politeness; "" for what is no URL."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


@lru_cache(maxsize=1024)
def sendable(url: str) -> str | None:
    """The URL as it is sent; None for what is none or holds control characters. libcurl guesses where
    it does not understand: it would ask the host `start` for "start" and for "http:///start"."""
    if SCHEME.match(url) is None or len(url) > LONGEST_ADDRESS or not url.isprintable():
        return None
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return None
    if not all(0 < len(label) <= LONGEST_LABEL for label in host.removesuffix(".").split(".")):
        return None
    return url if PLAIN.fullmatch(url) else quote(url, IN_ADDRESSES)


def header_lines(headers: Mapping[str, str], last: list[str]) -> list[str] | list[bytes] | None:
    """The lines as libcurl takes them; None where one would end too early and begin another. `last`
    are those that depend on the body: what is named without a value is not sent, though libcurl
    would by itself."""
    lines = [f"{name}: {value}" if value else f"{name};" for name, value in headers.items()]
    lines += STANDARD
    lines += last
    whole = "".join(lines)
    if not whole.isprintable():
        return None
    return lines if whole.isascii() else [line.encode() for line in lines]


def trusted(ca_file: Path | None) -> dict[int, str | None]:
    """Where libcurl finds the authorities to trust: where Python does. The libcurl of the wheel knows
    only the place of the machine on which it was built."""
    if ca_file is not None:
        return {pycurl.CAINFO: str(ca_file), pycurl.CAPATH: None}
    places = ssl.get_default_verify_paths()  # after SSL_CERT_FILE and SSL_CERT_DIR
    return {pycurl.CAINFO: places.cafile, pycurl.CAPATH: places.capath}
