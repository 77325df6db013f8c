"""`hermes up`, `serve`, `runner`, `migrate`: the processes."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from hermes_base import tracing
from hermes_base.cli.lazily import opening, wiring
from hermes_base.cli.say import err, out, plain
from hermes_base.settings import Settings, load

Host = Annotated[
    str | None, typer.Option(help="Address to listen on; default HERMES_HOST or 127.0.0.1.")
]
Port = Annotated[
    int | None, typer.Option(help="Port; default HERMES_PORT or 8400.", min=0, max=65535)
]
Parent = Annotated[int | None, typer.Option("--parent-pid", hidden=True)]


def add(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(up)
    app.command()(serve)
    app.command()(runner)
    app.command()(fleet)
    app.command()(migrate)


def up(
    demo: Annotated[
        bool, typer.Option("--demo", help="With the demo site, ready for a first click.")
    ] = False,
    host: Host = None,
    port: Port = None,
) -> None:
    """Start everything on this machine: database, web, runner, bundled fleet."""
    settings = _settings(host, port)
    opening().configure_logging(settings)
    run(wiring().up(settings, demo=demo, say=lambda text: out.print(f"[bold]{plain(text)}[/]")))


def serve(host: Host = None, port: Port = None, parent_pid: Parent = None) -> None:
    """The web server alone."""
    settings = _settings(host, port)
    opening().configure_logging(settings)
    start_database(settings, parent_pid)
    run(wiring().serve_web(settings, parent_pid), "web")


def runner(parent_pid: Parent = None) -> None:
    """A runner alone; start as many as you like."""
    settings = load()
    opening().configure_logging(settings)
    start_database(settings, parent_pid)
    run(wiring().run_runner(settings, parent_pid), "runner")


def fleet(parent_pid: Parent = None) -> None:
    """The bundled workers alone; Hermes finds them below HERMES_HOME, or by their secrets."""
    settings = load()
    opening().make_home(settings)
    parent = ["--parent-pid", str(parent_pid)] if parent_pid is not None else []
    command = ["-m", "hermes_fleet", *wiring().fleet_arguments(settings), *parent]
    given = {**os.environ, **wiring().provider_secrets(settings)}
    told = wiring().fleet_environment(settings)
    if "HERMES_URL" in os.environ:  # a web server on another machine
        told.pop("HERMES_URL")
    environment = {**given, **told}
    os.execve(sys.executable, [sys.executable, *command], environment)  # noqa: S606  # becomes it


def migrate() -> None:
    """Bring the database to this version's schema."""
    settings = load()
    opening().configure_logging(settings)
    opening().make_home(settings)
    start_database(settings, None)
    applied = asyncio.run(opening().migrate(settings))
    out.print("\n".join(f"applied {name}" for name in applied) or "The schema is current.")


def _settings(host: str | None, port: int | None) -> Settings:
    given: dict[str, Any] = {"host": host, "port": port}
    return load(**{name: value for name, value in given.items() if value is not None})


def start_database(settings: Settings, parent: int | None) -> None:
    """A process started alone starts the embedded database, and leaves it running for the others."""
    if parent is not None:
        return
    opening().make_home(settings)
    server = opening().start_database(settings)
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
        import uvloop  # noqa: PLC0415  # not on Windows
    except ImportError:
        asyncio.run(what)
    else:
        uvloop.run(what)
    finally:
        tracing.stop()
