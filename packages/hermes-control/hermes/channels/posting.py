"""Letters as HTTP requests. No redirect is followed: an address is what was entered, and nothing else."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import aiohttp

from hermes.core.alerting.wire import Call, ChannelFault
from hermes_base.http.judged_names import JudgedNames
from hermes_egress.opened import Opened

SECONDS = 10.0
MOST_READ = 20_000
LONGEST_TOLD = 160


class Posting:
    """Asks channels over HTTP, those that the egress policy admits."""

    def __init__(self, session: aiohttp.ClientSession, opened: Opened) -> None:
        self._session = session
        self._opened = opened

    async def post(self, call: Call) -> None:
        """Raises ChannelFault where it was not taken, or it is not known whether it was."""
        host = urlsplit(call.url).hostname or ""
        if urlsplit(call.url).scheme not in ("http", "https") or not host:
            raise ChannelFault("Its address is not an http(s) address.")
        if self._opened.refuses_url(call.url):
            words = f"{host} is in a private network. An admin can open it: HERMES_PRIVATE_SITES."
            raise ChannelFault(words)
        try:
            await self._ask(call, host)
        except TimeoutError:
            raise ChannelFault(f"{host} did not answer within {SECONDS:g} s.") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # the text of an error may hold the address, and with it a key
            raise ChannelFault(f"{host} could not be reached ({type(error).__name__}).") from None

    async def get(self, url: str) -> None:
        """Ask an address for its answer alone. Raises ChannelFault unless it is a 2xx."""
        host = urlsplit(url).hostname or ""
        if self._opened.refuses_url(url):
            raise ChannelFault(f"{host} is in a private network.")
        try:
            async with self._session.get(url, allow_redirects=False) as reply:
                if not 200 <= reply.status < 300:
                    raise ChannelFault(f"{host} answered {reply.status}.")
        except TimeoutError:
            raise ChannelFault(f"{host} did not answer within {SECONDS:g} s.") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise ChannelFault(f"{host} could not be reached ({type(error).__name__}).") from None

    async def _ask(self, call: Call, host: str) -> None:
        async with self._session.post(
            call.url, data=call.body, headers=dict(call.headers), allow_redirects=False
        ) as reply:
            read = (await reply.content.read(MOST_READ)).decode("utf-8", "replace")
            if not call.accepts(reply.status, read):
                told = " ".join(read.split())[:LONGEST_TOLD]
                words = f"{host} answered {reply.status}{': ' + told if told else ''}."
                raise ChannelFault(words, _seconds(reply.headers.get("Retry-After", "")))


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() else 0.0


@asynccontextmanager
async def posting(opened: Opened) -> AsyncGenerator[Posting]:
    """A client for the length of a process."""
    connector = aiohttp.TCPConnector(resolver=JudgedNames(opened), limit=16)
    limit = aiohttp.ClientTimeout(total=SECONDS)
    async with aiohttp.ClientSession(connector=connector, timeout=limit) as session:
        yield Posting(session, opened)
