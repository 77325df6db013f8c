"""Which hosts a directory may lead to: only public ones, unless it is a demo."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit
from urllib.request import getproxies

from hermes_egress.addresses import is_private_literal, is_public

Names = Callable[[str], Awaitable[list[str]]]
"""Host -> its IP addresses; OSError or UnicodeError when it has none."""


async def system_names(host: str) -> list[str]:
    """What this machine resolves a host to."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class Addresses:
    """Remembers what hosts resolve to, for the length of one visit. `any_host`: everything goes."""

    def __init__(self, *, any_host: bool, names: Names = system_names) -> None:
        self.any_host = any_host
        self._names = names
        self.proxied = bool(getproxies())
        self._known: dict[str, bool] = {}

    async def allows(self, url: str) -> bool:
        """Whether every address of the host is public. Names that do not resolve are let through:
        the browser then says itself that they do not."""
        parts = urlsplit(url)
        if self.any_host or parts.scheme in ("data", "blob", "about"):
            return True
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return False
        if parts.hostname not in self._known:
            self._known[parts.hostname] = await self._is_open(parts.hostname)
        return self._known[parts.hostname]

    def allows_server(self, address: str) -> bool:
        """Whether the server that really answered is public: names may change between two looks."""
        return self.any_host or self.proxied or is_public(address)

    async def _is_open(self, host: str) -> bool:
        # Judged as text first: a browser knows some that the system cannot resolve, `a.localhost`
        # and `127.0.0.1.` among them.
        if is_private_literal(host):
            return False
        try:
            return all(map(is_public, await self._names(host)))
        except (OSError, UnicodeError):
            return True
