"""Serving on one socket until told to stop, and then stopping for certain."""

import asyncio
import os
import socket
import threading
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

SECONDS_TO_EXIT = 4.0


class Server(uvicorn.Server):
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A first signal stops gracefully, a second at once; a function that will not stop is left behind."""
        if self.should_exit:
            self.force_exit = True
        self.should_exit = True
        last_resort = threading.Timer(SECONDS_TO_EXIT, os._exit, (1,))
        last_resort.daemon = True
        last_resort.start()


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 picks a free one. OSError when the address is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


def serve(
    app: ASGIApp, listener: socket.socket, *during: AbstractAsyncContextManager[object]
) -> None:
    """Serves until SIGTERM or Ctrl-C, inside the given contexts, entered in order."""
    config = uvicorn.Config(
        app,
        lifespan="off",
        ws="none",
        http="h11",  # bounds headers to 64 KB, as httptools would not where it happens to be installed
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )

    async def serving() -> None:
        async with AsyncExitStack() as contexts:
            for context in during:
                await contexts.enter_async_context(context)
            await Server(config).serve([listener])

    with listener, asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(serving())
