"""One process that serves every bundled worker at `/<slug>/`."""

import json
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from hermes_worker import Worker
from hermes_worker.serving import listen, serve

BUNDLED = (
    "crawl_render",
    "orchestrator",
    "audit_log",
    "core_web_vitals",
    "content_qa",
    "backlink_authority",
    "google_data_connector",
    "google_ads_connector",
    "content_decay",
    "serp_intel",
    "competitive_snapshot",
    "content_generator",
    "seo_kbase",
    "notifications",
    "directory_submission",
    "site_executor",
)  # each a package hermes_fleet.<slug> with a `worker`
WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}


class FleetError(Exception):
    """The fleet cannot be served; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fleet is served. `port` 0: any free one. `parent_pid`: leave when that parent is gone."""

    host: str
    port: int
    key_file: Path
    state: Path
    announce: Path | None = None
    parent_pid: int | None = None


def bundled(only: Sequence[str] = ()) -> list[Worker]:
    """The bundled workers, or those of them named; FleetError for a name that is not bundled."""
    for slug in only:
        if slug not in BUNDLED:
            raise FleetError(
                f"There is no bundled worker {slug!r}. Bundled workers: {', '.join(BUNDLED)}."
            )
    return [import_module(f"hermes_fleet.{slug}").worker for slug in only or BUNDLED]


def serve_fleet(workers: Sequence[Worker], place: Place) -> None:
    """Serves until SIGTERM or Ctrl-C; FleetError when it cannot."""
    withdraw(place.announce)
    key = key_in(place.key_file)
    try:
        listener = listen(place.host, place.port)
    except OSError as error:
        message = f"Cannot serve on {place.host}:{place.port}: {error.strerror or error}. Choose another --port."
        raise FleetError(message) from error
    if place.parent_pid:
        watch_parent(place.parent_pid)
    serve(
        fleet_app(workers, key, place.state),
        listener,
        *(worker.running(place.state) for worker in workers),
        announced(place.announce, listener, [worker.slug for worker in workers]),
    )


def key_in(file: Path) -> str:
    """The key in the file; a missing file is made with a new key that only its owner can read."""
    try:
        if not file.exists():
            write_private(file, secrets.token_urlsafe(32) + "\n")
        key = file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise FleetError(f"Cannot use the key file {file}: {error}.") from error
    if not key:
        raise FleetError(f"The key file {file} is empty. Delete it to get a new key.")
    return key


def write_private(file: Path, text: str) -> None:
    """Readers see the whole text or none of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(text)
    draft.replace(file)


def fleet_app(workers: Iterable[Worker], key: str, state: Path) -> Starlette:
    """`GET /` lists the services; each worker answers below its slug."""
    services = [
        {"service": worker.slug, "version": worker.declaration.version, "base": f"/{worker.slug}"}
        for worker in workers
    ]

    async def listing(_: Request) -> JSONResponse:
        return JSONResponse({"services": services})

    mounts = [Mount(f"/{worker.slug}", worker.app(key, state)) for worker in workers]
    return Starlette(routes=[Route("/", listing), *mounts])


@asynccontextmanager
async def announced(
    file: Path | None, listener: socket.socket, services: list[str]
) -> AsyncGenerator[None, None]:
    """Tells in a file where the fleet is; the file is there only while the fleet is."""
    if file is None:
        yield
        return
    news = {"base_url": base_url(listener), "services": services, "pid": os.getpid()}
    try:
        write_private(file, json.dumps(news))
    except OSError as error:
        raise FleetError(f"Cannot write the fleet's address to {file}: {error}.") from error
    try:
        yield
    finally:
        withdraw(file)


def withdraw(file: Path | None) -> None:
    if file is not None:
        with suppress(OSError):  # what cannot be removed cannot be written either, and that is told
            file.unlink()


def base_url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    host = WILDCARDS.get(host, host)
    return (
        f"http://[{host}]:{port}" if listener.family == socket.AF_INET6 else f"http://{host}:{port}"
    )


def watch_parent(pid: int) -> None:
    """Stops this process like a SIGTERM, within a second of its parent's death; a busy loop cannot delay it."""
    threading.Thread(target=stop_without_parent, args=(pid,), daemon=True).start()


def stop_without_parent(pid: int) -> None:
    while os.getppid() == pid:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
