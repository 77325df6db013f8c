"""`hermes doctor`: what is ready, what is not, why, and what to do."""

import asyncio
from typing import Annotated

import typer

from hermes_base.checks import Check, failed
from hermes_base.cli.console import out, plain, print_json
from hermes_base.problems import Problem
from hermes_base.settings import load

MARKS = {"ready": "[green]✓[/]", "not ready": "[red]✗[/]", "not set": "[dim]○[/]"}


def add(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(doctor)


def doctor(
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    database: Annotated[
        bool, typer.Option("--database", help="Check only the database, in full.")
    ] = False,
) -> int:
    """Check this installation: what is ready, what is not, and what to do. Changes nothing."""
    checks = asyncio.run(_examine_database() if database else examine())
    if json:
        print_json([check.as_json() for check in checks])
    else:
        for check in checks:
            out.print(f"{MARKS[check.state]} {plain(check.name)}: {plain(check.text)}")
            if check.next_step:
                out.print(f"    [dim]→ {plain(check.next_step)}[/]")
    return 1 if any(check.state == "not ready" for check in checks) else 0


async def _examine_database() -> list[Check]:
    from hermes_base.cli.database import examine_database

    try:
        return await examine_database(load())
    except Problem as problem:
        return [failed("Settings", problem.message, problem.hint)]


async def examine() -> list[Check]:
    """All checks, in the order in which things are needed."""
    from directory_bolt.cli.doctor import examine_orders
    from hermes.cli.doctor import examine_fleet
    from hermes_base.cli.machine import examine_machine, python_version

    checks = [python_version()]
    try:
        settings = load()
    except Problem as problem:
        return [*checks, failed("Settings", problem.message, problem.hint)]
    checks += await examine_machine(settings)
    fleet = await examine_fleet(settings)
    if any(check.name == "Catalog" and check.state == "not ready" for check in fleet):
        return [*checks, *fleet]
    return [*checks, *fleet, *await examine_orders(settings)]
