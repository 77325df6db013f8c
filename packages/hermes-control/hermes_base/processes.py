"""What every process does alike: listen, know where it stands, hear that it must stop, end its tasks."""

import asyncio
import signal
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager

from hermes_base.problems import Problem
from hermes_base.settings import Settings
from hermes_base.supervisor import end_with_parent

_watches: set[asyncio.Task[None]] = set()  # the loop itself holds tasks only weakly


def open_socket(host: str, port: int) -> socket.socket:
    """A TCP socket bound to a host and port; 0: any free port. Raises `port_taken`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        message = f"Port {port} of {host} is not free: {error.strerror}."
        raise Problem(
            "port_taken",
            message,
            "Stop the program that uses it, or set HERMES_PORT.",
            field="port",
        ) from None
    return listening


@contextmanager
def held_port(host: str, port: int) -> Generator[int]:
    """The number of a port kept for a child process; 0: any free port. Raises `port_taken`.

    Linux lets the child bind the port beside this socket, which never listens, and gives it to nobody
    else meanwhile, also while the child is being restarted. Elsewhere the port is free until it is bound.
    """
    with open_socket(host, port) as held:
        number = held.getsockname()[1]
        if sys.platform != "linux":
            held.close()
        yield number


def address(host: str, port: int) -> str:
    """The URL that people open in their browser."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def address_of(settings: Settings, *, own: bool = False) -> str:
    """Where people open Hermes: the public address, else where the server says it runs, else the settings'.

    `own`: of a server that has not said so yet, so its file is of an earlier one.
    """
    if settings.public_url:
        return settings.public_url
    if not own and settings.address_file.exists():
        return settings.address_file.read_text("utf-8").strip()
    return address(settings.host, settings.port)


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
