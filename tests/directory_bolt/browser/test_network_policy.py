"""What the network policy of the browser worker lets through: names are resolved by the test."""

import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from playwright.async_api import Browser

from directory_bolt.browser.addresses import Addresses, Names
from directory_bolt.browser.network_policy import PRIVATE, NetworkPolicy
from directory_bolt.browser.robots import KnownRobots
from directory_bolt.core.orders.states import ResultReason
from hermes_base.http.judged_names import judged
from hermes_egress.gate import proxy
from hermes_egress.opened import Opened
from tests.directory_bolt.browser.pages import Site, served

PUBLIC = "93.184.215.14"
RULES = "User-agent: *\nDisallow: /add\n"


def leading_to(*addresses: str) -> Names:
    """A name service where every name has these addresses; none: it does not resolve."""

    async def names(host: str) -> list[str]:
        if not addresses:
            raise OSError(f"{host} is unknown")
        return list(addresses)

    return names


@asynccontextmanager
async def policy(*, any_host: bool, names: Names) -> AsyncGenerator[NetworkPolicy]:
    async with aiohttp.ClientSession() as session:
        yield NetworkPolicy(KnownRobots(session), Addresses(any_host=any_host, names=names), 1)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "::127.0.0.1", "fec0::1", "fe80::1%lo"],
)
async def test_a_directory_whose_name_resolves_to_a_private_address_is_not_visited(
    address: str,
) -> None:
    async with policy(any_host=False, names=leading_to(PUBLIC, address)) as one:
        refused = await one.refusal("http://directory.test/add")
    assert refused is not None
    assert (refused.status, refused.reason) == ("failed", ResultReason.UNREACHABLE)
    assert refused.message == PRIVATE


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost.", "a.localhost", "127.0.0.1.", "127.1", "2130706433", "0x7f000001",
     "0177.0.0.1", "127%2e0.0.1", "\uff11\uff12\uff17.0.0.1", "[::1]", "[64:ff9b::7f00:1]"],
)  # fmt: skip
async def test_a_private_host_typed_literally_is_refused_even_where_it_does_not_resolve(
    host: str,
) -> None:
    assert not await Addresses(any_host=False, names=leading_to()).allows(f"http://{host}:80/add")


async def test_public_names_and_names_that_do_not_resolve_are_let_through() -> None:
    for names in (leading_to(PUBLIC, "2606:4700::1111"), leading_to()):
        assert await Addresses(any_host=False, names=names).allows("https://directory.test/add")


async def test_a_demo_directory_may_be_on_this_machine() -> None:
    addresses = Addresses(any_host=True, names=leading_to("127.0.0.1"))
    assert await addresses.allows("http://127.0.0.1:8420/add")


@pytest.mark.parametrize("robots", [RULES, f"\ufeff{RULES}", "#" * 400_000 + f"\n{RULES}"])
async def test_robots_txt_is_read_whole_and_without_its_byte_order_mark(robots: str) -> None:
    async with (
        served(Site({"/add": "form"}, robots)) as site,
        policy(any_host=True, names=leading_to()) as one,
    ):
        refused = await one.refusal(f"{site.base}/add")
        allowed = await one.refusal(f"{site.base}/other")
    assert refused is not None
    assert (refused.status, refused.reason) == ("skipped", ResultReason.ROBOTS)
    assert allowed is None


class Leading(Site):
    """A site whose robots.txt is on this machine."""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path, ""))
        raise web.HTTPFound(f"{self.base}/inside")


class ThisMachine(AbstractResolver):
    """Where the test's directories really are, whatever the guard was told."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET,
                              proto=0, flags=0)]  # fmt: skip

    async def close(self) -> None: ...


async def test_robots_txt_cannot_lead_into_a_private_network() -> None:
    connector = aiohttp.TCPConnector(resolver=ThisMachine())
    addresses = Addresses(any_host=False, names=leading_to(PUBLIC))
    async with (
        served(Leading({})) as site,
        aiohttp.ClientSession(connector=connector) as session,
    ):
        url = site.base.replace("127.0.0.1", "directory.test")
        refused = await NetworkPolicy(KnownRobots(session), addresses, 1).refusal(f"{url}/add")
    assert refused is not None
    assert (refused.status, refused.reason) == ("failed", ResultReason.UNREACHABLE)
    assert refused.message == f"robots.txt leads into a private network: {site.base}/inside"
    assert [path for path, _ in site.asked] == ["/robots.txt"]


@pytest.mark.browser
@pytest.mark.parametrize("hops", [1, 2])
async def test_a_form_that_is_redirected_into_a_private_network_does_not_arrive_there(
    browser: Browser, hops: int
) -> None:
    """S5: a 307 carried the whole form to a private address; later hops go past Playwright's routes."""

    class Luring(Site):
        async def answer(self, request: web.Request) -> web.StreamResponse:
            self.asked.append((request.path, request.method))
            if request.path == "/add":
                return web.Response(text='<form method="post" action="/send"><input name=a value=secret></form>', content_type="text/html")  # fmt: skip
            if request.path == "/send" and hops == 2:
                raise web.HTTPTemporaryRedirect(f"{self.base}/again".replace("127.0.0.1", "directory.test"))  # fmt: skip
            raise web.HTTPTemporaryRedirect(f"{inside.base}/stolen")

    async def resolve(host: str, port: int) -> str:
        """Stands for the world: the directory's name is public there."""
        if host == "directory.test":
            return "127.0.0.1"
        return await judged(Opened(), host, port)

    names = leading_to(PUBLIC)
    async with (
        served(Site({"/stolen": "form"})) as inside,
        served(Luring({})) as site,
        aiohttp.ClientSession() as session,
        proxy(resolve) as through,
    ):
        context = await browser.new_context(proxy={"server": through}, service_workers="block")
        addresses = Addresses(any_host=False, names=names, gated=True)
        await NetworkPolicy(KnownRobots(session), addresses, 5).guard(context)
        page = await context.new_page()
        await page.goto(f"{site.base}/add".replace("127.0.0.1", "directory.test"))
        async with page.expect_event("requestfailed"):
            await page.evaluate("document.forms[0].submit()")
        await context.close()
        assert ("/send", "POST") in site.asked
        assert inside.asked == []
