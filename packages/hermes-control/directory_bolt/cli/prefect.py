"""`hermes prefect deploy`: what Prefect must know to run orders."""

import asyncio

import typer

from hermes_base.cli.console import out, plain
from hermes_base.settings import load

app = typer.Typer(no_args_is_help=True)


@app.callback()
def prefect() -> None:
    """Use Prefect as the flow engine (HERMES_FLOW=prefect)."""


@app.command()
def deploy() -> None:
    """Register the deployment process_job/production and its work pool. Safe to repeat."""
    from directory_bolt import wiring

    settings = load()
    deployed = asyncio.run(wiring.deploy_to_prefect(settings))
    out.print(f"Deployed {plain(deployed)}; {settings.orders_at_once} orders at the same time.")
