"""The client against real peers on loopback: every way to fail is told apart, and nothing raises."""

import asyncio
import gzip
import ssl
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trustme

from hermes_base import __version__
from hermes_base.curl.failures import LONGEST_LINE
from hermes_base.curl.received import MAX_BODY
from hermes_base.http.answers import Answer
from hermes_base.http.client import Client
from hermes_base.reasons import Failure, Reason
from tests.hermes_base.curl.peers import http, peer, reset, silent_listener
from tests.support.waiting import patience, until

KEY = "k-0123456789abcdef"
HEADERS = {"Authorization": f"Bearer {KEY}", "x-api-key": KEY}


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client() as found:
        yield found


async def ask(client: Client, url: str, seconds: float = 5.0) -> Answer | Failure:
    return await client.ask("POST", url, HEADERS, {"mode": "smoke"}, seconds=seconds)


async def failure(client: Client, url: str, seconds: float = 5.0) -> Failure:
    found = await ask(client, url, seconds)
    assert isinstance(found, Failure), found
    assert KEY not in found.detail
    assert url in found.detail
    return found


# ---- answers


async def test_an_answer_comes_with_what_is_read_of_it(client: Client) -> None:
    headers = ("Content-Type: application/json; charset=utf-8", "Retry-After: 7", "Server: x")
    async with peer(http(b'{"a": 1}', "202 Accepted", *headers)) as served:
        found = await ask(client, served.url)
    assert isinstance(found, Answer)
    assert (found.status, found.body, found.url) == (202, b'{"a": 1}', served.url)
    assert found.content_type == "application/json"
    assert found.headers == {
        "content-type": "application/json; charset=utf-8",
        "retry-after": "7",
    }
    assert found.seconds > 0


async def test_the_request_carries_the_key_the_body_and_who_asks(client: Client) -> None:
    async with peer(http(b"{}")) as served:
        await ask(client, served.url)
    head = served.heads[0].decode().lower()
    assert head.startswith("post /start http/1.1")
    assert f"authorization: bearer {KEY}" in head
    assert f"x-api-key: {KEY}" in head
    assert "content-type: application/json" in head
    assert f"user-agent: hermes/{__version__}" in head


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temp", "308 Perm"])
async def test_a_redirect_is_not_followed_with_our_key(client: Client, status: str) -> None:
    async with peer(http(b"{}")) as other:
        moved = http(b"", status, f"Location: {other.url}")
        async with peer(moved) as served:
            found = await ask(client, served.url)
    assert isinstance(found, Answer)
    assert found.status == int(status[:3])
    assert found.headers["location"] == other.url
    assert other.heads == []


async def test_cookies_of_one_worker_are_not_kept(client: Client) -> None:
    async with peer(http(b"{}", "200 OK", "Set-Cookie: session=1; Path=/")) as served:
        await ask(client, served.url)
        await ask(client, served.url)
    assert b"cookie" not in served.heads[1].lower()


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_packed_answers_are_unpacked(client: Client, coding: str) -> None:
    packed = gzip.compress(b'{"a": 1}') if coding == "gzip" else zlib.compress(b'{"a": 1}')
    async with peer(http(packed, "200 OK", f"Content-Encoding: {coding}")) as served:
        found = await ask(client, served.url)
    assert isinstance(found, Answer)
    assert found.body == b'{"a": 1}'


async def test_long_headers_of_proxies_are_no_trouble(client: Client) -> None:
    long = "Content-Security-Policy: " + "x" * (LONGEST_LINE - 1000)
    async with peer(http(b"{}", "200 OK", long)) as served:
        assert isinstance(await ask(client, served.url), Answer)


# ---- the way


async def test_a_host_that_does_not_resolve(client: Client) -> None:
    found = await failure(client, "http://no-such-host.invalid/start")
    assert (found.reason, found.sent) == (Reason.DNS, False)


async def test_a_port_where_nobody_listens(client: Client) -> None:
    async with silent_listener() as port:
        pass
    found = await failure(client, f"http://127.0.0.1:{port}/start")
    assert (found.reason, found.sent) == (Reason.CONNECT_REFUSED, False)


async def test_a_connection_that_never_opens_was_never_sent() -> None:
    async with silent_listener() as port, Client(connect_seconds=0.2) as client:
        found = await failure(client, f"https://127.0.0.1:{port}/start")
    assert (found.reason, found.sent) == (Reason.CONNECT_TIMEOUT, False)
    assert "within 0.2 s" in found.detail


@pytest.mark.parametrize(
    "url",
    ["http://a..b/start", "http://[::1/start", "ftp://127.0.0.1/start", "http:///start", "start",
     f"http://{'a' * 70}.invalid/start"],
)  # fmt: skip
async def test_what_is_no_address_is_said_to_be_none(client: Client, url: str) -> None:
    found = await failure(client, url)
    assert found.reason in (Reason.SECRET_MALFORMED, Reason.DNS)
    assert not found.sent


# ---- TLS


def tls_server(*names: str, authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


async def test_a_certificate_that_nobody_trusts(client: Client) -> None:
    authority = trustme.CA()
    async with peer(http(b"{}"), tls_server("localhost", authority=authority)) as served:
        found = await failure(client, served.url)
        assert (found.reason, found.sent) == (Reason.TLS, False)
        assert "certificate" in found.detail or "self-signed" in found.detail, found.detail
        assert served.heads == []


@pytest.mark.parametrize("name", ["localhost", "other.example"])
async def test_a_certificate_must_be_made_for_the_host(name: str, tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    async with (
        Client(ca_file=tmp_path / "ca.pem") as client,
        peer(http(b"{}"), tls_server(name, authority=authority)) as served,
    ):
        found = await ask(client, served.url)
    if name == "localhost":
        assert isinstance(found, Answer)
        return
    assert isinstance(found, Failure)
    assert found.reason is Reason.TLS
    assert "localhost" in found.detail
    assert served.heads == []


async def test_https_to_a_port_that_speaks_plain_http(client: Client) -> None:
    async with peer(http(b"", "400 Bad Request")) as served:
        found = await failure(client, served.url.replace("http://", "https://"))
    assert found.reason is Reason.TLS


# ---- broken answers


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"", Reason.CONNECT_REFUSED),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Reason.MALFORMED_REPLY),
        (b"\x16\x03\x01\x00\xff", Reason.MALFORMED_REPLY),
        (b"HTTP/1.1 two hundred\r\n\r\n", Reason.MALFORMED_REPLY),
        (http(b"{}")[:20], Reason.CONNECT_REFUSED),
        (http(b'{"a": 1}')[:-3], Reason.MALFORMED_REPLY),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}", Reason.MALFORMED_REPLY),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Reason.MALFORMED_REPLY),
        (http(b"abc", "200 OK", "Content-Encoding: gzip"), Reason.MALFORMED_REPLY),
        (http(b"{}", "200 OK", "X: " + "x" * 2 * LONGEST_LINE), Reason.MALFORMED_REPLY),
        (http(b"{}", "200 OK", "Content-Length: 3"), Reason.MALFORMED_REPLY),
    ],
)
async def test_an_answer_that_is_no_whole_http_leaves_open_what_the_worker_did(
    client: Client, sent: bytes, reason: Reason
) -> None:
    async with peer(sent) as served:
        found = await failure(client, served.url)
    assert (found.reason, found.sent) == (reason, True)


async def test_a_reset_before_the_answer_leaves_open_what_the_worker_did(client: Client) -> None:
    async def act(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reset(writer)

    async with peer(act) as served:
        found = await failure(client, served.url)
    assert (found.reason, found.sent) == (Reason.CONNECT_REFUSED, True)


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\n", http(b"0123456789")[:-3]])
async def test_headers_or_a_body_that_never_end_are_a_read_timeout(
    client: Client, first: bytes
) -> None:
    gone = asyncio.Event()

    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        await reader.read()
        gone.set()

    async with peer(act) as served:
        found = await failure(client, served.url, seconds=1)
        async with patience():
            await gone.wait()  # the client hangs up rather than leak the connection
    assert (found.reason, found.sent) == (Reason.READ_TIMEOUT, True)
    assert "within 1 s" in found.detail


async def test_a_body_that_drips_is_limited_as_a_whole(client: Client) -> None:
    async def act(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with peer(act) as served:
        found = await failure(client, served.url, seconds=1)
    assert found.reason is Reason.READ_TIMEOUT


# ---- size


@pytest.mark.parametrize("length", [True, False])
async def test_a_huge_body_is_cut_off_while_it_comes(client: Client, length: bool) -> None:
    taken = 0

    async def act(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal taken
        told = f"Content-Length: {1 << 40}\r\n" if length else ""
        writer.write(f"HTTP/1.1 200 OK\r\n{told}\r\n".encode())
        while not writer.is_closing():
            writer.write(b"x" * 65_536)
            await writer.drain()
            taken += 65_536

    async with peer(act) as served:
        found = await failure(client, served.url, seconds=20)
    assert found.reason is Reason.REPLY_TOO_LARGE
    assert taken < 4 * MAX_BODY


async def test_a_body_of_exactly_the_limit_is_read(client: Client) -> None:
    async with peer(http(b" " * MAX_BODY)) as served:
        found = await ask(client, served.url, seconds=20)
    assert isinstance(found, Answer)
    assert len(found.body) == MAX_BODY


BOMB = """
import asyncio, resource, sys
from hermes_base.http.client import Client

async def main():
    async with Client() as client:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        found = await client.ask("GET", sys.argv[1], {}, seconds=60)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        print(getattr(found, "reason", found), grown)

asyncio.run(main())
"""


async def test_a_compressed_bomb_is_refused_in_little_memory() -> None:
    """512 MiB in half a megabyte; the memory of a process of its own is measured, in KiB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(b"\0" * (1 << 20)) for _ in range(512)) + packer.flush()
    async with peer(http(packed, "200 OK", "Content-Encoding: gzip")) as served:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", BOMB, served.url, stdout=subprocess.PIPE
        )
        said, _ = await child.communicate()
    reason, grown = said.decode().split()
    assert reason == "reply_too_large"
    assert int(grown) < 64 * 1024


# ---- politeness


@pytest.mark.parametrize("limit", [1, 3])
async def test_never_more_requests_at_once_to_one_host_than_allowed(limit: int) -> None:
    at_once = most = 0
    full = asyncio.Event()
    open_up = asyncio.Event()

    async def act(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        if at_once >= limit:
            full.set()
        await open_up.wait()
        at_once -= 1
        writer.write(http(b"{}", "200 OK", "Connection: close"))
        await writer.drain()

    async with Client(host_limit=limit) as client, peer(act) as served:
        asked = [asyncio.create_task(ask(client, served.url)) for _ in range(12)]
        async with patience():
            await full.wait()
        async with peer(http(b"{}")) as other:  # another host is not held up by the first
            assert isinstance(await ask(client, other.url), Answer)
        assert most == limit
        open_up.set()
        found = await asyncio.gather(*asked)
    assert all(isinstance(answer, Answer) for answer in found)
    assert most == limit


async def test_waiting_for_our_turn_is_not_the_workers_time() -> None:
    limit, let_go = 1.5, asyncio.Event()

    async def act(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await let_go.wait()
        writer.write(http(b"{}", "200 OK", "Connection: close"))

    async with Client(host_limit=1) as client, peer(act) as served:
        first = asyncio.create_task(ask(client, served.url, seconds=600))
        await until(lambda: served.heads, "the first has its turn")
        waiting = [asyncio.create_task(ask(client, served.url, seconds=limit)) for _ in range(5)]
        done, _ = await asyncio.wait(waiting, timeout=limit + 0.1)
        let_go.set()
        found = await asyncio.gather(first, *waiting)
    assert done == set(), "those that wait for their turn do not run out of time"
    assert all(isinstance(answer, Answer) for answer in found), found


async def test_a_failed_request_gives_its_place_back() -> None:
    async with Client(host_limit=1) as client, peer(b"") as served:
        for _ in range(3):
            assert isinstance(await ask(client, served.url), Failure)
