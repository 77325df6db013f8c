"""A reverse proxy before the web server, with the faults that proxies have on streams."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Literal

import aiohttp
from aiohttp import web

Fault = Literal["buffers", "cuts"]


@asynccontextmanager
async def proxy_to(url: str, fault: Fault) -> AsyncGenerator[str]:
    """Passes everything; of streams nothing at all (`buffers`), or only the first message (`cuts`)."""
    async with aiohttp.ClientSession(url) as session:

        async def passing(request: web.Request) -> web.StreamResponse:
            headers = {k: v for k, v in request.headers.items() if k.lower() != "host"}
            async with session.request(
                request.method, request.path_qs, headers=headers, data=await request.read()
            ) as told:
                if told.content_type == "text/event-stream":
                    return await _stream(request, told, fault)
                return web.Response(
                    status=told.status, body=await told.read(), content_type=told.content_type
                )

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", passing)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        await runner.cleanup()


async def _stream(
    request: web.Request, told: aiohttp.ClientResponse, fault: Fault
) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await answer.prepare(request)
    if fault == "cuts":
        for _ in range(2):  # `retry`, then `hello`
            await answer.write(await told.content.readuntil(b"\n\n"))
    async for _ in told.content:
        continue
    return answer
