"""Names resolved under the egress policy: what is called is the address that was judged."""

import asyncio
import socket

from aiohttp.abc import AbstractResolver, ResolveResult

from hermes_egress.opened import Opened


async def system_names(host: str) -> list[str]:
    """What this machine resolves a host to."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


async def judged(opened: Opened, host: str, port: int) -> str:
    """An IP address of a host that may be called. Raises OSError where one of them may not."""
    found = await system_names(host)
    if opened.refuses(host, port) or not all(opened.admits(host, port, each) for each in found):
        raise OSError(f"{host} is in a private network")
    return found[0]


class JudgedNames(AbstractResolver):
    """aiohttp's resolver of names: what is called is the address that was judged."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """One address. Raises OSError."""
        address = await judged(self._opened, host, port)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
        ]

    async def close(self) -> None:
        """Nothing is held."""
