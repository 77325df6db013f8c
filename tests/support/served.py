"""The whole web application over real HTTP, on the database of a test."""

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from playwright.async_api import Page

from directory_bolt.engines.embedded_flow import EmbeddedFlow
from directory_bolt.engines.postgres_queue import PostgresQueue
from directory_bolt.orders import Orders
from hermes.wiring.application import application
from hermes_base.people import People
from hermes_base.people.roles import Need, Person, Role
from hermes_base.people.rules import digest
from hermes_base.people.views import UserView
from hermes_base.postgres.listening import Listener
from hermes_base.web.access import LOOPBACK, AccessSettings
from hermes_base.web.live import Hub
from tests.support import asgi
from tests.support.room import Room
from tests.support.waiting import until

TOKEN = "test-token-0123456789"
STRIPE_SECRET = "whsec_of_the_tests"
PASSWORD = "correct horse battery staple"
CSRF = re.compile(r'<meta name="csrf" content="([0-9a-f]{64})">')
ACCESS = AccessSettings(
    {digest(TOKEN): Person("api token", "admin", "api token")}, LOOPBACK, dev_pages=True
)


@dataclass
class Served:
    """A running web server, the room behind it, and a client with the token of an admin."""

    url: str
    room: Room
    http: aiohttp.ClientSession
    listener: Listener
    people: People
    routes: list[str]
    needs: dict[str, Need]
    """The application's table of who may what, by `METHOD /path/{template}`."""
    orders: Orders
    token: str = TOKEN

    async def user(self, email: str = "ann@example.com", role: Role = "admin") -> UserView:
        """A user who has chosen the password PASSWORD."""
        user = await self.people.users.add(email, "", role, "tests")
        await self.people.users.set_password(user.id, PASSWORD, "tests")
        return user

    async def link(self, leads_to: str = "/") -> str:
        """The path of a one-time link of the local operator."""
        return f"/sign-in/{await self.people.sign_in.local_link(leads_to)}"

    async def sign_in(self, page: Page, leads_to: str = "/") -> None:
        """Let a browser in as the local operator."""
        await page.goto(self.url + await self.link(leads_to))

    @asynccontextmanager
    async def browsing(self, user: UserView | None = None) -> AsyncGenerator[aiohttp.ClientSession]:
        """A client that sends what a browser sends: the cookie, the CSRF token, where it comes from."""
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": self.url}
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(self.url, headers=headers, cookie_jar=jar) as http:
            if user is None:
                async with http.get(await self.link("/settings/account")) as answer:
                    assert answer.status == 200
            else:
                form = {
                    "email": user.email or "",
                    "password": PASSWORD,
                    "back": "/settings/account",
                }
                async with http.post("/sign-in", data=form) as answer:
                    assert answer.status == 200, await answer.text()
            async with http.get("/settings/account") as answer:
                found = CSRF.search(await answer.text())
            assert found
            http.headers["X-CSRF-Token"] = found[1]
            yield http


@asynccontextmanager
async def serve_web(
    room: Room, access: AccessSettings | None = None, *, stripe_secret: str = STRIPE_SECRET
) -> AsyncGenerator[Served]:
    listener = Listener(room.database_url)
    hub = Hub(listener)
    people = People(room.hermes.pool, room.clock)
    pool = room.hermes.pool
    home = Path(tempfile.mkdtemp(prefix="hermes-home-"))
    evidence = home / "evidence"
    evidence.mkdir()
    orders = Orders(pool, PostgresQueue(pool), EmbeddedFlow(pool), evidence, room.clock)
    app = application(
        room.hermes, people, hub, access or ACCESS, orders=orders, stripe_secret=stripe_secret
    )
    headers = {"Authorization": f"Bearer {TOKEN}"}
    routes = app.routes
    listening = asyncio.create_task(listener.run())
    try:
        async with asgi.serving(app, log_level="error") as url:
            await until(lambda: listener.connected, "the listener is connected", every=0.002)
            async with aiohttp.ClientSession(url, headers=headers) as http:
                yield Served(url, room, http, listener, people, routes.all(), routes.needs, orders)
            hub.close()
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
        shutil.rmtree(home)
