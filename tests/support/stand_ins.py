"""The providers' stand-ins, served on loopback for one test."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import aiohttp
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from hermes_sandbox.providers import StandIns
from hermes_sandbox.providers.keys import RSA_BITS, Keys

SITE = "http://127.0.0.1:8420"
TODAY = date(2026, 11, 20)


@dataclass
class Served:
    """Running stand-ins: `base` is their address, `secrets` open them by vault name."""

    stand_ins: StandIns
    base: str
    client: aiohttp.ClientSession

    @property
    def secrets(self) -> dict[str, dict[str, Any]]:
        return self.stand_ins.secrets_of(self.base)

    async def switch(self, provider: str, fault: str | None) -> None:
        """Switch a fault on over HTTP; None clears it."""
        told = {"provider": provider, "fault": fault}
        async with self.client.post(f"{self.base}/__faults__", json=told) as answer:
            assert answer.status == 200, await answer.text()

    async def get(self, address: str, **how: Any) -> tuple[int, Any]:
        """Status, and the body as JSON or else as text."""
        return await self._read("GET", address, how)

    async def post(self, address: str, **how: Any) -> tuple[int, Any]:
        """As `get`."""
        return await self._read("POST", address, how)

    async def _read(self, method: str, address: str, how: dict[str, Any]) -> tuple[int, Any]:
        url = address if "://" in address else self.base + address
        async with self.client.request(method, url, allow_redirects=False, **how) as answer:
            known = answer.content_type == "application/json"
            try:
                body = await answer.json() if known else await answer.text()
            except ValueError:
                body = await answer.text()
            return answer.status, body


@cache
def _google_key() -> rsa.RSAPrivateKey:
    """One for all tests of a process: to find its primes takes longer than most of them."""
    return rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)


def keys() -> Keys:
    """New ones, but for Google's."""
    return Keys(google=_google_key())


@asynccontextmanager
async def serve_stand_ins(
    site: str = SITE, today: Callable[[], date] = lambda: TODAY, **more: Any
) -> AsyncGenerator[Served]:
    """Stand-ins for the demo site at `site`; `today` may move."""
    stand_ins = StandIns(site, today=today, keys=keys(), **more)
    runner = web.AppRunner(stand_ins.app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with aiohttp.ClientSession() as client:
            yield Served(stand_ins, f"http://127.0.0.1:{runner.addresses[0][1]}", client)
    finally:
        await runner.cleanup()
