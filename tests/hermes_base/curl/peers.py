"""Peers that misbehave on purpose: real sockets on loopback that send exactly these bytes."""

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.support.waiting import patience

Act = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Peer:
    """A listening peer: its address and the requests it has seen."""

    url: str
    heads: list[bytes] = field(default_factory=list[bytes])


def http(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """A whole HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def read_request(reader: asyncio.StreamReader) -> bytes:
    """The head of a request; its body is read and dropped. What is no HTTP ends the reading."""
    head = await reader.readexactly(1)
    if not head.isalpha():
        return head
    head += await reader.readuntil(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            await reader.readexactly(int(line.split(b":")[1]))
    return head


@asynccontextmanager
async def peer(act: Act | bytes, tls: ssl.SSLContext | None = None) -> AsyncGenerator[Peer]:
    """Serve one `act`, or send these bytes, after the request of each connection; then close."""
    found = Peer("")
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            found.heads.append(await read_request(reader))
            if isinstance(act, bytes):
                writer.write(act)
                await writer.drain()
            else:
                await act(reader, writer)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        serving.add(task)
        task.add_done_callback(serving.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    found.url = f"{'https' if tls else 'http'}://{'localhost' if tls else '127.0.0.1'}:{port}/start"
    try:
        yield found
    finally:
        server.close()
        async with patience():
            await asyncio.gather(*serving)


def reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST instead of FIN."""
    sock: socket.socket = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@asynccontextmanager
async def silent_listener() -> AsyncGenerator[int]:
    """A port that takes connections and never says a word, not even a TLS hello."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]
