"""Serving built sites over HTTP on loopback."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

from aiohttp import web

from hermes_sandbox import network as networks
from hermes_sandbox.network import Network
from hermes_sandbox.site import Site, build, truth

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
TRUTH = "/__truth__.json"


def demo_site(base_url: str, latency: float = 0.0) -> web.Application:
    """The demo site alone. `latency` in seconds delays every answer."""
    site = build(base_url)
    return _serving(site, lambda: truth(site), latency)


def network_sites(network: Network, latency: float = 0.0) -> dict[str, web.Application]:
    """Every site of the network, by its address; each tells its own truth and that of the network."""
    of_all = cache(lambda: networks.truth(network))

    def one(site: Site) -> web.Application:
        return _serving(site, lambda: {**truth(site), "network": of_all()}, latency)

    return {site.base_url: one(site) for site in network.sites.values()}


def _serving(site: Site, content: Callable[[], dict[str, Any]], latency: float) -> web.Application:
    """A site, and its list of truth for people."""
    text = cache(lambda: json.dumps(content(), indent=2))

    async def answer(request: web.Request) -> web.StreamResponse:
        if latency:
            await asyncio.sleep(latency)
        if request.path == TRUTH:
            return web.Response(text=text(), content_type="application/json")
        found = site.answer(request.raw_path)
        return web.Response(status=found.status, headers=found.headers, body=found.body)

    app = web.Application()
    app.router.add_route("GET", "/{path:.*}", answer)  # aiohttp answers HEAD with it as well
    return app
