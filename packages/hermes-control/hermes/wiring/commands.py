"""`hermes up`, `serve`, `runner`, `fleet`, `migrate`: the processes."""

import asyncio
import os
import sys
from typing import Annotated, Any

import typer

from hermes_base.cli.console import out, plain
from hermes_base.cli.process import Host, Parent, Port, borrow_database, run
from hermes_base.settings import Settings, load


def add(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(up)
    app.command()(serve)
    app.command()(runner)
    app.command()(fleet)
    app.command()(migrate)


def up(
    demo: Annotated[
        bool,
        typer.Option(
            "--demo", help="Also start the demo site, its simulated providers and demo directories."
        ),
    ] = False,
    host: Host = None,
    port: Port = None,
) -> None:
    """Start everything on this machine: database, web, runner, bundled fleet."""
    from hermes.wiring.up import up as up_with

    settings = _settings(host, port)
    _log(settings)
    run(up_with(settings, demo=demo, say=lambda text: out.print(f"[bold]{plain(text)}[/]")))


def serve(host: Host = None, port: Port = None, parent_pid: Parent = None) -> None:
    """Start only the web server."""
    from hermes.wiring.web_server import serve_web

    settings = _settings(host, port)
    _log(settings)
    borrow_database(settings, parent_pid)
    run(serve_web(settings, parent_pid), "web")


def runner(parent_pid: Parent = None) -> None:
    """Start one runner. You can run several."""
    from hermes.wiring.runner import run_runner

    settings = load()
    _log(settings)
    borrow_database(settings, parent_pid)
    run(run_runner(settings, parent_pid), "runner")


def fleet(parent_pid: Parent = None) -> None:
    """Start only the bundled workers. Hermes finds them through HERMES_HOME or their secrets."""
    from hermes.bootstrap import load_catalog
    from hermes.wiring import fleet as bundled
    from hermes.wiring.environments import environment_of, secrets_of
    from hermes_base.home import make_home
    from hermes_base.home.lock import hold

    bundled.require_fleet()
    settings = load()
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    hold(settings.home, settings.fleet_lock_file, "hermes fleet").keep_over_exec()
    make_home(settings)
    parent = ["--parent-pid", str(parent_pid)] if parent_pid is not None else []
    command = ["-m", "hermes_fleet", *bundled.fleet_arguments(settings), *parent]
    names = secrets_of("fleet", load_catalog(settings))
    given = {**environment_of("fleet", os.environ, names), **bundled.provider_secrets(settings)}
    own = bundled.fleet_environment(settings)
    if "HERMES_URL" in os.environ:  # a web server on another machine
        own.pop("HERMES_URL")
    environment = {**given, **own}
    os.execve(sys.executable, [sys.executable, *command], environment)  # noqa: S606  # becomes it


def migrate() -> None:
    """Update the database schema to this version."""
    from hermes_base.home import make_home
    from hermes_base.postgres.opening import migrate as bring_up_to_date

    settings = load()
    _log(settings)
    make_home(settings)
    borrow_database(settings, None)
    applied = asyncio.run(bring_up_to_date(settings))
    out.print(
        "\n".join(f"applied {name}" for name in applied) or "The database schema is up to date."
    )


def _settings(host: str | None, port: int | None) -> Settings:
    given: dict[str, Any] = {"host": host, "port": port}
    return load(**{name: value for name, value in given.items() if value is not None})


def _log(settings: Settings) -> None:
    from hermes.runner.log_context import name_run
    from hermes_base.logs import configure_logging

    configure_logging(settings, name_run)
