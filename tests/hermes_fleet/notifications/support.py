"""The stand-ins of the channels, announced for the demo site, and receivers by script."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from hermes_fleet.notifications.channels import CHANNELS
from hermes_fleet.providers import SANDBOX_FILE
from tests.support.stand_ins import SITE, Served, serve_stand_ins

TO = "staff@demo.example"
SECRETS = tuple(channel.secret_name for channel in CHANNELS.values())
SMTP, SLACK, DISCORD, WEBHOOK, APPRISE = SECRETS  # a new one: name it here, send in a test
SMOKE: dict[str, Any] = {
    "mode": "smoke",
    "site": SITE,
    "settings": {"notify_to": TO},
    "read_back_seconds": 0.5,
}


@dataclass
class Demo:
    """The stand-ins as the sandbox announces them, and as an operator would store them."""

    served: Served
    vault: pytest.MonkeyPatch

    def store(self, name: str, **changed: Any) -> dict[str, Any]:
        """The stand-in's secret as the operator's own; None takes a field out."""
        fields = self.served.secrets[name] | changed
        told = {field: value for field, value in fields.items() if value is not None}
        self.vault.setenv(name, json.dumps(told))
        return told

    @property
    def mails(self) -> list[dict[str, Any]]:
        return self.served.stand_ins.mail.holding("")

    @property
    def posts(self) -> list[dict[str, Any]]:
        return self.served.stand_ins.posts.holding("")


@asynccontextmanager
async def demo_network(
    folder: Path, vault: pytest.MonkeyPatch, slow_seconds: float = 0.0
) -> AsyncGenerator[Demo]:
    for name in SECRETS:
        vault.delenv(name, raising=False)
    async with serve_stand_ins() as served:
        told = {"site": SITE, "providers": served.stand_ins.announced(served.base)}
        (folder / "sandbox.json").write_text(json.dumps(told))
        vault.setenv(SANDBOX_FILE, str(folder / "sandbox.json"))
        if slow_seconds:
            served.stand_ins.faults.slow_seconds = slow_seconds
        yield Demo(served, vault)


@dataclass
class Receiver:
    """Answers every POST with the next of `statuses`, then 200; keeps what came."""

    statuses: list[int] = field(default_factory=list[int])
    headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    bodies: list[bytes] = field(default_factory=list[bytes])

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/{path:.*}", self._take)
        return app

    async def _take(self, request: web.Request) -> web.Response:
        self.headers.append(dict(request.headers))
        self.bodies.append(await request.read())
        status = self.statuses.pop(0) if self.statuses else 200
        return web.Response(status=status, headers={"Location": "/x", "Retry-After": "0"})


@asynccontextmanager
async def mail_server_saying(*lines: str) -> AsyncGenerator[int]:
    """Says a line at once and one for each that it hears, then hangs up; its port."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for number, line in enumerate(lines):
            if number and not await reader.readline():
                break
            writer.write(line.encode() + b"\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
