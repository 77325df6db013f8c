"""Wiring: the only module that knows all the others."""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import asyncpg
import structlog
import uvicorn

from hermes.contact.client import Client
from hermes.control import Hermes
from hermes.core import catalog as catalogs
from hermes.core.catalog import Catalog
from hermes.core.people import Person
from hermes.core.problems import Problem
from hermes.core.sign_in import digest
from hermes.people import People
from hermes.runner.loop import Runner, steady_memory
from hermes.settings import Settings
from hermes.storage import schema
from hermes.storage.database import Pool, open_pool
from hermes.storage.embedded import Embedded, embedded
from hermes.storage.listening import Listener
from hermes.supervisor import Child, Supervisor, end_with_parent
from hermes.vault import Bundled, Environment, Folder, Vault
from hermes.web.access import LOOPBACK, Doors
from hermes.web.application import application
from hermes.web.live import Hub

log = structlog.get_logger()

DEMO_NAME = "Demo site"
_watches: set[asyncio.Task[None]] = set()  # the loop itself holds tasks only weakly


def load_catalog(settings: Settings) -> Catalog:
    """The catalog of the settings, else the one that ships. Raises `catalog_invalid`."""
    if settings.catalog is None:
        return catalogs.read((files("hermes") / "catalog.toml").read_text("utf-8"))
    try:
        text = settings.catalog.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"HERMES_CATALOG: cannot read {settings.catalog}: {error}"
        raise Problem(
            "catalog_invalid", message, "Correct the path, or unset HERMES_CATALOG."
        ) from None
    return catalogs.read(text, str(settings.catalog))


def open_vault(settings: Settings) -> Vault:
    """Environment first, then a folder of secrets, then the bundled fleet."""
    folders = [Folder(settings.secrets_dir)] if settings.secrets_dir else []
    home = Folder(settings.home / "secrets")
    return Vault(
        [Environment(), *folders, home, Bundled(settings.fleet_file, settings.fleet_key_file)]
    )


def make_home(settings: Settings) -> None:
    """The home folder, closed to others, with a token for this machine and one for the fleet."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_secret(settings.token_file)
        write_secret(settings.fleet_token_file)
    except OSError as error:
        message = f"HERMES_HOME: cannot write {settings.home}: {error.strerror}"
        raise Problem(
            "settings_invalid", message, "Set HERMES_HOME to a folder that you own."
        ) from None


def write_secret(path: Path) -> None:
    """A new random secret in a file of mode 600, unless there is one. Atomic: never half-written."""
    if path.exists():
        return
    scratch = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(32))
    with contextlib.suppress(FileExistsError):  # another process was first: its secret stays
        path.hardlink_to(scratch)
    scratch.unlink()


def start_database(settings: Settings) -> Embedded | None:
    """Start the embedded PostgreSQL if it is wanted. None when a server of the user's own is set."""
    if not settings.embedded:
        return None
    server = embedded(settings.home, settings.digest)
    server.start()
    return server


def database_url(settings: Settings) -> str:
    """How to reach the database."""
    return settings.database_url or embedded(settings.home, settings.digest).url


async def connect(settings: Settings, *, size: int = 8) -> Pool:
    """A pool; an unreachable or refusing server is the problem `database_away`."""
    try:
        return await open_pool(database_url(settings), size=size)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        message = f"The database does not let us in: {type(error).__name__}: {error}"
        hint = "Check HERMES_DATABASE_URL, or start the embedded one with: hermes up"
        raise Problem("database_away", message, hint) from None


@asynccontextmanager
async def open_hermes(settings: Settings) -> AsyncGenerator[tuple[Hermes, Pool]]:
    """The control room on a current schema. Raises `schema_old` with the command to run."""
    pool = await connect(settings)
    try:
        await schema.require_current(pool)
        yield Hermes(pool, load_catalog(settings), open_vault(settings)), pool
    finally:
        await pool.close()


@asynccontextmanager
async def open_people(settings: Settings) -> AsyncGenerator[People]:
    """Users, sessions and tokens, on a current schema. Raises `schema_old`."""
    pool = await connect(settings, size=2)
    try:
        await schema.require_current(pool)
        yield People(pool)
    finally:
        await pool.close()


@asynccontextmanager
async def borrowed_database(settings: Settings) -> AsyncGenerator[None]:
    """The database for one command: an embedded one that was not running is stopped afterwards."""
    make_home(settings)
    server = await asyncio.to_thread(start_database, settings)
    try:
        if settings.embedded:
            await migrate(settings)
        yield
    finally:
        if server is not None and server.process is not None:
            server.stop()


async def migrate(settings: Settings) -> list[str]:
    """Bring the database to this version's schema. Returns the migrations applied."""
    pool = await connect(settings, size=2)
    try:
        return await schema.migrate(pool)
    finally:
        await pool.close()


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
        app = application(hermes, people, hub, doors_of(settings))
        config = uvicorn.Config(
            app, log_config=None, access_log=False, timeout_graceful_shutdown=2, lifespan="on"
        )
        server = uvicorn.Server(config)
        stop = _stopping(parent)
        hearing = asyncio.create_task(listener.run())
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        settings.address_file.write_text(address(settings.host, listening.getsockname()[1]))
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait([serving, waiting], return_when=asyncio.FIRST_COMPLETED)
        hub.close()  # open streams would hold the server back
        server.should_exit = True
        await serving
        await _end(hearing, waiting)


def doors_of(settings: Settings) -> Doors:
    """Who may enter by the token files of this machine, and under which host names."""
    local = Person("api token", "admin", "api token")
    fleet = Person("fleet token", "viewer", "fleet token")
    files = {settings.token_file: local, settings.fleet_token_file: fleet}
    tokens = {digest(file.read_text("utf-8").strip()): person for file, person in files.items()}
    return Doors(tokens, hosts_of(settings), settings.public_url)


def hosts_of(settings: Settings) -> frozenset[str]:
    """The host names that the web server answers to."""
    urls = (settings.callback_url, settings.public_url)
    named = {host for url in urls if (host := urlsplit(url).hostname)}
    listed = {host.strip().lower() for host in settings.allowed_hosts.split(",")} - {""}
    return LOOPBACK | {settings.host} | named | listed


async def run_runner(settings: Settings, parent: int | None = None) -> None:
    """A runner: any number of them may share a database."""
    url = database_url(settings)
    stop = _stopping(parent)
    async with open_hermes(settings) as (hermes, pool), Client(settings.host_concurrency) as client:
        listener = Listener(url)
        hearing = asyncio.create_task(listener.run())
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
        await _end(hearing)


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


def open_socket(host: str, port: int) -> socket.socket:
    """A listening socket. Raises `port_taken`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        message = f"Port {port} of {host} is not free: {error.strerror}."
        raise Problem(
            "port_taken", message, "Stop what uses it, or set HERMES_PORT.", field="port"
        ) from None
    return listening


def address(host: str, port: int) -> str:
    """The address that people open."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def address_of(settings: Settings) -> str:
    """Where people open Hermes: the public address, else where the server says it runs, else the settings'."""
    if settings.public_url:
        return settings.public_url
    if settings.address_file.exists():
        return settings.address_file.read_text("utf-8").strip()
    return address(settings.host, settings.port)


def _stopping(parent: int | None) -> asyncio.Event:
    """An event that SIGTERM, SIGINT and the death of the parent set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if parent is not None:
        _watches.add(loop.create_task(end_with_parent(parent, stop)))
    return stop


async def _end(*tasks: asyncio.Task[object]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


# All together ---------------------------------------------------------------------------------------


async def up(settings: Settings, *, demo: bool, say: Callable[[str], None]) -> None:
    """Database, web, runner, fleet and, for the demo, sandbox: one command, until it is stopped."""
    make_home(settings)
    write_secret(settings.fleet_key_file)
    open_socket(settings.host, settings.port).close()  # say now, not in a child, that it is taken
    server = await asyncio.to_thread(start_database, settings)
    stop = _stopping(None)
    try:
        await migrate(settings)
        async with open_people(settings) as people:
            await require_guarded(settings, people)
        settings.fleet_file.unlink(missing_ok=True)
        _sandbox_file(settings).unlink(missing_ok=True)
        children = processes(settings, demo=demo)
        chores = [server.revive] if server else []
        supervisor = Supervisor(children, chores)
        supervising = asyncio.create_task(supervisor.run(stop))
        await _announce(settings, demo=demo, say=say, stop=stop)
        await supervising
    finally:
        stop.set()
        if server is not None:
            server.stop()


def processes(settings: Settings, *, demo: bool) -> list[Child]:
    """The processes of `hermes up`."""
    logs = settings.home / "logs"
    logs.mkdir(exist_ok=True)
    me = ["--parent-pid", str(os.getpid())]
    home = {
        "HERMES_HOME": str(settings.home),
        "HERMES_HOST": settings.host,
        "HERMES_PORT": str(settings.port),
    }
    fleet = {
        **home,
        "HERMES_URL": address(settings.host, settings.port),
        "HERMES_TOKEN_FILE": str(settings.fleet_token_file),
        "HERMES_SANDBOX_FILE": str(_sandbox_file(settings)),
    }
    found = [
        Child("web", ["-m", "hermes", "serve", *me], home, logs / "web.log"),
        Child("runner", ["-m", "hermes", "runner", *me], home, logs / "runner.log"),
        Child(
            "fleet",
            ["-m", "hermes_fleet", *_fleet_arguments(settings), *me],
            fleet,
            logs / "fleet.log",
        ),
    ]
    if demo:
        where = ["--port", str(settings.sandbox_port), "--announce", str(_sandbox_file(settings))]
        found.append(
            Child("sandbox", ["-m", "hermes_sandbox", *where, *me], home, logs / "sandbox.log")
        )
    return found


def _fleet_arguments(settings: Settings) -> list[str]:
    return [
        "--port", str(settings.fleet_port),
        "--key-file", str(settings.fleet_key_file),
        "--state", str(settings.home / "fleet"),
        "--announce", str(settings.fleet_file),
    ]  # fmt: skip


def _sandbox_file(settings: Settings) -> Path:
    return settings.home / "sandbox.json"


async def _announce(
    settings: Settings, *, demo: bool, say: Callable[[str], None], stop: asyncio.Event
) -> None:
    """Wait until everything answers, register the demo site, and print the address."""
    await _until(_answers(settings), "the web server", settings, stop)
    await _until(_is_there(settings.fleet_file), "the fleet", settings, stop)
    if demo:
        await _until(_is_there(_sandbox_file(settings)), "the sandbox", settings, stop)
    if stop.is_set():
        return
    leads_to, site = "/", ""
    if demo:
        demo_network = json.loads(_sandbox_file(settings).read_text("utf-8"))
        site = demo_network["site"]
        async with open_hermes(settings) as (hermes, _):
            found = await hermes.put_demo_site(DEMO_NAME, site, demo_network["settings"])
        leads_to = f"/sites/{found.id}/integrations"
    say(f"Hermes is up: {await way_in(settings, leads_to)}")
    if site:
        say(f"The demo site stands at {site}")


async def way_in(settings: Settings, leads_to: str = "/") -> str:
    """The address to open. While there is no user it is a link that lets the local operator in once."""
    url = address_of(settings)
    async with open_people(settings) as people:
        if await people.users.any():
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
    for _ in range(600):
        if stop.is_set() or await ready():
            return
        await asyncio.sleep(0.05)
    message = f"{what} did not come up within 30 s."
    raise Problem("start_failed", message, f"Read the logs in {settings.home / 'logs'}.")


def configure_logging(settings: Settings) -> None:
    """Structured logs on standard error; JSON lines where HERMES_LOG_JSON is set."""
    renderer = (
        structlog.processors.JSONRenderer()
        if settings.log_json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([structlog.processors.format_exc_info] if settings.log_json else []),
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
