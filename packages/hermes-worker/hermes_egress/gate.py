"""A SOCKS5 gate on loopback: the browser reaches the web through it, but no private network.

Names are looked up here and nowhere else, so a page cannot lead the browser to an address that was
not judged. RFC 1928, CONNECT without authentication.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address

Resolve = Callable[[str, int], Awaitable[str]]
"""(host, port) -> an IP address that may be called; OSError when none may."""

VERSION, NO_AUTHENTICATION, CONNECT = 5, 0, 1
DONE, NOT_ALLOWED = 0, 2
LENGTHS = {1: 4, 4: 16}  # bytes of an address by its type; 3 is a name with its length before it
CHUNK = 65_536
CONNECT_SECONDS = 8.0


@asynccontextmanager
async def gate(resolve: Resolve) -> AsyncGenerator[list[str]]:
    """Chromium's arguments for going through a gate that is open for the length of the block."""
    async with proxy(resolve) as url:
        yield [
            f"--proxy-server={url}",
            "--proxy-bypass-list=<-loopback>",
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        ]


@asynccontextmanager
async def proxy(resolve: Resolve) -> AsyncGenerator[str]:
    """The URL of a gate that is open for the length of the block, as a browser context takes it."""

    async def admit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError, ValueError):
            await _serve(reader, writer, resolve)
        writer.close()

    server = await asyncio.start_server(admit, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"socks5://127.0.0.1:{port}"
    finally:
        server.close()


async def _serve(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, resolve: Resolve
) -> None:
    _version, methods = await reader.readexactly(2)
    await reader.readexactly(methods)
    writer.write(bytes([VERSION, NO_AUTHENTICATION]))
    host, port = await _asked(reader)
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            far_reader, far_writer = await asyncio.open_connection(await resolve(host, port), port)
    except OSError:
        writer.write(_answer(NOT_ALLOWED))
        await writer.drain()
        return
    writer.write(_answer(DONE))
    try:
        await _join(_relay(reader, far_writer), _relay(far_reader, writer))
    finally:
        far_writer.close()


async def _asked(reader: asyncio.StreamReader) -> tuple[str, int]:
    """The host and the port of a CONNECT request."""
    version, command, _reserved, kind = await reader.readexactly(4)
    if (version, command) != (VERSION, CONNECT):
        raise ValueError("not a SOCKS5 CONNECT")
    length = LENGTHS.get(kind) or (await reader.readexactly(1))[0]
    address = await reader.readexactly(length)
    host = str(ip_address(address)) if kind in LENGTHS else address.decode("ascii")
    return host, int.from_bytes(await reader.readexactly(2), "big")


def _answer(code: int) -> bytes:
    return bytes([VERSION, code, 0, 1, 0, 0, 0, 0, 0, 0])


async def _join(*ways: Coroutine[None, None, None]) -> None:
    """Both directions until one ends: then neither side waits for more."""
    tasks = [asyncio.create_task(way) for way in ways]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


async def _relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Bytes in one direction until their end."""
    with suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
