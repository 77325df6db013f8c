"""`python -m hermes_sandbox`: the demo site and its competitors as one process."""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

from aiohttp import web

from hermes_sandbox.directories import Directories
from hermes_sandbox.network import COMPETITORS, Network, build
from hermes_sandbox.network.ties import EDITIONS, FIRST
from hermes_sandbox.providers import StandIns
from hermes_sandbox.serving import network_sites

Secrets = dict[str, dict[str, Any]]


def main() -> None:
    """Serve until SIGTERM, or until the parent is gone."""
    asked = _arguments()
    try:
        asyncio.run(_serve(asked))
    except OSError as error:
        wanted = error.filename or f"{asked.host}:{asked.port}"
        print(f"hermes_sandbox: {wanted} is not available: {error.strerror}", file=sys.stderr)
        sys.exit(1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="hermes_sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8420, help="of the demo site; 0: any free one")
    parser.add_argument("--announce", type=Path, help="file that is told the addresses")
    parser.add_argument("--parent-pid", type=int, help="end when this process is gone")
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument(
        "--edition", type=int, choices=EDITIONS, default=FIRST, help="2: some links came and went"
    )
    parser.add_argument(
        "--books", type=Path, help="file that keeps what the demo directories received"
    )
    return parser.parse_args()


async def _serve(asked: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    sockets = _listening(asked.host, asked.port)
    addresses = [f"http://{asked.host}:{each.getsockname()[1]}" for each in sockets]
    network = build(addresses[0], addresses[1:], asked.edition)
    sites = network_sites(network, asked.latency_ms / 1000)
    async with contextlib.AsyncExitStack() as stack:
        for address, listening in zip(addresses, sockets, strict=True):
            await stack.enter_async_context(_served(sites[address], listening))
        providers = await _stand_ins(network, stack)
        directories = await _directories(asked, stack)
        if asked.announce:
            _announce(asked.announce, network, providers, directories)
        await _until(stop, asked.parent_pid)


def _listening(host: str, port: int) -> list[socket.socket]:
    """A socket for the demo site, and one for each competitor: behind its port where that is free,
    so that the addresses stay the same from one start to the next."""
    first = socket.create_server((host, port))
    return [first, *(_near(host, port and port + step) for step in range(1, len(COMPETITORS) + 1))]


def _near(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError:
        return socket.create_server((host, 0))


@contextlib.asynccontextmanager
async def _served(app: web.Application, listening: socket.socket) -> AsyncGenerator[None]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def _stand_ins(network: Network, stack: contextlib.AsyncExitStack) -> Secrets:
    """Serve the providers' stand-ins on this machine only; the secrets that open those of the demo."""
    site, settings = network.sites["demo"].base_url, network.settings()
    stand_ins = StandIns(site, network.competitors, str(settings["ga4_property"]))
    listening = socket.create_server(("127.0.0.1", 0))
    await stack.enter_async_context(_served(stand_ins.app, listening))
    return stand_ins.announced(f"http://127.0.0.1:{listening.getsockname()[1]}")


async def _directories(
    asked: argparse.Namespace, stack: contextlib.AsyncExitStack
) -> dict[str, Any]:
    """Serve the demo directories, behind the competitors and on this machine only; where they stand."""
    directories = Directories(asked.books)
    listening = _near("127.0.0.1", asked.port and asked.port + len(COMPETITORS) + 1)
    await stack.enter_async_context(_served(directories.app, listening))
    return directories.announced(f"http://127.0.0.1:{listening.getsockname()[1]}")


def _announce(
    file: Path, network: Network, providers: Secrets, directories: dict[str, Any]
) -> None:
    """Written whole or not at all, and for nobody else to read: it holds keys."""
    content = {
        "site": network.sites["demo"].base_url,
        "competitors": network.competitors,
        "settings": network.settings(),
        "providers": providers,
        "directories": directories,
        "pid": os.getpid(),
    }
    scratch = file.with_name(f"{file.name}.{os.getpid()}")
    scratch.touch(0o600)
    scratch.write_text(json.dumps(content))
    scratch.replace(file)


async def _until(stop: asyncio.Event, parent: int | None) -> None:
    while not stop.is_set() and (parent is None or os.getppid() == parent):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 1.0)


if __name__ == "__main__":
    main()
