"""Who may be called: no site may lead the crawler into a private network that no admin has opened."""

import json
import os
import re
import socket
from pathlib import Path

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from hermes_egress.opened import Opened

PRIVATE_SITES = "HERMES_PRIVATE_SITES"
SANDBOX_FILE = "HERMES_SANDBOX_FILE"
ORIGIN = re.compile(r"https?://([\w.\-]+:\d+|\[[0-9a-f:]+\]:\d+)")


class PrivateAddressError(OSError):
    """A name resolved to a private, loopback or link-local address that is not opened."""


def opened() -> Opened:
    """What the admin has opened, and the places of the demo network while it runs, port by port."""
    return Opened(",".join([os.environ.get(PRIVATE_SITES, ""), *_demo()]))


def _demo() -> set[str]:
    try:
        text = Path(os.environ[SANDBOX_FILE]).read_text("utf-8")
        json.loads(text)
    except (KeyError, OSError, ValueError):
        return set()
    return set(ORIGIN.findall(text))


class Guard(AbstractResolver):
    """Resolves names once; what is called is the address that was judged."""

    def __init__(self, names: AbstractResolver | None = None) -> None:
        """`names` looks names up; by default the system does."""
        self._opened = opened()
        self._names = names or ThreadedResolver()

    def refuses(self, host: str, port: int) -> bool:
        """Whether a host is itself a private address (names are judged when resolved)."""
        return self._opened.refuses(host, port)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._names.resolve(host, port, family)
        if not all(self._opened.admits(host, port, each["host"]) for each in found):
            raise PrivateAddressError(f"{host} resolves to a private address")
        return found

    async def close(self) -> None:
        await self._names.close()
