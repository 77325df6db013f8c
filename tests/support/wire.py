"""A wire between a browser and a server that a test can cut or freeze, as networks do."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from tests.support.waiting import until


class Wire:
    """Passes bytes on between its own port and `target`."""

    def __init__(self, target: str) -> None:
        place = urlsplit(target)
        self._host, self._port = place.hostname or "", place.port or 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._passing = asyncio.Event()
        self._passing.set()
        self._open = True
        self.url = ""

    def cut(self) -> None:
        """End every connection and refuse new ones."""
        self._open = False
        for writer in self._writers:
            writer.transport.abort()

    def mend(self) -> None:
        """Let connections through again, and bytes too."""
        self._open = True
        self._passing.set()

    def freeze(self) -> None:
        """Keep the connections, but let nothing through, without a word."""
        self._passing.clear()

    @asynccontextmanager
    async def laid(self) -> AsyncGenerator["Wire"]:
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            self.mend()
            server.close()
            for writer in list(self._writers):
                writer.transport.abort()
            await until(lambda: not self._writers, "the connections end")

    async def _connect(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        if not self._open:
            back.transport.abort()
            return
        far, forth = await asyncio.open_connection(self._host, self._port)
        self._writers |= {back, forth}
        try:
            await asyncio.gather(self._pass(near, forth), self._pass(far, back))
        finally:
            self._writers -= {back, forth}

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(65_536):
                await self._passing.wait()
                writer.write(piece)
                await writer.drain()
        writer.transport.abort()
