"""Wiring: the only module that knows all the others."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import structlog
import uvicorn

from directory_bolt import wiring as bolt
from hermes.runner.alerts import AlertWatch
from hermes.runner.loop import Runner, steady_memory
from hermes.runner.schedules import keep_schedules
from hermes.upkeep.alert_review import AlertReview
from hermes.wiring.application import application
from hermes.wiring.opening import (
    address,
    database_url,
    ending,
    load_catalog,
    make_home,
    migrate,
    open_hermes,
    open_people,
    open_socket,
    open_vault,
    start_database,
    stopping,
)
from hermes_base.http.client import Client
from hermes_base.people import People
from hermes_base.people.roles import Person
from hermes_base.people.rules import digest
from hermes_base.postgres.listening import Listener
from hermes_base.problems import Problem
from hermes_base.secret_files import write_secret
from hermes_base.settings import Settings
from hermes_base.supervisor import Child, Supervisor
from hermes_base.web.access import LOOPBACK, Doors
from hermes_base.web.live import Hub

log = structlog.get_logger()

DEMO_NAME = "Demo site"


# One process each -----------------------------------------------------------------------------------


async def serve_web(settings: Settings, parent: int | None = None) -> None:
    """The web server: API, pages, live events."""
    make_home(settings)
    listener = Listener(database_url(settings))
    async with open_hermes(settings) as (hermes, pool):
        people = People(pool)
        await require_guarded(settings, people)
        listening = open_socket(settings.host, settings.port)
        hub = Hub(listener)
        orders = bolt.orders_on(settings, pool)
        app = application(
            hermes,
            people,
            hub,
            doors_of(settings),
            orders=orders,
            stripe_secret=bolt.stripe_secret(settings),
        )
        config = uvicorn.Config(
            app, log_config=None, access_log=False, timeout_graceful_shutdown=2, lifespan="on"
        )
        server = uvicorn.Server(config)
        stop = stopping(parent)
        hearing = asyncio.create_task(listener.run())
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        settings.address_file.write_text(address(settings.host, listening.getsockname()[1]))
        relaying = asyncio.create_task(bolt.run_relay(settings, orders, stop))
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait([serving, waiting], return_when=asyncio.FIRST_COMPLETED)
        hub.close()  # open streams would hold the server back
        server.should_exit = True
        await serving
        stop.set()
        await asyncio.gather(relaying, return_exceptions=True)
        await ending(hearing, waiting)


def doors_of(settings: Settings) -> Doors:
    """Who may enter by the token files of this machine, and under which host names."""
    local = Person("api token", "admin", "api token")
    fleet = Person("fleet token", "viewer", "fleet token", proves=True)
    files = {settings.token_file: local, settings.fleet_token_file: fleet}
    tokens = {digest(file.read_text("utf-8").strip()): person for file, person in files.items()}
    scraper = settings.metrics_token.get_secret_value()
    metrics = digest(scraper) if scraper else b""
    return Doors(tokens, hosts_of(settings), settings.public_url, metrics, settings.port)


def hosts_of(settings: Settings) -> frozenset[str]:
    """The host names that the web server answers to."""
    urls = (settings.callback_url, settings.public_url)
    named = {host for url in urls if (host := urlsplit(url).hostname)}
    listed = {host.strip().lower() for host in settings.allowed_hosts.split(",")} - {""}
    return LOOPBACK | {settings.host} | named | listed


async def run_runner(settings: Settings, parent: int | None = None) -> None:
    """A runner: any number of them may share a database."""
    url = database_url(settings)
    stop = stopping(parent)
    async with open_hermes(settings) as (hermes, pool), Client(settings.host_concurrency) as client:
        listener = Listener(url)
        review = AlertReview(hermes.scope, hermes.jobs, address_of(settings))
        watch = AlertWatch(review, hermes.catalog, listener)
        chores = (listener.run(), keep_schedules(hermes.schedules), watch.run())
        helpers = [asyncio.create_task(chore) for chore in chores]
        runner = Runner(
            pool,
            hermes.catalog,
            hermes.vault,
            client,
            capacity=settings.runner_capacity,
            lease=timedelta(seconds=settings.lease_seconds),
            callback_url=settings.callback_url,
        )
        steady_memory()
        log.info("runner started", runner=runner.name)
        await runner.run(stop, listener)
        await ending(*helpers)


async def require_guarded(settings: Settings, people: People) -> None:
    """Where others can reach it, Hermes starts only with an admin who can sign in. Raises `host_refused`."""
    name = urlsplit(settings.public_url).hostname or settings.host
    if settings.host in LOOPBACK and name in LOOPBACK:
        return
    if not settings.public_url:
        message = f"Others can reach Hermes on {settings.host}, but it does not know its address."
        hint = "Set HERMES_PUBLIC_URL to the address that people open, or use 127.0.0.1."
        raise Problem("host_refused", message, hint, field="host")
    if not await people.users.admins():
        message = f"Hermes does not listen for {name}: no enabled admin has a password."
        hint = "Run: hermes users add YOU@EXAMPLE.COM --role admin --password"
        raise Problem("host_refused", message, hint, field="host")
    if not settings.public_url.startswith("https://"):
        log.warning("HERMES_PUBLIC_URL is not https: passwords cross the network in the clear")


def address_of(settings: Settings) -> str:
    """Where people open Hermes: the public address, else where the server says it runs, else the settings'."""
    if settings.public_url:
        return settings.public_url
    if settings.address_file.exists():
        return settings.address_file.read_text("utf-8").strip()
    return address(settings.host, settings.port)


# All together ---------------------------------------------------------------------------------------


async def up(settings: Settings, *, demo: bool, say: Callable[[str], None]) -> None:
    """Database, web, runner, fleet and, for the demo, sandbox: one command, until it is stopped."""
    make_home(settings)
    write_secret(settings.fleet_key_file)
    if demo:
        write_secret(settings.stripe_file)
    settings.brain_file.unlink(missing_ok=True)
    open_socket(settings.host, settings.port).close()  # say now, not in a child, that it is taken
    server = await asyncio.to_thread(start_database, settings)
    stop = stopping(None)
    try:
        await migrate(settings)
        async with open_people(settings) as people:
            await require_guarded(settings, people)
        settings.fleet_file.unlink(missing_ok=True)
        settings.sandbox_file.unlink(missing_ok=True)
        credentials = await asyncio.to_thread(provider_secrets, settings)
        children = processes(settings, demo=demo, credentials=credentials)
        chores = [server.revive] if server else []
        supervisor = Supervisor(children, chores)
        supervising = asyncio.create_task(supervisor.run(stop))
        await _announce(settings, demo=demo, say=say, stop=stop)
        await supervising
    finally:
        stop.set()
        if server is not None:
            server.stop()


def provider_secrets(settings: Settings) -> dict[str, str]:
    """What the vault holds for the fleet's providers and the environment does not, by name."""
    vault, catalog = open_vault(settings), load_catalog(settings)
    wanted = {secret.name for service in catalog for secret in service.requires_secrets}
    unset = [name for name in sorted(wanted) if not {name, f"{name}_FILE"} & os.environ.keys()]
    found = {name: text for name in unset if (text := vault.text(name))}
    return {name: text for name, text in found.items() if "\0" not in text}


def processes(
    settings: Settings, *, demo: bool, credentials: Mapping[str, str] | None = None
) -> list[Child]:
    """The processes of `hermes up`. `credentials` of providers go to the fleet's environment alone."""
    logs = settings.home / "logs"
    logs.mkdir(exist_ok=True)
    me = ["--parent-pid", str(os.getpid())]
    home = {
        "HERMES_HOME": str(settings.home),
        "HERMES_HOST": settings.host,
        "HERMES_PORT": str(settings.port),
    }
    fleet = {**(credentials or {}), **home, **fleet_environment(settings)}
    found = [
        Child("web", ["-m", "hermes", "serve", *me], home, logs / "web.log"),
        Child("runner", ["-m", "hermes", "runner", *me], home, logs / "runner.log"),
        Child(
            "fleet",
            ["-m", "hermes_fleet", *fleet_arguments(settings), *me],
            fleet,
            logs / "fleet.log",
            asked=True,
        ),
    ]
    found += bolt.children(home, logs, me)
    if demo:
        where = ["--port", str(settings.sandbox_port), "--announce", str(settings.sandbox_file)]
        command = ["-m", "hermes_sandbox", *where, *me]
        found.append(Child("sandbox", command, home, logs / "sandbox.log", asked=True))
    return found


def fleet_environment(settings: Settings) -> dict[str, str]:
    """How the bundled fleet reads Hermes, and where the demo stands."""
    return {
        "HERMES_BITWARDEN_TOKEN": "",  # the fleet gets what it needs, not the key to all
        "HERMES_BITWARDEN_TOKEN_FILE": "",
        "HERMES_URL": address(settings.host, settings.port),
        "HERMES_TOKEN_FILE": str(settings.fleet_token_file),
        "HERMES_SANDBOX_FILE": str(settings.sandbox_file),
    }


def fleet_arguments(settings: Settings) -> list[str]:
    """Where the bundled fleet stands, and its files below the home."""
    return [
        "--port", str(settings.fleet_port),
        "--key-file", str(settings.fleet_key_file),
        "--state", str(settings.home / "fleet"),
        "--announce", str(settings.fleet_file),
    ]  # fmt: skip


async def _announce(
    settings: Settings, *, demo: bool, say: Callable[[str], None], stop: asyncio.Event
) -> None:
    """Wait until everything answers, register the demo site, and print the address."""
    await _until(_answers(settings), "the web server", settings, stop)
    await _until(_is_there(settings.fleet_file), "the fleet", settings, stop)
    if demo:
        await _until(_is_there(settings.sandbox_file), "the sandbox", settings, stop)
    if stop.is_set():
        return
    leads_to, site = "/", ""
    if demo:
        demo_network = json.loads(settings.sandbox_file.read_text("utf-8"))
        site = demo_network["site"]
        async with open_hermes(settings) as (hermes, _):
            found = await hermes.sites.put_demo(DEMO_NAME, site, demo_network["settings"])
        await bolt.register_demo(settings)
        leads_to = f"/sites/{found.id}/integrations"
    say(f"Hermes is up: {await way_in(settings, leads_to)}")
    if site:
        say(f"The demo site stands at {site}")


async def way_in(settings: Settings, leads_to: str = "/") -> str:
    """The address to open. While nobody has a password it is a link that lets the local operator in once."""
    url = address_of(settings)
    async with open_people(settings) as people:
        if await people.users.have_passwords():
            return f"{url}{leads_to}"
        return f"{url}/sign-in/{await people.sign_in.local_link(leads_to)}"


def _is_there(file: Path) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return await asyncio.to_thread(file.exists)

    return look


def _answers(settings: Settings) -> Callable[[], Awaitable[bool]]:
    """Whether the web server says that it is healthy: an open port alone promises nothing."""
    url = f"{address(settings.host, settings.port)}/health"

    async def look() -> bool:
        try:
            async with aiohttp.request(
                "GET", url, timeout=aiohttp.ClientTimeout(total=2)
            ) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    return look


async def _until(
    ready: Callable[[], Awaitable[bool]], what: str, settings: Settings, stop: asyncio.Event
) -> None:
    for _ in range(1200):
        if stop.is_set() or await ready():
            return
        await asyncio.sleep(0.05)
    message = f"{what} did not come up within 60 s."
    raise Problem("start_failed", message, f"Read the logs in {settings.home / 'logs'}.")
