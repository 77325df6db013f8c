"""The gate before the browser: the web passes, a private network does not."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web

import hermes_browser
from hermes_egress.gate import gate
from hermes_fleet.crawling.guard import PrivateAddressError
from tests.hermes_fleet.core_web_vitals.support import served


async def only_the_shop(host: str, port: int) -> str:
    """Stands for the guard: one name of the web, everything else is private."""
    if host == "shop.test":
        return "127.0.0.1"
    raise PrivateAddressError(f"{host} is private")


def port_of(arguments: list[str]) -> int:
    return int(arguments[0].rpartition(":")[2])


async def asked(port: int, request: bytes) -> bytes:
    """The answer to a CONNECT request after the greeting."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"\x05\x01\x00" + request)
    greeting = await reader.readexactly(2)
    answer = await reader.read(10)
    writer.close()
    await writer.wait_closed()
    assert greeting == b"\x05\x00"
    return answer


def connect(host: str, port: int) -> bytes:
    name = host.encode()
    return b"\x05\x01\x00\x03" + bytes([len(name)]) + name + port.to_bytes(2, "big")


async def test_a_private_name_is_refused_as_not_allowed() -> None:
    async with gate(only_the_shop) as arguments:
        assert (await asked(port_of(arguments), connect("metadata.internal", 80)))[1] == 2


async def test_a_private_number_is_refused_however_it_is_written() -> None:
    v4 = b"\x05\x01\x00\x01" + bytes([169, 254, 169, 254]) + b"\x00\x50"
    v6 = b"\x05\x01\x00\x04" + bytes(15) + b"\x01" + b"\x00\x50"
    async with gate(only_the_shop) as arguments:
        assert (await asked(port_of(arguments), v4))[1] == 2
        assert (await asked(port_of(arguments), v6))[1] == 2


async def test_what_is_no_connect_is_hung_up_on() -> None:
    async with gate(only_the_shop) as arguments:
        assert await asked(port_of(arguments), b"\x05\x02\x00\x01" + bytes(6)) == b""


@pytest.mark.browser
async def test_the_browser_sees_the_web_and_nothing_private_through_the_gate(
    tmp_path: Path,
) -> None:
    seen = list[str]()

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.host)
        text = f"<title>Shop</title><img src='http://127.0.0.1:{port}/inside'><p>Open"
        return web.Response(text=text, content_type="text/html")

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    async with served(app) as base, gate(only_the_shop) as arguments:
        port = int(base.rpartition(":")[2])
        async with hermes_browser.browser(arguments) as browser:
            page = await browser.new_page()
            await page.goto(f"http://shop.test:{port}/")
            title = await page.title()
    assert title == "Shop"
    assert set(seen) == {f"shop.test:{port}"}
