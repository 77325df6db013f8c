"""Letting visitors wait, but never the end of the process."""

import asyncio
from contextlib import suppress

from aiohttp import web


class Waiting:
    """`pace` stretches every pause: 1 is real time. Nobody waits once `over` is set."""

    def __init__(self, pace: float = 1.0) -> None:
        self._pace = pace
        self.over = asyncio.Event()

    async def seconds(self, seconds: float) -> None:
        """Wait so many seconds, stretched by the pace; at once when `over` is set."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.over.wait(), seconds * self._pace)

    async def for_ever(self) -> web.Response:
        """Answer nothing until the process ends."""
        await self.over.wait()
        return web.Response(status=503)


def hang_up(request: web.Request) -> web.Response:
    """Cut the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
