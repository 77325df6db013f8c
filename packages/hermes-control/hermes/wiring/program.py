"""The command `hermes`: the command groups of both products, and how problems end."""

import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from directory_bolt.cli import directories, prefect, verify
from directory_bolt.cli import processes as orders
from hermes.cli import alerts, browser, catalog, dialects, reading, schedules, tests, verify_worker
from hermes.wiring import commands, doctor
from hermes_base import __version__
from hermes_base.cli import archive, users
from hermes_base.cli.console import complain
from hermes_base.cli.exits import CONFIGURATION, NOTHING_SELECTED
from hermes_base.problems import Problem

app = typer.Typer(
    name="hermes",
    help="Test and run a fleet of worker services, and see what they really deliver.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"Hermes {__version__}")
        raise typer.Exit


@app.callback()
def _first(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Test and run a fleet of worker services, and see what they really deliver."""


commands.add(app)
orders.add(app)
directories.add(app)
reading.add(app)
doctor.add(app)
archive.add(app)
verify_worker.add(app)
verify.add(app)
app.add_typer(tests.app, name="test", help="Run connection tests, smoke tests and full runs.")
app.add_typer(alerts.app, name="alerts", help="What is wrong, and who is on it.")
app.add_typer(schedules.app, name="schedules", help="Tests that start automatically.")
app.add_typer(catalog.app, name="catalog", help="The services, and what your own files change.")
app.add_typer(dialects.app, name="dialects", help="How workers of other APIs speak.")
app.add_typer(users.app, name="users", help="Manage users and their roles.")
app.add_typer(prefect.app, name="prefect", help="Use Prefect as the flow engine.")
app.add_typer(
    browser.app, name="browser", help="Install and check the browser that some workers need."
)


def main() -> None:
    """Run a command; every problem is a sentence with a hint, and exit code 4 unless it says another."""
    try:
        code = app(standalone_mode=False)
    except Problem as problem:
        complain(problem)
        sys.exit(NOTHING_SELECTED if problem.code == "nothing_selected" else CONFIGURATION)
    except TyperException as wrong_words:
        if message := wrong_words.format_message():  # empty: the help was shown instead
            complain(
                Problem("wrong_words", message, "Run the command with --help to see its options.")
            )
        sys.exit(CONFIGURATION)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)
