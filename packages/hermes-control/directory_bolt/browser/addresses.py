"""Which hosts a directory may lead to: only public ones, unless it is a demo."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit
from urllib.request import getproxies

from hermes_base.http.judged_names import system_names
from hermes_egress.addresses import is_public
from hermes_egress.opened import Opened

NOTHING_OPENED = Opened()

Names = Callable[[str], Awaitable[list[str]]]
"""Host -> its IP addresses; OSError or UnicodeError when it has none."""


class Addresses:
    """Remembers what hosts resolve to, for the length of one visit. `any_host`: everything goes.

    `gated`: the browser reaches nothing but through a gate that judges the addresses it calls.
    """

    def __init__(
        self, *, any_host: bool, names: Names = system_names, opened: Opened = NOTHING_OPENED,
        gated: bool = False,
    ) -> None:  # fmt: skip
        self.any_host = any_host
        self._opened = opened
        self._gated = gated
        self._names = names
        self.proxied = bool(getproxies())
        self._known: dict[tuple[str, int], bool] = {}

    async def allows(self, url: str) -> bool:
        """Whether every address of the host is public. Names that do not resolve are let through:
        the browser then says itself that they do not."""
        parts = urlsplit(url)
        if self.any_host or parts.scheme in ("data", "blob", "about"):
            return True
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return False
        try:
            place = parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:  # a port beyond 65535
            return False
        if place not in self._known:
            self._known[place] = await self._is_open(*place)
        return self._known[place]

    def allows_server(self, address: str) -> bool:
        """Whether the server that really answered is public: names may change between two looks."""
        return self.any_host or self.proxied or self._gated or is_public(address)

    async def _is_open(self, host: str, port: int) -> bool:
        # Judged as text first: a browser knows some that the system cannot resolve, `a.localhost`
        # and `127.0.0.1.` among them.
        if self._opened.refuses(host, port):
            return False
        try:
            found = await self._names(host)
            return all(self._opened.admits(host, port, address) for address in found)
        except (OSError, UnicodeError):
            return True
