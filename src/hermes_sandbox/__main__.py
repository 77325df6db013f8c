"""`python -m hermes_sandbox`: the demo site as a process."""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from pathlib import Path

from aiohttp import web

from hermes_sandbox.serving import demo_site


def main() -> None:
    """Serve until SIGTERM, or until the parent is gone."""
    asked = _arguments()
    try:
        asyncio.run(_serve(asked))
    except OSError as error:
        print(
            f"hermes_sandbox: {asked.host}:{asked.port} is not to be had: {error.strerror}",
            file=sys.stderr,
        )
        sys.exit(1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="hermes_sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8420, help="0: any free port")
    parser.add_argument("--announce", type=Path, help="file that is told the address")
    parser.add_argument("--parent-pid", type=int, help="end when this process is gone")
    parser.add_argument("--latency-ms", type=float, default=0)
    return parser.parse_args()


async def _serve(asked: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    listening = socket.create_server((asked.host, asked.port))
    url = f"http://{asked.host}:{listening.getsockname()[1]}"
    runner = web.AppRunner(
        demo_site(url, asked.latency_ms / 1000), access_log=None, shutdown_timeout=1
    )
    await runner.setup()
    await web.SockSite(runner, listening).start()
    if asked.announce:
        _announce(asked.announce, url)
    await _until(stop, asked.parent_pid)
    await runner.cleanup()


def _announce(file: Path, url: str) -> None:
    """Written whole or not at all."""
    scratch = file.with_name(f"{file.name}.{os.getpid()}")
    scratch.write_text(json.dumps({"site": url, "pid": os.getpid()}))
    scratch.replace(file)


async def _until(stop: asyncio.Event, parent: int | None) -> None:
    while not stop.is_set() and (parent is None or os.getppid() == parent):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 1.0)


if __name__ == "__main__":
    main()
