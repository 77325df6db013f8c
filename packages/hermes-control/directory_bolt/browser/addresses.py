"""Which hosts a directory may lead to: only public ones, unless it is a demo."""

import asyncio
import socket
from ipaddress import ip_address
from urllib.parse import urlsplit
from urllib.request import getproxies


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    try:
        found = ip_address(address.partition("%")[0].strip("[]"))
    except ValueError:
        return False
    return found.is_global and not found.is_multicast


class Addresses:
    """Remembers what hosts resolve to, for the length of one visit. `any_host`: everything goes."""

    def __init__(self, *, any_host: bool) -> None:
        self.any_host = any_host
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
            self._known[parts.hostname] = await _all_public(parts.hostname)
        return self._known[parts.hostname]

    def allows_server(self, address: str) -> bool:
        """Whether the server that really answered is public: names may change between two looks."""
        return self.any_host or self.proxied or is_public(address)


async def _all_public(host: str) -> bool:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return True
    return all(is_public(str(entry[4][0])) for entry in found)
