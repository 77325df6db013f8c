"""The client of Hermes' own API: good answers are JSON, everything else is a `Problem` or a value."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from hermes_base.client import MAX_BODY, HermesApi
from hermes_base.http.answers import Answer
from hermes_base.http.client import Client
from hermes_base.problems import Problem
from hermes_base.reasons import Failure, Reason

TOKEN = "a-token-of-a-program"


class Server:
    """Answers as it is told, and keeps what it was asked."""

    def __init__(self, answer: web.Response) -> None:
        self.answer = answer
        self.asked: list[web.Request] = []

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append(request)
        return self.answer


@asynccontextmanager
async def serving(answer: web.Response) -> AsyncGenerator[tuple[HermesApi, Server]]:
    server, app = Server(answer), web.Application()
    app.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with Client(max_body=MAX_BODY) as http:
        yield HermesApi(http, f"http://127.0.0.1:{runner.addresses[0][1]}/", TOKEN), server
    await runner.cleanup()


async def test_a_list_is_returned_as_json_and_the_token_is_sent() -> None:
    async with serving(web.json_response([1, 2])) as (api, server):
        assert await api.get("/api/sites", q="a b&c", limit=20, service=None) == [1, 2]
    (asked,) = server.asked
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
    assert dict(asked.query) == {"q": "a b&c", "limit": "20"}


async def test_an_empty_answer_is_none() -> None:
    async with serving(web.Response(status=204)) as (api, _):
        assert await api.send("DELETE", "/api/x") is None


async def test_an_answer_larger_than_a_worker_may_give_is_read() -> None:
    async with serving(web.json_response("x" * 9_000_000)) as (api, _):
        assert len(await api.get("/api/runs")) == 9_000_000


async def test_a_problem_of_hermes_is_raised_as_it_was_answered() -> None:
    told = {
        "code": "unknown_site",
        "message": "There is none.",
        "hint": "Add one.",
        "field": "site",
    }
    async with serving(web.json_response(told, status=404)) as (api, _):
        with pytest.raises(Problem) as raised:
            await api.post("/api/x", {"a": 1})
    found = raised.value
    assert (found.code, found.message, found.hint, found.field) == tuple(told.values())


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (web.json_response([], status=500), "http_500"),
        (web.Response(text="<h1>A page</h1>"), "hermes_unreachable"),
        (web.Response(status=302, headers={"Location": "/elsewhere"}), "http_302"),
    ],
    ids=["an error without a code", "a page", "a redirect"],
)
async def test_what_is_no_answer_of_hermes_is_a_problem(answer: web.Response, code: str) -> None:
    async with serving(answer) as (api, server):
        with pytest.raises(Problem) as raised:
            await api.get("/api/x")
    assert raised.value.code == code
    assert len(server.asked) == 1


async def test_a_closed_port_is_a_problem_and_as_a_value_its_reason() -> None:
    async with serving(web.json_response({})) as (api, _):
        pass
    async with Client() as http:
        away = HermesApi(http, api.url, TOKEN)
        with pytest.raises(Problem, match="Hermes does not respond"):
            await away.get("/api/x")
        seen = await away.exchange("GET", "/api/x")
    assert isinstance(seen, Failure)
    assert seen.reason is Reason.CONNECT_REFUSED


async def test_a_missing_route_is_told_from_a_wrong_host_by_the_answer_itself() -> None:
    wrong_host = web.Response(status=404, headers={"X-Render-Routing": "no-server"})
    async with serving(wrong_host) as (api, server):
        seen = await api.exchange("POST", "/api/webhook", {}, {"Stripe-Signature": "t=1"})
    assert isinstance(seen, Answer)
    assert (seen.status, seen.headers["x-render-routing"]) == (404, "no-server")
    assert "Authorization" not in server.asked[0].headers
