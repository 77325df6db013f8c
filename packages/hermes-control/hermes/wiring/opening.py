"""What every process starts from: settings to catalog, vault, home, database, sockets and logs."""

import asyncio
import json
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

import asyncpg
import orjson
import structlog
from structlog.typing import EventDict, WrappedLogger

from hermes.control import Hermes
from hermes.core import catalog as catalogs
from hermes.core.catalog import Catalog
from hermes.runner.log_context import name_run
from hermes.vault import Access, Bitwarden, Bundled, Environment, Folder, Vault
from hermes_base.clock import utc_now
from hermes_base.people import People
from hermes_base.postgres import schema
from hermes_base.postgres.database import Pool, open_pool
from hermes_base.postgres.embedded import Embedded, embedded
from hermes_base.problems import Problem
from hermes_base.secret_files import write_secret
from hermes_base.settings import Settings
from hermes_base.supervisor import end_with_parent

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
    """Environment first, then folders of secrets, then Bitwarden, then the bundled fleet."""
    folders = [Folder(settings.secrets_dir)] if settings.secrets_dir else []
    home = Folder(settings.home / "secrets")
    remote = [Bitwarden(_access(settings))] if settings.uses_bitwarden else []
    fleet = Bundled(settings.fleet_file, settings.fleet_key_file)
    return Vault([Environment(), *folders, home, *remote, fleet])


def _access(settings: Settings) -> Access:
    return Access(
        settings.bitwarden_token.get_secret_value(),
        settings.bitwarden_organization,
        settings.bitwarden_project,
        settings.bitwarden_api_url,
        settings.bitwarden_identity_url,
        settings.bitwarden_file,
    )


def make_home(settings: Settings) -> None:
    """The home folder, closed to others, with a token for this machine and one for the fleet."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_secret(settings.token_file)
        write_secret(settings.fleet_token_file)
        write_secret(settings.brain_token_file)
    except OSError as error:
        message = f"HERMES_HOME: cannot write {settings.home}: {error.strerror}"
        raise Problem(
            "settings_invalid", message, "Set HERMES_HOME to a folder that you own."
        ) from None


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
        vault = open_vault(settings)
        await asyncio.to_thread(vault.status)  # from here on no secret waits for the network
        yield Hermes(pool, load_catalog(settings), vault), pool
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


def stopping(parent: int | None) -> asyncio.Event:
    """An event that SIGTERM, SIGINT and the death of the parent set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if parent is not None:
        _watches.add(loop.create_task(end_with_parent(parent, stop)))
    return stop


async def ending(*tasks: asyncio.Task[object]) -> None:
    """Cancel tasks and wait until they have ended."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def as_json(fields: Any, default: Callable[[Any], Any], **_options: object) -> str:
    """A line of the log, several times as fast as by the standard library; it falls back on that for
    texts that are no Unicode."""
    try:
        return orjson.dumps(fields, default=default, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:
        return json.dumps(fields, default=default)


def _stamp(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The time in UTC, as structlog's own stamper writes it, in a third of the time."""
    event["timestamp"] = utc_now().isoformat().replace("+00:00", "Z")
    return event


def configure_logging(settings: Settings) -> None:
    """Structured logs on standard error; JSON lines where HERMES_LOG_JSON is set."""
    renderer = (
        structlog.processors.JSONRenderer(serializer=as_json)
        if settings.log_json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            name_run,
            structlog.processors.add_log_level,
            _stamp,
            *([structlog.processors.format_exc_info] if settings.log_json else []),
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
