"""The stand-ins over HTTP on loopback, with switches for their faults and the messages they took."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

from hermes_sandbox.providers.faults import Faults, NoSuchFault
from hermes_sandbox.providers.posts import Posts
from hermes_sandbox.providers.wire import EVERYWHERE, SLOW, Answer, Asked, Reply, StandIn

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
MOST_BYTES = 4 * 1024 * 1024
FAULTS, MAIL, POSTS = "/__faults__", "/__mail__", "/__posts__"


def application(
    stand_ins: Sequence[StandIn], faults: Faults, mail: Posts, posts: Posts
) -> web.Application:
    """Each stand-in below its own name, and the three addresses of the workshop."""
    app = web.Application(middlewares=[_loopback_only], client_max_size=MOST_BYTES)
    for stand_in in stand_ins:
        for method, path, reply in stand_in.routes():
            handler = _served(stand_in, reply, faults)
            app.router.add_route(method, f"/{stand_in.name}{path}", handler)
    app.router.add_get(FAULTS, _table(faults))
    app.router.add_post(FAULTS, _switch(faults))
    app.router.add_get(MAIL, _read_back(mail))
    app.router.add_get(POSTS, _read_back(posts))
    return app


@web.middleware
async def _loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Neither other machines nor pages of other sites that resolve to this one are served."""
    host = urlsplit(f"//{request.host}").hostname or ""
    if not (_here(request.remote or "") and (host == "localhost" or _here(host))):
        raise web.HTTPForbidden(text="The stand-ins serve this machine only.")
    return await handler(request)


def _here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _served(stand_in: StandIn, reply: Reply, faults: Faults) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        fault = faults.of(stand_in.name)
        asked = Asked(
            url=f"{request.scheme}://{request.host}{request.path}",
            place=dict(request.match_info),
            query=dict(request.query),
            headers=request.headers,
            body=await request.read(),
            fault=fault,
        )
        if fault == SLOW:
            await asyncio.sleep(faults.slow_seconds)
        return _response(_answer(stand_in, reply, asked))

    return handler


def _answer(stand_in: StandIn, reply: Reply, asked: Asked) -> Answer:
    """Faults of the way come before the key is looked at, those of the provider after it."""
    if asked.fault in EVERYWHERE:
        return EVERYWHERE[asked.fault]
    refusal = stand_in.refuses(asked)
    return refusal or stand_in.errors.get(asked.fault) or reply(asked)


def _response(answer: Answer) -> web.Response:
    headers = {**answer.headers, "Content-Type": answer.content_type}
    return web.Response(status=answer.status, body=answer.content(), headers=headers)


def _table(faults: Faults) -> Handler:
    async def handler(_request: web.Request) -> web.StreamResponse:
        return web.json_response({"slow_seconds": faults.slow_seconds, "providers": faults.table()})

    return handler


def _switch(faults: Faults) -> Handler:
    """JSON only: a page of another site cannot send that without asking first."""

    async def handler(request: web.Request) -> web.StreamResponse:
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="Send the switch as application/json.")
        try:
            switch = json.loads(await request.read())
            faults.switch(switch["provider"], switch.get("fault"))
        except NoSuchFault as wrong:
            raise web.HTTPBadRequest(text=str(wrong)) from wrong
        except (ValueError, TypeError, KeyError, AttributeError) as wrong:
            text = 'Send {"provider": name, "fault": name or null}.'
            raise web.HTTPBadRequest(text=text) from wrong
        return web.json_response({"provider": switch["provider"], "fault": switch.get("fault")})

    return handler


def _read_back(posts: Posts) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.json_response({"messages": posts.holding(request.query.get("token", ""))})

    return handler
