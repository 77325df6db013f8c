import asyncio
import json
import socket
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from hermes_egress.robots import Robots
from hermes_fleet.crawl_render.scope import scope_of
from hermes_fleet.crawling.fetch import fetcher
from hermes_fleet.crawling.pace import Pace
from hermes_fleet.crawling.robots import AGENT, kept_delay
from tests.hermes_fleet.websites import Crawler, Website, html, links, redirect
from tests.support.ports import held_port


def text(body: str, status: int = 200) -> web.Response:
    return web.Response(text=body, status=status)


async def test_what_robots_txt_disallows_is_never_fetched(
    website: Website, crawler: Crawler
) -> None:
    website.pages = {
        "/robots.txt": text("User-agent: *\nDisallow: /calendar/\n"),
        "/": html(links("/calendar/2026", "/calendar/2027", "/a")),
        "/a": html(links("/calendar/2026")),
        "/calendar/2026": html(),
    }
    result = await crawler.crawl(website.base)
    blocked = result["metrics"]["blocked_by_robots"]
    assert blocked["items"] == [f"{website.base}/calendar/{year}" for year in (2026, 2027)]
    assert not any(path.startswith("/calendar") for path in website.hits)
    assert website.agents == {"HermesCrawler/1.0"}


async def test_a_missing_robots_txt_allows_everything(website: Website, crawler: Crawler) -> None:
    website.pages = {"/": html(links("/a")), "/a": html(), "/robots.txt": text("no", 403)}
    assert (await crawler.crawl(website.base))["outputs"]["pages_crawled"] == 2


async def test_a_broken_robots_txt_forbids_everything(website: Website, crawler: Crawler) -> None:
    website.pages = {"/": html(), "/robots.txt": text("broken", 500)}
    assert (await crawler.failure(website.base))["code"] == "robots_unreachable"
    assert website.hits["/"] == 0


async def test_a_robots_txt_that_forbids_the_home_page_ends_the_crawl(
    website: Website, crawler: Crawler
) -> None:
    website.pages = {"/": html(), "/robots.txt": text("User-agent: hermescrawler\nDisallow: /")}
    assert (await crawler.failure(website.base))["code"] == "robots_disallow"


async def test_a_robots_txt_behind_a_redirect_is_obeyed(website: Website, crawler: Crawler) -> None:
    website.pages = {
        "/robots.txt": redirect("/rules.txt"),
        "/rules.txt": text("User-agent: *\nDisallow: /no"),
        "/": html(links("/no")),
    }
    result = await crawler.crawl(website.base)
    assert result["metrics"]["blocked_by_robots"]["items"] == [f"{website.base}/no"]
    assert (website.hits["/rules.txt"], website.hits["/"], website.hits["/no"]) == (1, 1, 0)


async def test_the_crawl_delay_is_kept_and_reported(website: Website, crawler: Crawler) -> None:
    website.pages = {
        "/robots.txt": text("User-agent: *\nCrawl-delay: 0.2"),
        "/": html(links("/a", "/b", "/c")),
        **{path: html() for path in ("/a", "/b", "/c")},
    }
    began = asyncio.get_running_loop().time()
    result = await crawler.crawl(website.base)
    assert result["metrics"]["crawl_delay"] == {"asked": 0.2, "kept": 0.2}
    assert website.asked_at[-1] - began >= 2 * 0.2, "the last of three pages left two delays later"


async def test_requests_leave_no_closer_together_than_the_pace_says() -> None:
    pace, loop = Pace(at_once=4, apart=0.02), asyncio.get_running_loop()
    began = loop.time()
    await asyncio.gather(*(pace.turn() for _ in range(5)))
    assert loop.time() - began >= 4 * pace.apart


def test_an_excessive_crawl_delay_is_cut_to_ten_seconds() -> None:
    robots = Robots("User-agent: *\nCrawl-delay: 3600", AGENT)
    assert (robots.delay, kept_delay(robots)) == (3600, 10)


async def test_retry_after_holds_the_crawl_and_the_page_is_asked_again(
    website: Website, crawler: Crawler
) -> None:
    async def busy_once(_request: web.Request) -> web.Response:
        if website.hits["/busy"] == 1:
            return web.Response(status=503, headers={"Retry-After": "1"})
        return html()

    website.pages = {"/": html(links("/busy")), "/busy": busy_once}
    result = await crawler.crawl(website.base)
    assert result["outputs"]["non_200_urls"]["count"] == 0
    assert (website.hits["/busy"], result["metrics"]["pauses"]) == (2, 1)
    *_, first, again, _nowhere = website.asked_at
    assert again - first > 0.9


async def test_a_page_that_stays_busy_is_recorded_as_it_is(
    website: Website, crawler: Crawler
) -> None:
    busy = web.Response(status=429, headers={"Retry-After": "0"})
    website.pages = {"/": html(links("/busy")), "/busy": busy}
    items = (await crawler.crawl(website.base))["outputs"]["non_200_urls"]["items"]
    assert [(item["url"], item["status"]) for item in items] == [(f"{website.base}/busy", 429)]
    assert website.hits["/busy"] == 2


async def test_a_suffering_site_is_crawled_more_slowly(website: Website, crawler: Crawler) -> None:
    website.pages = {"/": html(links(*(f"/{n}" for n in range(60))))}
    website.pages |= {f"/{n}": text("broken", 500) for n in range(60)}
    metrics = (await crawler.crawl(website.base))["metrics"]
    assert metrics["slowdowns"] >= 2
    assert metrics["urls_visited"] == 61


def test_the_brake_halves_the_pace_down_to_one() -> None:
    pace = Pace(at_once=8, apart=0)
    for _answer in range(200):
        pace.heard(503)
    assert pace.at_once == 1


def test_missing_pages_do_not_brake() -> None:
    pace = Pace(at_once=8, apart=0)
    for _answer in range(200):
        pace.heard(404)
    assert (pace.at_once, pace.slowdowns) == (8, 0)


@pytest.mark.parametrize(
    ("mode", "home", "at_once", "apart"),
    [
        ("full", "https://site.test/", 5, 0.2),
        ("full", "http://127.0.0.1:8420/", 8, 0.0),
        ("smoke", "https://site.test/", 4, 0.2),
        ("smoke", "http://localhost/", 4, 0.0),
    ],
)
def test_public_sites_are_asked_at_most_five_times_a_second(
    mode: str, home: str, at_once: int, apart: float
) -> None:
    planned = scope_of(mode, home)
    assert (planned.at_once, planned.apart) == (at_once, apart)


@pytest.mark.parametrize(
    ("mode", "asked", "kept"),
    [("smoke", None, 10), ("smoke", 3, 10), ("smoke", 900, 25), ("full", None, 900),
     ("full", 0, 1), ("full", 99_999, 5000)],
)  # fmt: skip
def test_max_urls_stays_within_its_bounds(mode: str, asked: int | None, kept: int) -> None:
    assert scope_of(mode, "https://site.test/", asked).bounds.max_urls == kept


@pytest.fixture
def nothing_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HERMES_PRIVATE_SITES")


async def test_no_site_can_send_the_crawler_into_a_private_network(
    website: Website, nothing_opened: None
) -> None:
    """S4: a site typed as a private address opened the whole private network to its crawl."""
    port = website.base.rpartition(":")[2]
    async with fetcher(1) as fetching:
        for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "localhost.",
                     "a.localhost", "127.0.0.1.", "127.1", "2130706433", "0x7f000001", "0177.0.0.1",
                     "127%2e0.0.1"):  # fmt: skip
            answer = await fetching.get(f"http://{host}:{port}/")
            assert (answer.status, answer.error) == (0, "private_address"), host
    assert not website.hits


class Rebinding(AbstractResolver):
    """A name service under an attacker's control: every name leads to one address."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self._address = address

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        family = socket.AF_INET6 if ":" in self._address else socket.AF_INET
        return [ResolveResult(hostname=host, host=self._address, port=port, family=family,
                              proto=0, flags=0)]  # fmt: skip

    async def close(self) -> None: ...


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "::127.0.0.1", "fec0::1", "fe80::1%lo"],
)
async def test_a_name_that_resolves_to_a_private_address_is_refused(
    website: Website, address: str, nothing_opened: None
) -> None:
    port = website.base.rpartition(":")[2]
    website.pages = {"/": html()}
    async with fetcher(1, Rebinding(address)) as fetching:
        answer = await fetching.get(f"http://site.test:{port}/")
    assert (answer.status, answer.error) == (0, "private_address")
    assert not website.hits


async def test_the_demo_is_open_at_its_own_ports_and_nothing_beside_it(
    website: Website, nothing_opened: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """S4: the demo works without an admin, and opens nothing else of this machine."""
    (tmp_path / "sandbox.json").write_text(json.dumps({"site": website.base, "competitors": []}))
    monkeypatch.setenv("HERMES_SANDBOX_FILE", str(tmp_path / "sandbox.json"))
    website.pages = {"/": html()}
    async with fetcher(1) as fetching:
        assert (await fetching.get(f"{website.base}/")).status == 200
        with held_port() as port:
            answer = await fetching.get(f"http://127.0.0.1:{port}/")
        assert answer.error == "private_address"


async def test_a_private_site_that_an_admin_opened_may_be_reached_by_name(
    website: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = website.base.rpartition(":")[2]
    monkeypatch.setenv("HERMES_PRIVATE_SITES", f"intranet.test:{port}")
    website.pages = {"/": html()}
    async with fetcher(1, Rebinding()) as fetching:
        assert (await fetching.get(f"http://intranet.test:{port}/")).status == 200
        assert (await fetching.get(f"http://other.test:{port}/")).error == "private_address"


@pytest.mark.parametrize(
    ("answer", "error"),
    [(b"", "connection_lost"), (b"nonsense\r\n\r\n", "malformed_answer")],
)
async def test_each_network_failure_has_its_name(answer: bytes, error: str) -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    async with (
        await asyncio.start_server(speak, "127.0.0.1", 0) as server,
        fetcher(1) as fetching,
    ):
        port = server.sockets[0].getsockname()[1]
        assert (await fetching.get(f"http://127.0.0.1:{port}/")).error == error


async def test_a_closed_port_and_a_plain_server_behind_https_have_their_names(
    website: Website,
) -> None:
    async with fetcher(1) as fetching:
        with held_port() as port:
            assert (await fetching.get(f"http://127.0.0.1:{port}/")).error == "connect_refused"
        secure = website.base.replace("http:", "https:")
        assert (await fetching.get(f"{secure}/")).error == "tls"


async def test_a_huge_body_is_cut_at_the_cap(website: Website) -> None:
    website.pages = {"/": web.Response(body=b"x" * 3_000_000)}
    async with fetcher(1) as fetching:
        answer = await fetching.get(f"{website.base}/", most_bytes=1_000_000)
    assert len(answer.body) == 1_000_000
