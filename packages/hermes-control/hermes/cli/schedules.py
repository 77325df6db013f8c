"""`hermes schedules list | add | pause | resume | remove`: tests that start by themselves."""

import asyncio
from typing import Annotated, Any

import typer
from rich.table import Table

from hermes.cli.site_choice import find_site
from hermes_base.cli.console import out, plain, print_json
from hermes_base.client import HermesApi, hermes_api
from hermes_base.problems import Problem
from hermes_base.settings import load

app = typer.Typer(no_args_is_help=True)

Site = Annotated[
    str | None, typer.Option(help="Site id, name or address. Optional if there is only one site.")
]
Id = Annotated[str, typer.Argument(help="Schedule id, from `hermes schedules list`.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]


@app.command("list")
def list_schedules(json: AsJson = False) -> None:
    """List all schedules, next due first."""
    asyncio.run(_list(as_json=json))


async def _list(*, as_json: bool) -> None:
    async with hermes_api(load()) as api:
        found: list[dict[str, Any]] = await api.get("/api/schedules")
    if as_json:
        print_json(found)
        return
    drawn = Table("Test", "Site", "When", "Next run", "Last run", box=None, pad_edge=False)
    drawn.add_column("Id", no_wrap=True, min_width=36)
    for one in found:
        drawn.add_row(
            plain(one["what"]), plain(one["site"]), plain(f"{one['explained']} ({one['cron']})"),
            plain(one["nextLocal"] or "paused"), plain(_last(one)), one["id"],
        )  # fmt: skip
    out.print(drawn if found else "No schedules yet. Add one with: hermes schedules add")


def _last(schedule: dict[str, Any]) -> str:
    return schedule["lastNote"] or schedule["lastJobSummary"] or "never"


@app.command()
def add(
    cron: Annotated[
        str, typer.Argument(help='Cron expression in quotes, for example "0 6 * * 1-5".')
    ],
    site: Site = None,
    time_zone: Annotated[
        str, typer.Option(help="Time zone of the cron expression, for example Europe/Zurich.")
    ] = "UTC",
    mode: Annotated[str, typer.Option(help="Type of test: connection, smoke or full.")] = "smoke",
    service: Annotated[str | None, typer.Option(help="Only this service (slug or alias).")] = None,
    json: AsJson = False,
) -> None:
    """Add a schedule."""
    body = {"cron": cron, "timeZone": time_zone, "mode": mode, "service": service}
    asyncio.run(_add(site, body, as_json=json))


async def _add(site: str | None, body: dict[str, Any], *, as_json: bool) -> None:
    async with hermes_api(load()) as api:
        found = await find_site(api, site)
        made = await api.post(f"/api/sites/{found['id']}/schedules", body)
    if as_json:
        print_json(made)
        return
    out.print(f"{plain(made['what'])}: {plain(made['explained'])}; next {plain(made['nextLocal'])}")


@app.command()
def pause(schedule: Id) -> None:
    """Pause a schedule until you resume it."""
    asyncio.run(_change(schedule, {"enabled": False}))


@app.command()
def resume(schedule: Id) -> None:
    """Resume a paused schedule at its next due time."""
    asyncio.run(_change(schedule, {"enabled": True}))


async def _change(schedule: str, body: dict[str, Any]) -> None:
    async with hermes_api(load()) as api:
        changed = await api.send("PATCH", await _path(api, schedule), body)
    when = f"next {changed['nextLocal']}" if changed["enabled"] else "paused"
    out.print(f"{plain(changed['what'])}: {plain(when)}")


@app.command()
def remove(schedule: Id) -> None:
    """Delete a schedule. Test jobs it started are kept."""
    asyncio.run(_remove(schedule))


async def _remove(schedule: str) -> None:
    async with hermes_api(load()) as api:
        await api.send("DELETE", await _path(api, schedule))
    out.print("Schedule deleted.")


async def _path(api: HermesApi, schedule: str) -> str:
    """Where a schedule stands. Raises `unknown_schedule`."""
    for one in await api.get("/api/schedules"):
        if one["id"] == schedule.strip().lower():
            return f"/api/sites/{one['siteId']}/schedules/{one['id']}"
    message = f"There is no schedule {schedule}."
    raise Problem("unknown_schedule", message, "See them all with: hermes schedules list")
