"""What libcurl would do by itself and may not: ask twice, follow the environment, keep a connection."""

import asyncio
import gc
import gzip
import selectors
import ssl
import zlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pycurl
import pytest
import trustme
import uvloop

from hermes_base.curl import transfers
from hermes_base.curl.received import MAX_BODY, Body, read_head
from hermes_base.http.answers import Answer
from hermes_base.http.client import Client
from hermes_base.reasons import Failure, Reason
from tests.hermes_base.curl.peers import http, peer, read_request, reset
from tests.support.waiting import patience, until

KEY = "k-0123456789abcdef"
HEADERS = {"Authorization": f"Bearer {KEY}", "x-api-key": KEY}
STAYS = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client() as found:
        yield found


@dataclass
class Fickle:
    """A worker that answers the first request of each connection and keeps it open; each later one
    it reads as a whole, and then it closes, or resets, without a word."""

    url: str = ""
    resets: bool = False
    connections: int = 0
    heads: list[bytes] = field(default_factory=list[bytes])
    together: asyncio.Barrier | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            self.heads.append(await read_request(reader))
            if self.together is not None:
                await self.together.wait()
            writer.write(STAYS)
            self.heads.append(await read_request(reader))
        except asyncio.IncompleteReadError:
            pass
        reset(writer) if self.resets else writer.close()


@asynccontextmanager
async def fickle(*, resets: bool = False, together: int = 1) -> AsyncGenerator[Fickle]:
    found = Fickle(resets=resets, together=asyncio.Barrier(together))
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/start"
    async with server:
        yield found


# ---- a request is sent once


@pytest.mark.parametrize("resets", [False, True])
@pytest.mark.parametrize("body", [{"mode": "smoke"}, None, {"large": "x" * 3_000_000}])
async def test_a_start_whose_connection_dies_without_an_answer_is_not_sent_again(
    client: Client, resets: bool, body: object
) -> None:
    async with fickle(resets=resets) as worker:
        assert isinstance(await client.ask("POST", worker.url, HEADERS, body), Answer)
        found = await client.ask("POST", worker.url, HEADERS, body)
        after = await client.ask("POST", worker.url, HEADERS, body)
    assert isinstance(found, Failure)
    assert (found.reason, found.sent) == (Reason.CONNECT_REFUSED, True)
    assert isinstance(after, Answer)  # on a connection of its own
    assert len(worker.heads) == 3
    assert worker.connections == 2


async def test_a_start_is_not_sent_again_on_another_idle_connection(client: Client) -> None:
    async with fickle(together=3) as worker:
        asked = [client.ask("POST", worker.url, HEADERS, {}) for _ in range(3)]
        assert all(isinstance(answer, Answer) for answer in await asyncio.gather(*asked))
        found = await client.ask("POST", worker.url, HEADERS, {})
        connections, worker.together = worker.connections, None
        await client.ask("POST", worker.url, HEADERS, {})
    assert isinstance(found, Failure)
    assert found.sent
    assert connections == 3
    assert len(worker.heads) == 5, "the one that failed came once, and then the next one"


async def test_a_start_is_not_sent_again_where_nobody_listens_any_more(client: Client) -> None:
    async with fickle() as worker:
        assert isinstance(await client.ask("POST", worker.url, HEADERS, {}), Answer)
        asked = asyncio.create_task(client.ask("POST", worker.url, HEADERS, {}))
    found = await asked
    assert isinstance(found, Failure)
    assert (found.reason, found.sent) == (Reason.CONNECT_REFUSED, True)


async def test_a_question_is_asked_once_more_and_then_answered(client: Client) -> None:
    async with fickle() as worker:
        await client.ask("GET", worker.url, HEADERS)
        found = await client.ask("GET", worker.url, HEADERS)
    assert isinstance(found, Answer)
    assert len(worker.heads) == 3


async def test_a_question_is_not_asked_three_times(client: Client) -> None:
    async with fickle(together=3) as worker:
        asked = [client.ask("GET", worker.url, HEADERS) for _ in range(3)]
        assert all(isinstance(answer, Answer) for answer in await asyncio.gather(*asked))
        found = await client.ask("GET", worker.url, HEADERS)
    assert isinstance(found, Failure)
    assert len(worker.heads) == 5


async def test_a_connection_is_used_again(client: Client) -> None:
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        try:
            while True:
                await read_request(reader)
                writer.write(STAYS)
        except asyncio.IncompleteReadError:
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/start"
        for body in ({"a": 1}, None, {"a": 1}):
            for method in ("POST", "GET", "DELETE"):
                assert isinstance(await client.ask(method, url, HEADERS, body), Answer)
    assert connections == 1


@pytest.mark.parametrize(
    ("method", "body", "told"),
    [
        ("POST", {}, True),
        ("POST", None, True),
        ("GET", None, False),
        ("GET", {}, True),
        ("DELETE", None, False),
        ("PUT", {}, True),
        ("HEAD", None, False),
    ],
)
async def test_a_method_is_sent_as_it_is_named(
    client: Client, method: str, body: object, told: bool
) -> None:
    async with peer(http(b"" if method == "HEAD" else b"{}")) as served:
        for _ in range(2):
            assert isinstance(await client.ask(method, served.url, HEADERS, body), Answer)
            assert isinstance(await client.ask("POST", served.url, HEADERS, {"a": 1}), Answer)
    for head in served.heads[::2]:
        assert head.startswith(f"{method} /start HTTP/1.1\r\n".encode())
        assert (b"\r\ncontent-length:" in head.lower()) is told
        assert (b"\r\ncontent-type: application/json\r\n" in head.lower()) is (body is not None)
        assert b"x-www-form-urlencoded" not in head
        assert b"expect" not in head.lower()


async def test_the_answer_to_head_has_no_body_whatever_length_it_names(client: Client) -> None:
    async with peer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n") as served:
        answer = await client.ask("HEAD", served.url, HEADERS)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body) == (200, b"")


async def test_a_connection_that_was_idle_for_long_is_not_used_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(transfers.OPTIONS, pycurl.MAXAGE_CONN, 1)
    async with fickle() as worker, Client() as client:
        assert isinstance(await client.ask("POST", worker.url, HEADERS, {}), Answer)
        await asyncio.sleep(2.1)  # libcurl counts whole seconds
        assert isinstance(await client.ask("POST", worker.url, HEADERS, {}), Answer)
    assert worker.connections == 2


# ---- the environment


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
async def test_proxies_of_the_environment_are_not_followed(
    client: Client, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    async with peer(http(b"{}")) as proxy, peer(http(b"{}")) as served:
        monkeypatch.setenv(name, proxy.url.removesuffix("/start"))
        assert isinstance(await client.ask("POST", served.url, HEADERS, {}), Answer)
    assert len(served.heads) == 1
    assert proxy.heads == []


@pytest.mark.parametrize("trusts", [True, False])
async def test_the_environment_may_name_the_authorities(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, trusts: bool
) -> None:
    authority, other = trustme.CA(), trustme.CA()
    (authority if trusts else other).cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    await _asked_over_tls(authority, answered=trusts)


async def test_without_authorities_nobody_is_trusted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nothing.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "nothing"))
    await _asked_over_tls(trustme.CA(), answered=False)


async def _asked_over_tls(authority: trustme.CA, *, answered: bool) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    async with peer(http(b"{}"), context) as served, Client() as client:
        found = await client.ask("POST", served.url, HEADERS, {})
    assert isinstance(found, Answer) is answered
    if isinstance(found, Failure):
        assert (found.reason, found.sent) == (Reason.TLS, False)
        assert served.heads == []


async def test_a_host_that_hangs_up_in_the_handshake_may_be_asleep(client: Client) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        found = await client.ask("POST", f"https://127.0.0.1:{port}/start", HEADERS, {})
    assert isinstance(found, Failure)
    assert (found.reason, found.sent) == (Reason.CONNECT_REFUSED, False)


# ---- what is not sent on as it is


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\rb", "a\0b", "a\x1bb"])
async def test_a_header_cannot_bring_another_one(client: Client, value: str) -> None:
    async with peer(http(b"{}")) as served:
        by_value = await client.ask("POST", served.url, {"x-api-key": KEY + value}, {})
        by_name = await client.ask("POST", served.url, {f"x{value}": KEY}, {})
    for found in (by_value, by_name):
        assert isinstance(found, Failure)
        assert (found.reason, found.sent) == (Reason.SECRET_MALFORMED, False)
        assert KEY not in found.detail
    assert served.heads == []


@pytest.mark.parametrize("tail", ["\r\nX-Evil: 1", "\n", "\0", " HTTP/1.1\r\n\r\nGET /other", "\t"])
async def test_an_address_cannot_bring_a_header(client: Client, tail: str) -> None:
    async with peer(http(b"{}")) as served:
        found = await client.ask("POST", f"{served.url}{tail}", HEADERS, {})
    assert isinstance(found, Failure)
    assert (found.reason, found.sent) == (Reason.SECRET_MALFORMED, False)
    assert served.heads == []


async def test_an_address_that_nobody_would_read_is_none(client: Client) -> None:
    found = await client.ask("GET", f"http://127.0.0.1:1/{'x' * 100_000}", HEADERS)
    assert isinstance(found, Failure)
    assert found.reason is Reason.SECRET_MALFORMED


async def test_what_an_address_may_not_hold_is_encoded(client: Client) -> None:
    async with peer(http(b"{}")) as served:
        await client.ask("GET", f'{served.url}/ä b|<{{x}}>"?y=ü&z=%20#part', HEADERS)
    assert served.heads[0].startswith(
        b"GET /start/%C3%A4%20b%7C%3C%7Bx%7D%3E%22?y=%C3%BC&z=%20 HTTP/1.1\r\n"
    )


async def test_an_empty_header_and_a_key_that_is_not_ascii_are_sent(client: Client) -> None:
    async with peer(http(b"{}")) as served:
        await client.ask("POST", served.url, {"X-Empty": "", "x-api-key": "schlüssel"}, {})
    assert b"\r\nX-Empty:\r\n" in served.heads[0]
    assert "\r\nx-api-key: schlüssel\r\n".encode() in served.heads[0]


# ---- the end of a transfer


def test_libcurl_and_selectors_count_alike() -> None:
    read, write = selectors.EVENT_READ, selectors.EVENT_WRITE
    assert (read, read) == (pycurl.POLL_IN, pycurl.CSELECT_IN)
    assert (write, write) == (pycurl.POLL_OUT, pycurl.CSELECT_OUT)
    assert pycurl.POLL_INOUT == transfers.BOTH
    assert (pycurl.POLL_NONE | pycurl.POLL_REMOVE) & transfers.BOTH == 0


async def test_a_cancelled_request_closes_its_connection_at_once(client: Client) -> None:
    asked, gone = asyncio.Event(), asyncio.Event()

    async def act(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        asked.set()
        assert await reader.read() == b""
        gone.set()

    async with peer(act) as served:
        asking = asyncio.create_task(client.ask("POST", served.url, HEADERS, {}, seconds=600))
        await asked.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        async with patience():
            await gone.wait()
    async with peer(http(b"{}")) as served:
        assert isinstance(await client.ask("POST", served.url, HEADERS, {}), Answer)


def open_files() -> int:
    return psutil.Process().num_fds()


async def test_a_client_that_closes_ends_what_is_under_way_and_leaves_nothing_open() -> None:
    asked = asyncio.Event()

    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        asked.set()
        await reader.read()

    async with peer(act) as served, peer(http(b"{}")) as other:
        gc.collect()
        before = open_files()
        async with Client() as client:
            await client.ask("POST", other.url, HEADERS, {})
            asking = asyncio.create_task(client.ask("POST", served.url, HEADERS, {}))
            await asked.wait()
        found = await asking
    assert isinstance(found, Failure)
    assert (found.reason, found.sent) == (Reason.CONNECT_REFUSED, True)
    await until(lambda: open_files() < before, "the listeners are gone too")


async def test_an_idle_connection_is_closed_though_nothing_more_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transfers, "QUIET_SECONDS", 0.05)
    gone = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(STAYS)
        assert await reader.read() == b""
        gone.set()
        writer.close()

    async with Client() as client, await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/start"
        assert isinstance(await client.ask("POST", url, HEADERS, {}), Answer)
        async with patience():
            await gone.wait()
        assert isinstance(await client.ask("POST", url, HEADERS, {}), Answer)


async def test_places_are_not_lost_when_those_who_wait_are_cancelled() -> None:
    opened = asyncio.Event()

    async def act(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await opened.wait()
        writer.write(http(b"{}"))

    async with Client(host_limit=2) as client, peer(act) as served:
        tasks = [asyncio.create_task(client.ask("POST", served.url, HEADERS, {})) for _ in range(9)]
        await until(lambda: len(served.heads) >= 2, "two requests are under way")
        for task in (tasks[0], tasks[2], tasks[4], tasks[8]):
            task.cancel()
        tasks[3].get_loop().call_soon(tasks[3].cancel)  # it is given the place in the same moment
        opened.set()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        again = [client.ask("POST", served.url, HEADERS, {}) for _ in range(4)]
        assert all(isinstance(answer, Answer) for answer in await asyncio.gather(*again))
    cancelled = [isinstance(one, asyncio.CancelledError) for one in found]
    assert cancelled == [True, False, True, True, True, False, False, False, True]


async def test_two_clients_on_one_loop_do_not_disturb_each_other() -> None:
    async with peer(http(b"{}")) as served, Client() as one:
        async with Client() as two:
            asked = [c.ask("POST", served.url, HEADERS, {}) for c in (one, two) for _ in range(40)]
            found = await asyncio.gather(*asked)
        found.append(await one.ask("POST", served.url, HEADERS, {}))
    assert all(isinstance(answer, Answer) for answer in found)


async def test_on_the_loop_of_production_it_is_the_same() -> None:
    """The other tests run on asyncio's own loop."""

    async def act(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async def several() -> list[Answer | Failure]:
        async with peer(http(b"{}")) as good, peer(act) as silent, Client(host_limit=300) as client:
            return await asyncio.gather(
                client.ask("POST", silent.url, HEADERS, {}, seconds=2),
                client.ask("POST", "http://127.0.0.1:1/", HEADERS, {}),
                *(client.ask("POST", good.url, HEADERS, {}) for _ in range(300)),
            )

    slow, refused, *answers = await asyncio.to_thread(uvloop.run, several())
    assert isinstance(slow, Failure)
    assert (slow.reason, slow.sent) == (Reason.READ_TIMEOUT, True)
    assert isinstance(refused, Failure)
    assert (refused.reason, refused.sent) == (Reason.CONNECT_REFUSED, False)
    assert all(isinstance(answer, Answer) for answer in answers)


async def test_a_short_time_limit_is_not_held_up_by_a_longer_one(client: Client) -> None:
    async def act(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with peer(act) as served:
        long = asyncio.create_task(client.ask("POST", served.url, HEADERS, {}, seconds=600))
        await until(lambda: served.heads, "the long request is under way")
        began = asyncio.get_running_loop().time()
        short = await client.ask("POST", served.url, HEADERS, {}, seconds=0.2)
        took = asyncio.get_running_loop().time() - began
        assert not long.done()
        long.cancel()
        await asyncio.wait([long])
    assert isinstance(short, Failure)
    assert "within 0.2 s" in short.detail
    assert took >= 0.2


# ---- what comes back


def test_the_head_that_counts_is_neither_an_interim_answer_nor_a_trailer() -> None:
    lines = [
        b"HTTP/1.1 103 Early Hints\r\n", b"Location: /early\r\n", b"\r\n",
        b"HTTP/1.1 200 OK\r\n", b"Retry-After:  7\t\r\n", b"RETRY-AFTER: 8\r\n",
        b"Content-Type: \xc3\xa4\xff\r\n", b"X-Other: 1\r\n", b"\r\n",
        b"Location: /trailer\r\n",
    ]  # fmt: skip
    head = read_head(lines)
    assert head.headers == {"retry-after": "7", "content-type": "ä\udcff"}
    assert head.ended
    assert head.sound
    assert not read_head(lines[:8]).ended
    assert not read_head(lines[:3]).ended
    assert not read_head([]).ended
    switched = read_head([b"HTTP/1.1 101 Switching Protocols\r\n", b"Retry-After: 9\r\n", b"\r\n"])
    assert (switched.ended, switched.headers) == (True, {"retry-after": "9"}), (
        "nothing comes after it"
    )


@pytest.mark.parametrize(
    "lines",
    [
        (b"HTTP/2 200\r\n",),
        (b"http/1.1 200 OK\r\n",),
        (b"HTTP/1.1 200 OK\r\n", b"Content-Length: 2\r\n", b"Content-Length: 2\r\n"),
        (b"HTTP/1.1 200 OK\r\n", b"Content-Length: 2, 2\r\n"),
        (b"HTTP/1.1 200 OK\r\n", b"Content-Length: 2\r\n", b"Transfer-Encoding: chunked\r\n"),
        (b"HTTP/1.1 200 OK\r\n", b"Content Length: 2\r\n"),
    ],
)
async def test_a_head_that_can_be_read_in_two_ways_is_not_read(
    client: Client, lines: tuple[bytes, ...]
) -> None:
    assert not read_head(lines).sound
    sent = (
        b"".join(lines) + b"\r\n" + (b"2\r\n{}\r\n0\r\n\r\n" if b"chunked" in lines[-1] else b"{}")
    )
    async with peer(sent) as served:
        found = await client.ask("POST", served.url, HEADERS, {})
    assert isinstance(found, Failure)
    assert (found.reason, found.sent) == (Reason.MALFORMED_REPLY, True)


def bare_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)  # tests have the same names in every process


TEXT = b'{"a": "' + b"x" * 5000 + b'"}'


@pytest.mark.parametrize("step", [1, 7, 100_000])
@pytest.mark.parametrize(
    ("encoding", "packed", "content"),
    [
        ("gzip", gzipped(TEXT), TEXT),
        ("GZIP", gzipped(TEXT), TEXT),
        ("gzip", gzipped(TEXT) + gzipped(b"more"), TEXT + b"more"),
        ("gzip", gzipped(b""), b""),
        ("deflate", zlib.compress(TEXT), TEXT),
        ("deflate", bare_deflate(TEXT), TEXT),
        ("utf-8", TEXT, TEXT),
        ("identity", TEXT, TEXT),
        ("gzip", gzipped(TEXT)[:-1], None),
        ("deflate", zlib.compress(TEXT)[:-1], None),
        ("gzip", TEXT, None),
        ("gzip", gzipped(TEXT) + b"junk", None),
        ("deflate", zlib.compress(TEXT) + b"junk", None),
        ("br", TEXT, None),
    ],
    ids=[
        "gzip",
        "in capitals",
        "two members",
        "empty",
        "deflate",
        "bare deflate",
        "no encoding",
        "identity",
        "gzip broken off",
        "deflate broken off",
        "not packed",
        "gzip and more",
        "deflate and more",
        "not asked for",
    ],
)
def test_a_body_is_unpacked_whatever_pieces_it_comes_in(
    encoding: str, packed: bytes, content: bytes | None, step: int
) -> None:
    lines = [b"HTTP/1.1 200 OK\r\n", f"Content-Encoding: {encoding}\r\n".encode(), b"\r\n"]
    body = Body(lines)
    for _ in range(2):
        pieces = (packed[at : at + step] for at in range(0, len(packed), step))
        refused = next((True for piece in pieces if body.take(piece) is not None), False)
        assert (None if refused else body.whole()) == content
        assert not body.too_large
        body.forget()


def test_a_body_that_unpacks_to_nothing_for_ever_is_too_large() -> None:
    body = Body([b"HTTP/1.1 200 OK\r\n", b"Content-Encoding: gzip\r\n", b"\r\n"])
    nothing = gzipped(b"") * 800
    pieces = 1
    while body.take(nothing) is None:
        pieces += 1
    assert body.too_large
    assert pieces == MAX_BODY // len(nothing) + 1
