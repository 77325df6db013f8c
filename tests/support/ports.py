"""Ports of loopback that are ours before anybody listens there."""

import socket
from collections.abc import Generator
from contextlib import ExitStack, contextmanager


@contextmanager
def held_port(port: int = 0) -> Generator[int]:
    """A port (0: any free one) that nobody listens at, kept from everybody else until the end of the block.

    A server of the test may bind it, also again and again (with SO_REUSEADDR, as asyncio, aiohttp, uvicorn
    and `socket.create_server` do): Linux lets it in beside a socket that never listens.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", port))
        yield held.getsockname()[1]


@contextmanager
def held_addresses(count: int) -> Generator[list[str]]:
    """So many of them, as addresses that a site can be built on before it is served."""
    with ExitStack() as stack:
        yield [f"http://127.0.0.1:{stack.enter_context(held_port())}" for _ in range(count)]
