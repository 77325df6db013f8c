"""The whole web application over real HTTP, on the database of a test."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import aiohttp
import uvicorn

from hermes.storage.listening import Listener
from hermes.web.application import application
from hermes.web.live import Hub
from support.room import Room

TOKEN = "test-token-0123456789"


@dataclass
class Served:
    """A running web server, the room behind it, and a client that signs in with the token."""

    url: str
    room: Room
    http: aiohttp.ClientSession
    listener: Listener
    token: str = TOKEN


@asynccontextmanager
async def serve_web(room: Room) -> AsyncGenerator[Served]:
    listener = Listener(room.database_url)
    hub = Hub(listener)
    app = application(room.hermes, hub, TOKEN)
    config = uvicorn.Config(
        app, port=0, log_level="error", lifespan="on", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    listening = asyncio.create_task(listener.run())
    serving = asyncio.create_task(server.serve())
    while not (server.started and listener.connected):
        assert not serving.done(), serving.result()
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession(url, headers={"Authorization": f"Bearer {TOKEN}"}) as http:
        yield Served(url, room, http, listener)
    hub.close()
    server.should_exit = True
    await serving
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening
