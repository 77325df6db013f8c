"""An ASGI application over real HTTP on loopback, which stops as soon as its last answer is sent.

uvicorn looks every 0.1 s whether it should stop, and sleeps 0.1 s more when it does: with a server a test, minutes.
"""

import asyncio
import socket
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Literal

import uvicorn
from starlette.types import ASGIApp

PATIENCE = 1  # s for answers under way when it stops; then they are cancelled, as the product's server does
EVERY = 0.002  # s between two looks whether the last one is sent


class Server(uvicorn.Server):
    """Started and stopped by `startup` and `shutdown`: there is no loop that ticks between them."""

    async def shutdown(self, sockets: Sequence[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._last_answers()
        except TimeoutError:
            for task in self.server_state.tasks:
                task.cancel()
        await self.lifespan.shutdown()

    async def _last_answers(self) -> None:
        while self.server_state.connections or self.server_state.tasks:
            await asyncio.sleep(EVERY)


@asynccontextmanager
async def serving(
    app: ASGIApp, lifespan: Literal["on", "off"] = "on", *, log_level: str = "warning"
) -> AsyncGenerator[str]:
    """Serve the application until the end of the block; its address."""
    config = uvicorn.Config(app, lifespan=lifespan, ws="none", log_level=log_level)
    config.load()
    server = Server(config)
    server.lifespan = config.lifespan_class(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        await server.startup([listener])
        await server.on_tick(0)  # the header `Date` of every answer
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            await server.shutdown()
