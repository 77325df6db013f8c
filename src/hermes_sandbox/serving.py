"""Serving a built site over HTTP on loopback."""

import asyncio
import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from hermes_sandbox.site import build, truth

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
TRUTH = "/__truth__.json"


def demo_site(base_url: str, latency: float = 0.0) -> web.Application:
    """The demo site, and its list of truth for people. `latency` in seconds delays every answer."""
    site = build(base_url)
    told = json.dumps(truth(site), indent=2)

    async def answer(request: web.Request) -> web.StreamResponse:
        if latency:
            await asyncio.sleep(latency)
        if request.path == TRUTH:
            return web.Response(text=told, content_type="application/json")
        found = site.answer(request.raw_path)
        return web.Response(status=found.status, headers=found.headers, body=found.body)

    app = web.Application()
    app.router.add_route("GET", "/{path:.*}", answer)  # aiohttp answers HEAD with it as well
    return app
