"""The Hermes that is verified: what is known of it here, and requests to it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from hermes_base.client import HermesApi
from hermes_base.http.answers import Answer
from hermes_base.http.client import Client
from hermes_base.reasons import Failure

SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where a Hermes is and what may be asked of it."""

    url: str
    token: str = field(repr=False)
    brain_url: str = ""
    """"" where it is read from the brain's own heartbeat."""
    stripe_secret: str = field(default="", repr=False)
    """"" where no webhook can be signed, so no order can be made."""
    logs: Path | None = None
    """Folder of the processes' logs; None where they run on another machine."""
    patience: float = 60.0
    """Seconds without anything new about the order until it counts as stalled."""
    hurry: float = 15.0
    """The same where a hop is known to be broken already."""
    settle: float = 5.0
    """Seconds that the last lines of a completed order may still take to be seen."""


class TargetClient:
    """Requests to the target and to the processes that it names; every failure is a value."""

    def __init__(self, target: Target, http: Client) -> None:
        self.target = target
        self._http = http
        self._api = HermesApi(http, target.url, target.token, SECONDS)

    async def get(self, path: str) -> Answer | Failure:
        """GET of the API."""
        return await self.ask("GET", path)

    async def ask(self, method: str, path: str) -> Answer | Failure:
        """A request to the API without a body."""
        # A value and no Problem: a host that is not Hermes is told from a Hermes without the route
        # by status and headers of the answer, or by the reason why there is none.
        return await self._api.exchange(method, path)

    async def get_elsewhere(self, url: str) -> Answer | Failure:
        """GET of another address (the brain, a process), which must not see our token."""
        return await self._http.ask("GET", url, {}, seconds=SECONDS)

    async def pay(self, event: dict[str, Any], signature: str) -> Answer | Failure:
        """A webhook delivery as Stripe makes it: signed and not signed in. Its body is `bytes_of` the
        event."""
        headers = {"Stripe-Signature": signature}
        return await self._api.exchange("POST", "/api/webhook", event, headers)


def bytes_of(event: dict[str, Any]) -> bytes:
    """An event as it is sent."""
    return orjson.dumps(event)


@asynccontextmanager
async def connected(target: Target) -> AsyncGenerator[TargetClient]:
    """An open client of the target."""
    async with Client() as http:
        yield TargetClient(target, http)


def stream_timeout() -> aiohttp.ClientTimeout:
    """For the stream of changes: 10 s to connect, and no limit once it is open."""
    return aiohttp.ClientTimeout(total=None, connect=SECONDS, sock_connect=SECONDS)
