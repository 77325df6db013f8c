"""The web server: API, pages, live events, and who may come in."""

import asyncio
from urllib.parse import urlsplit

import structlog
import uvicorn

from directory_bolt import wiring as orders_wiring
from hermes.bootstrap import open_hermes
from hermes.wiring.application import application
from hermes_base.home import make_home
from hermes_base.home.announcements import Announcement
from hermes_base.people import People
from hermes_base.people.roles import Person
from hermes_base.people.rules import digest
from hermes_base.postgres.listening import Listener
from hermes_base.postgres.opening import listening_address
from hermes_base.problems import Problem
from hermes_base.processes import address, ending, open_socket, stopping
from hermes_base.secret_files import read_secret, write_secret
from hermes_base.settings import Settings
from hermes_base.web.access import LOOPBACK, AccessSettings
from hermes_base.web.bounded_http import Limits, server_config
from hermes_base.web.live import Hub

log = structlog.get_logger()


async def serve_web(settings: Settings, parent: int | None = None) -> None:
    """The web server: API, pages, live events."""
    make_home(settings)
    listener = Listener(await listening_address(settings))
    async with open_hermes(settings) as (hermes, pool):
        write_secret(settings.factor_key_file)
        key = read_secret(settings.factor_key_file).encode()
        people = People(pool, hermes.clock, key)
        await require_guarded(settings, people)
        listening = open_socket(settings.host, settings.port)
        port = listening.getsockname()[1]
        hub = Hub(listener)
        orders = orders_wiring.orders_on(settings, pool, hermes.clock)
        app = application(
            hermes,
            people,
            hub,
            access_settings_of(settings, port),
            orders=orders,
            stripe_secret=orders_wiring.stripe_secret(settings),
        )
        trusted = settings.proxies
        config = server_config(
            app, Limits(exempt=trusted.__contains__), lifespan="on", **trusted.of_uvicorn
        )
        server = uvicorn.Server(config)
        stop = stopping(parent)
        hearing = asyncio.create_task(listener.run())
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        announcement = Announcement(settings.address_file, address(settings.host, port))
        keeping = asyncio.create_task(announcement.keep())
        relaying = asyncio.create_task(orders_wiring.run_relay(settings, orders, stop))
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait([serving, waiting], return_when=asyncio.FIRST_COMPLETED)
        hub.close()  # open streams would hold the server back
        server.should_exit = True
        await serving
        stop.set()
        await asyncio.gather(relaying, return_exceptions=True)
        await ending(hearing, waiting, keeping)
        announcement.end()


def access_settings_of(settings: Settings, port: int) -> AccessSettings:
    """Who may enter by the token files of this machine, under which host names, and at which port."""
    local = Person("api token", "admin", "api token")
    fleet = Person("fleet token", "viewer", "fleet token", proves=True)
    files = {settings.token_file: local, settings.fleet_token_file: fleet}
    tokens = {digest(read_secret(file)): person for file, person in files.items()}
    scraper = settings.metrics_token.get_secret_value()
    metrics = digest(scraper) if scraper else b""
    write_secret(settings.browser_key_file)
    return AccessSettings(
        tokens, hosts_of(settings), settings.public_url, metrics,
        read_secret(settings.browser_key_file).encode(), port, settings.dev_pages,
    )  # fmt: skip


def hosts_of(settings: Settings) -> frozenset[str]:
    """The host names that the web server answers to."""
    urls = (settings.callback_url, settings.public_url)
    named = {host for url in urls if (host := urlsplit(url).hostname)}
    listed = {host.strip().lower() for host in settings.allowed_hosts.split(",")} - {""}
    return LOOPBACK | {settings.host} | named | listed


async def require_guarded(settings: Settings, people: People) -> None:
    """Where others can reach it, Hermes starts only with an admin who can sign in. Raises `host_refused`."""
    name = urlsplit(settings.public_url).hostname or settings.host
    if settings.host in LOOPBACK and name in LOOPBACK:
        return
    if not settings.public_url:
        message = (
            f"Hermes is reachable by others on {settings.host}, but its public address is not set."
        )
        hint = "Set HERMES_PUBLIC_URL to the address people open, or listen on 127.0.0.1."
        raise Problem("host_refused", message, hint, field="host")
    if not await people.users.admins():
        message = f"Hermes will not serve {name} until an enabled admin has a password."
        hint = "Run: hermes users add YOU@EXAMPLE.COM --role admin --password"
        raise Problem("host_refused", message, hint, field="host")
    if not settings.public_url.startswith("https://"):
        log.warning("HERMES_PUBLIC_URL is not https, so passwords cross the network unencrypted")
