"""Who may be called: a public site may not lead the crawler into a private network."""

import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from hermes_egress.addresses import is_private_literal, is_public


class PrivateAddressError(OSError):
    """A name of the public web resolved to a private, loopback or link-local address."""


class Guard(AbstractResolver):
    """Resolves names; refuses private addresses unless the operator typed one literally."""

    def __init__(self, private_allowed: bool, names: AbstractResolver | None = None) -> None:
        """`names` looks names up; by default the system does."""
        self._private_allowed = private_allowed
        self._names = names or ThreadedResolver()

    def refuses(self, host: str) -> bool:
        """Whether a host is itself a private address (names are judged when resolved)."""
        return is_private_literal(host) and not self._private_allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._names.resolve(host, port, family)
        if not self._private_allowed and not all(is_public(each["host"]) for each in found):
            raise PrivateAddressError(f"{host} resolves to a private address")
        return found

    async def close(self) -> None:
        await self._names.close()
