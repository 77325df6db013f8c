"""What the commands that are processes share: options, the database they need, and the loop they run on."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from hermes_base import tracing
from hermes_base.cli.console import err, plain
from hermes_base.settings import Settings

Host = Annotated[
    str | None, typer.Option(help="Address to listen on; default HERMES_HOST or 127.0.0.1.")
]
Port = Annotated[
    int | None, typer.Option(help="Port; default HERMES_PORT or 8400.", min=0, max=65535)
]
Parent = Annotated[int | None, typer.Option("--parent-pid", hidden=True)]


def borrow_database(settings: Settings, parent: int | None) -> None:
    """A process started alone starts the embedded database, and leaves it running for the others."""
    if parent is not None:
        return
    from hermes_base.home import make_home
    from hermes_base.postgres.opening import start_database

    make_home(settings)
    server = start_database(settings)
    if server is not None and server.process is not None:
        pid_file = Path(server.data) / "postmaster.pid"
        err.print(
            f"[dim]Started the embedded PostgreSQL (pid {server.process.pid}, {plain(pid_file)}).[/]"
        )


def run(what: Any, traced_as: str = "") -> None:
    """Run a process until it ends, on uvloop where there is one; traced under its name."""
    if traced_as:
        tracing.start(traced_as)
    try:
        import uvloop  # not on Windows
    except ImportError:
        asyncio.run(what)
    else:
        uvloop.run(what)
    finally:
        tracing.stop()
