"""The fleet's HTTP exchange: what fails and why, how long to wait, and what is never repeated."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest
from aiohttp import web

from hermes_base.reasons import Reason
from hermes_fleet.http import FAILURES, Exchange, Limits, Reply, failure_of, seconds_of
from hermes_worker import WorkerError
from tests.hermes_fleet.google.support import serving

SECRET = "s3cret-of-the-service"


def of_kind(kind: type[Exception], cause: Exception | None = None) -> Exception:
    error = kind.__new__(kind)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "reason", "cause"),
    [
        (of_kind(aiohttp.ClientConnectorDNSError), "dns", "dns"),
        (of_kind(aiohttp.ClientConnectorCertificateError), "tls", "tls"),
        (of_kind(ssl.SSLError), "tls", "tls"),
        (of_kind(aiohttp.ConnectionTimeoutError), "connect_timeout", "connect_timeout"),
        (of_kind(aiohttp.SocketTimeoutError), "read_timeout", "read_timeout"),
        (of_kind(aiohttp.ClientPayloadError), "malformed_reply", "malformed_answer"),
        (of_kind(aiohttp.ClientOSError, ConnectionRefusedError()), "connect_refused", "connect_refused"),
        (of_kind(aiohttp.ClientConnectorError), "connect_refused", "connect_failed"),
        (of_kind(aiohttp.ServerDisconnectedError), "connect_refused", "connection_lost"),
        (aiohttp.InvalidURL("x"), "malformed_reply", "invalid_address"),
        (ValueError(), "malformed_reply", "malformed_answer"),
        (RuntimeError(), "malformed_reply", "malformed_answer"),
    ],
)  # fmt: skip
def test_an_exception_has_a_reason_and_a_finer_cause(
    error: Exception, reason: str, cause: str
) -> None:
    found = failure_of(error)
    assert (found.reason, found.cause) == (reason, cause)


def test_every_reason_of_the_table_is_one_of_hermes() -> None:
    assert {failure.reason for _, failure in FAILURES} <= {reason.value for reason in Reason}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("3", 3.0), (" 0 ", 0.0), ("", None), (None, None), ("soon", None), ("-1", None), ("²", None)],
)
def test_retry_after_reads_digits_and_nothing_else_that_is_no_date(
    header: str | None, seconds: float | None
) -> None:
    assert seconds_of(header) == seconds


def test_retry_after_reads_a_date_and_a_date_gone_by_is_now() -> None:
    now = datetime.now(UTC)
    ahead = Reply(429, {"Retry-After": format_datetime(now + timedelta(seconds=90), True)}, b"")
    behind = Reply(429, {"Retry-After": format_datetime(now - timedelta(days=1), True)}, b"")
    assert ahead.retry_after is not None
    assert 0 < ahead.retry_after <= 90
    assert behind.retry_after == 0.0


@asynccontextmanager
async def service(limits: Limits, redirect: str = "") -> AsyncGenerator[tuple[Exchange, str]]:
    """An exchange with a server that repeats, redirects, or answers with so many bytes."""

    async def repeat(request: web.Request) -> web.Response:
        return web.json_response({"message": request.headers["Authorization"]}, status=401)

    async def size(request: web.Request) -> web.Response:
        return web.Response(body=b"x" * int(request.query["bytes"]))

    async def redirected(_: web.Request) -> web.Response:
        raise web.HTTPFound("/repeat")

    async def silent(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    app = web.Application()
    for path, answer in (("repeat", repeat), ("size", size), ("away", redirected), ("silent", silent)):  # fmt: skip
        app.router.add_get(f"/{path}", answer)
    async with serving(app) as base, aiohttp.ClientSession() as session:
        yield Exchange(session, "Example", limits, hidden=[SECRET, ""], redirect=redirect), base


async def test_an_answer_may_be_as_large_as_the_limit_and_no_larger() -> None:
    async with service(Limits(size=1000)) as (exchange, base):
        assert len((await exchange.ask("GET", f"{base}/size?bytes=1000")).body) == 1000
        with pytest.raises(WorkerError, match=r"^Example: its response is larger") as caught:
            await exchange.ask("GET", f"{base}/size?bytes=1001")
    assert caught.value.code == "reply_too_large"
    assert exchange.spent.requests == 2


async def test_a_redirect_is_an_answer_or_a_failure_and_never_followed() -> None:
    async with service(Limits()) as (exchange, base):
        assert (await exchange.ask("GET", f"{base}/away")).status == 302
    async with service(Limits(), redirect="redirect") as (exchange, base):
        with pytest.raises(WorkerError, match="302, a redirect, which is not followed") as caught:
            await exchange.ask("GET", f"{base}/away")
    assert caught.value.code == "redirect"


async def test_silence_ends_at_the_limit() -> None:
    async with service(Limits(seconds=0.2)) as (exchange, base):
        with pytest.raises(WorkerError, match="Example: the response timed out") as caught:
            await exchange.ask("GET", f"{base}/silent")
    assert caught.value.code == "read_timeout"


async def test_a_sentence_is_one_line_without_the_secret() -> None:
    async with service(Limits()) as (exchange, base):
        headers = {"Authorization": f"Bearer {SECRET}"}
        reply = await exchange.ask("GET", f"{base}/repeat", headers=headers)
    sentence = exchange.failure("auth_401", f"it says\n {reply.fields['message']}. ").message
    assert sentence == "Example: it says Bearer [hidden]."
    assert len(exchange.sentence("long " * 200)) < 220
