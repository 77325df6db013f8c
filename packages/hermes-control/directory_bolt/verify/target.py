"""Which Hermes is verified, and what is known of it here."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from hermes_base.http.answers import Answer
from hermes_base.http.client import Client
from hermes_base.reasons import Trouble

SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Target:
    """`brain_url` "" where it is to be asked of the brain's own heartbeat; `logs` None where the
    processes run elsewhere; `stripe_secret` "" where no webhook can be signed."""

    url: str
    token: str
    brain_url: str = ""
    stripe_secret: str = ""
    logs: Path | None = None
    patience: float = 60.0
    """Seconds without anything new about the order until it counts as stalled."""
    hurry: float = 15.0
    """The same where a hop is known to be broken already."""
    settle: float = 5.0
    """Seconds that the last lines of a completed order may still take to be seen."""

    @property
    def headers(self) -> dict[str, str]:
        """The sign-in of a program."""
        return {"Authorization": f"Bearer {self.token}"}


class Asker:
    """Asks the target; every failure is a value."""

    def __init__(self, target: Target, client: Client) -> None:
        self.target = target
        self._client = client

    async def get(self, path: str) -> Answer | Trouble:
        """GET of the API."""
        return await self.ask("GET", path)

    async def ask(self, method: str, path: str) -> Answer | Trouble:
        """A request to the API without a body."""
        url = f"{self.target.url}{path}"
        return await self._client.ask(method, url, self.target.headers, seconds=SECONDS)

    async def elsewhere(self, url: str) -> Answer | Trouble:
        """GET of another address, without our token."""
        return await self._client.ask("GET", url, {}, seconds=SECONDS)

    async def pay(self, event: dict[str, Any], signature: str) -> Answer | Trouble:
        """A webhook delivery; its body is `bytes_of` the event."""
        url = f"{self.target.url}/api/webhook"
        headers = {"Stripe-Signature": signature}
        return await self._client.ask("POST", url, headers, event, seconds=SECONDS)


def bytes_of(event: dict[str, Any]) -> bytes:
    """An event as it is sent."""
    return orjson.dumps(event)


@asynccontextmanager
async def asking(target: Target) -> AsyncGenerator[Asker]:
    """An open client."""
    async with Client() as client:
        yield Asker(target, client)


def patient() -> aiohttp.ClientTimeout:
    """For a stream: it may take as long as it likes once it is open."""
    return aiohttp.ClientTimeout(total=None, connect=SECONDS, sock_connect=SECONDS)
