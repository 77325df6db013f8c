"""What one connection may cost: headers, time, number; and whose word on who asks is believed (S7, S8)."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from hermes_base.problems import Problem
from hermes_base.settings import TrustedProxies, load
from hermes_base.web.bounded_http import Limits, server_config

KB = 1024


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Says who asked, and how much they sent."""
    request = Request(scope, receive)
    body = await request.body()
    answer: Response = JSONResponse({"client": scope["client"][0], "body": len(body)})
    await answer(scope, receive, send)


@asynccontextmanager
async def serving(limits: Limits, proxies: str = "") -> AsyncGenerator[int]:
    """The echo behind these limits; its port."""
    trusted = TrustedProxies(proxies)
    server = uvicorn.Server(server_config(echo, limits, lifespan="off", **trusted.of_uvicorn))
    with socket.create_server(("0.0.0.0", 0)) as listener:
        task = asyncio.create_task(server.serve([listener]))
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            await task


async def said(port: int, sent: bytes, *, of: str = "127.0.0.1") -> bytes:
    """Everything that came back until the connection was closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(of, 0))
    writer.write(sent)
    try:
        return await reader.read()
    except ConnectionError:  # closed while we still sent
        return b""
    finally:
        writer.close()


def request(*headers: bytes, body: bytes = b"") -> bytes:
    lines = [b"POST / HTTP/1.1", b"Host: x", b"Connection: close", *headers]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", body])


@pytest.mark.parametrize(
    "head",
    [
        [b"X-Long: " + b"a" * 70 * KB],
        [b"X-%d: %s" % (number, b"a" * KB) for number in range(70)],
        [b"X-%d: a" % number for number in range(20_000)],
    ],
    ids=["one header", "many headers", "very many headers"],
)
async def test_headers_beyond_64_kb_are_refused_in_one_piece_and_in_many(head: list[bytes]) -> None:
    """S8: one connection sent 200 MB of headers, and the server kept them all."""
    async with serving(Limits()) as port:
        assert (await said(port, request(*head))).startswith(b"HTTP/1.1 431 ")
        small = await said(port, request(b"X-Long: " + b"a" * 60 * KB))
        assert small.startswith(b"HTTP/1.1 200 ")


async def test_a_header_that_never_ends_is_cut_off_after_64_kb() -> None:
    """S8: what is not parsed yet counts, too."""
    async with serving(Limits()) as port:
        told = await said(port, b"GET / HTTP/1.1\r\nX-Endless: " + b"a" * 200 * KB)
    assert told.startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize("begun", [b"", b"GET / HT", request(body=b"a" * 100)[:-50]])
async def test_a_request_that_does_not_come_to_its_end_is_ended(begun: bytes) -> None:
    """S8: 1,500 half-sent requests were all still open after 40 s."""
    async with serving(Limits(seconds=0.2)) as port:
        assert (await said(port, begun)).startswith(b"HTTP/1.1 408 ")


async def test_an_answer_may_take_longer_than_a_request_and_a_body_after_a_head_is_no_head() -> (
    None
):
    async with serving(Limits(head=KB)) as port:
        told = await said(port, request(body=b"a" * 200 * KB))
    assert json.loads(told.rpartition(b"\r\n\r\n")[2])["body"] == 200 * KB


async def test_one_address_holds_so_many_connections_and_takes_none_of_others() -> None:
    """S8: nothing kept one caller from taking every file descriptor."""
    async with serving(Limits(of_caller=2, exempt=lambda address: False)) as port:
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        assert (await said(port, request())).startswith(b"HTTP/1.1 429 ")
        assert (await said(port, request(), of="127.0.0.2")).startswith(b"HTTP/1.1 200 ")
        for _, writer in held:
            writer.close()
            await writer.wait_closed()
        while not (answer := await said(port, request())).startswith(b"HTTP/1.1 200 "):
            assert answer.startswith(b"HTTP/1.1 429 ")


async def test_a_server_keeps_descriptors_for_its_database() -> None:
    async with serving(Limits(connections=0)) as port:
        assert (await said(port, request())).startswith(b"HTTP/1.1 503 ")


@pytest.mark.parametrize(
    ("proxies", "of", "client"),
    [
        ("", "127.0.0.1", "127.0.0.1"),
        ("127.0.0.0/8,::1", "127.0.0.1", "192.0.2.7"),
        ("10.0.0.0/8, 127.0.0.2", "127.0.0.2", "192.0.2.7"),
        ("10.0.0.0/8", "127.0.0.2", "127.0.0.2"),
    ],
)
async def test_who_asks_is_told_by_proxies_that_are_trusted_and_by_nobody_else(
    proxies: str, of: str, client: str
) -> None:
    """S7b, S7c: behind compose's bridge all people were one address; on loopback everybody was believed."""
    async with serving(Limits(), proxies) as port:
        told = await said(port, request(b"X-Forwarded-For: 192.0.2.7"), of=of)
    assert json.loads(told.rpartition(b"\r\n\r\n")[2])["client"] == client


def test_this_machines_proxy_is_trusted_where_a_public_address_says_that_there_is_one() -> None:
    assert "127.0.0.1" not in load({}).proxies
    assert "127.0.0.1" in load({"HERMES_PUBLIC_URL": "https://hermes.example"}).proxies
    named = {"HERMES_PUBLIC_URL": "https://hermes.example", "HERMES_TRUSTED_PROXIES": "10.0.0.0/8"}
    assert "127.0.0.1" not in load(named).proxies
    assert "10.1.2.3" in load(named).proxies
    with pytest.raises(Problem, match="HERMES_TRUSTED_PROXIES"):
        load({"HERMES_TRUSTED_PROXIES": "the proxy"})
