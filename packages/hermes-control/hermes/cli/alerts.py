"""`hermes alerts list | ack | snooze`: what is wrong, and who is on it."""

import asyncio
from typing import Annotated, Any

import typer
from rich.table import Table

from hermes_base.cli.console import out, plain, print_json
from hermes_base.client import hermes_api
from hermes_base.settings import load

app = typer.Typer(no_args_is_help=True)

Id = Annotated[str, typer.Argument(help="Alert id, from `hermes alerts list`.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]


@app.command("list")
def list_alerts(
    closed: Annotated[bool, typer.Option("--closed", help="Also show closed alerts.")] = False,
    json: AsJson = False,
) -> None:
    """List open alerts of services, orders and Hermes itself, newest first."""
    asyncio.run(_list(closed=closed, as_json=json))


async def _list(*, closed: bool, as_json: bool) -> None:
    async with hermes_api(load()) as api:
        found: list[dict[str, Any]] = await api.get("/api/alerts")
    shown = [one for one in found if closed or one["state"] == "open"]
    if as_json:
        print_json(shown)
        return
    drawn = Table("State", "Alert", "Site", "Opened", "On it", "Delivery", box=None, pad_edge=False)
    drawn.add_column("Id", no_wrap=True, min_width=36)
    for one in shown:
        drawn.add_row(
            one["standing"], plain(one["text"]), plain(_where(one)), one["openedAt"][:16].replace("T", " "),
            plain(one["acknowledgedBy"] or "nobody"), one["delivery"].replace("_", " "), one["id"],
        )  # fmt: skip
    out.print(drawn if shown else "No open alerts.")


def _where(alert: dict[str, Any]) -> str:
    sites = list(dict.fromkeys(each["site"] for each in alert["affected"]))
    if not sites:
        return "Orders" if alert["product"] == "orders" else "Hermes"
    return sites[0] if len(sites) == 1 else f"{len(sites)} sites"


@app.command()
def ack(
    alert: Id,
    note: Annotated[str, typer.Option(help="What you know of it, for the others.")] = "",
    json: AsJson = False,
) -> None:
    """Take an alert: nobody is reminded of it any more."""
    asyncio.run(_change(f"/api/alerts/{alert}/acknowledge", {"note": note}, as_json=json))


@app.command()
def snooze(
    alert: Id,
    hours: Annotated[float, typer.Argument(min=0, max=720, help="Hours; 0 ends it.")] = 4,
    json: AsJson = False,
) -> None:
    """Say nothing more of an alert for a while, unless it is over."""
    asyncio.run(_change(f"/api/alerts/{alert}/snooze", {"minutes": hours * 60}, as_json=json))


async def _change(path: str, body: dict[str, Any], *, as_json: bool) -> None:
    async with hermes_api(load()) as api:
        one = await api.post(path, body)
    if as_json:
        print_json(one)
        return
    taken = f"taken by {one['acknowledgedBy']}" if one["acknowledgedBy"] else "not taken"
    until = f", snoozed until {one['snoozedUntil'][:16]}Z" if one["snoozedUntil"] else ""
    out.print(f"{plain(one['text'])}: {plain(taken)}{until}")
