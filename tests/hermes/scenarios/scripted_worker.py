"""A worker that plays scripts to whoever connects: exact bytes, waits and resets, over TCP or TLS."""

import asyncio
import contextlib
import socket
import ssl
import struct
from collections import Counter
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import trustme

LONGEST_WAIT = 60.0  # s; no scenario holds a connection longer


@dataclass(frozen=True, slots=True)
class Wait:
    """Say nothing for this long, or until the peer has gone."""

    seconds: float = LONGEST_WAIT


@dataclass(frozen=True, slots=True)
class Repeat:
    """Send the same bytes again and again, `every` seconds, until the peer has gone."""

    what: bytes
    every: float = 0.0


@dataclass(frozen=True, slots=True)
class Reset:
    """Close with RST instead of FIN."""


Step = bytes | Wait | Repeat | Reset
Script = tuple[Step, ...]
Scripts = Mapping[str, tuple[Script, ...]]
"""Path -> what is answered there, request by request; the last script is played again and again."""

NOT_FOUND: Script = (
    b"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n",
    b'Content-Length: 21\r\nConnection: close\r\n\r\n{"error":"not found"}',
)


@dataclass
class ScriptedWorker:
    """The worker of one scenario: its port, and how many requests it has seen by path."""

    scripts: Scripts
    port: int = 0
    seen: Counter[str] = field(default_factory=Counter[str])

    def next_script(self, path: str) -> Script:
        """What comes now at this path."""
        turns = self.scripts.get(path, (NOT_FOUND,))
        script = turns[min(self.seen[path], len(turns) - 1)]
        self.seen[path] += 1
        return script


@asynccontextmanager
async def serve(
    scripts: Scripts, tls: ssl.SSLContext | None = None
) -> AsyncGenerator[ScriptedWorker]:
    """Serve these scripts on a port of their own until the end."""
    worker = ScriptedWorker(scripts)
    connections: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(_answer(worker, reader, writer))
        connections.add(task)
        task.add_done_callback(connections.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    worker.port = server.sockets[0].getsockname()[1]
    try:
        yield worker
    finally:
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


async def _answer(
    worker: ScriptedWorker, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    try:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            path = await _request(reader)
            for step in worker.next_script(path):
                await _play(step, reader, writer)
    finally:
        writer.transport.close()  # without waiting: a peer may never read what is left


async def _request(reader: asyncio.StreamReader) -> str:
    """The path of a request, without its query; its body is read and dropped."""
    first = await reader.readexactly(1)
    if not first.isalpha():
        return "no HTTP"  # such as the hello of TLS: answered as a web server would, in plain text
    head = first + await reader.readuntil(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            await reader.readexactly(int(line.split(b":")[1]))
    return head.split(b" ")[1].decode().partition("?")[0]


async def _play(step: Step, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    if isinstance(step, bytes):
        writer.write(step)
        await writer.drain()
    elif isinstance(step, Wait):
        await _peer_gone(reader, step.seconds)
    elif isinstance(step, Repeat):
        while not await _peer_gone(reader, step.every):
            writer.write(step.what)
            await writer.drain()
    else:
        sock: socket.socket = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()


async def _peer_gone(reader: asyncio.StreamReader, seconds: float) -> bool:
    """Whether the peer closed within this time."""
    if seconds == 0:
        await asyncio.sleep(0)
        return reader.at_eof()
    try:
        async with asyncio.timeout(seconds):
            return await reader.read(1) == b""
    except TimeoutError:
        return False


@lru_cache(maxsize=1)
def authority() -> trustme.CA:
    """The certificate authority that the client of the scenarios trusts."""
    return trustme.CA()


def certified(kind: str) -> ssl.SSLContext:
    """A server's TLS of one kind: `tls` (good), `tls_unknown_ca`, `tls_expired`, `tls_wrong_host`."""
    issuer = trustme.CA() if kind == "tls_unknown_ca" else authority()
    name = "elsewhere.example" if kind == "tls_wrong_host" else "localhost"
    expired = datetime(2020, 1, 1, tzinfo=UTC) if kind == "tls_expired" else None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issuer.issue_cert(name, not_after=expired).configure_cert(context)
    return context


@contextlib.contextmanager
def authority_file() -> Generator[Path]:
    """A file for a client that trusts only this authority."""
    with authority().cert_pem.tempfile() as name:
        yield Path(name)
