"""`hermes directories import`: the business's own directories, from a file."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from directory_bolt.core.catalog.entries import entries_of
from hermes_base.cli.console import out, print_json
from hermes_base.problems import Problem
from hermes_base.settings import Settings, load

ACTOR = "command line"
directories = typer.Typer(no_args_is_help=True)


def add(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(directories, name="directories", help="Keep the list of directories.")


@directories.callback()
def group() -> None:
    """Keep the list of directories."""


@directories.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A .json list, or a .csv with a header.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Add directories from a file, or update them by their submission address: all of them, or none."""
    from directory_bolt import wiring
    from hermes_base.postgres.opening import borrowed_database

    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        hint = "Name a readable file in UTF-8."
        raise Problem("invalid_request", f"{file} cannot be read: {error}.", hint) from error
    entries = entries_of(text, is_csv=file.suffix.lower() == ".csv")

    async def importing(settings: Settings) -> int:
        async with borrowed_database(settings), wiring.open_orders(settings) as orders:
            return await orders.directories.put(entries, ACTOR)

    count = asyncio.run(importing(load()))
    if json:
        print_json({"directories": count})
        return
    out.print(f"Imported {count} {'directory' if count == 1 else 'directories'}.")
