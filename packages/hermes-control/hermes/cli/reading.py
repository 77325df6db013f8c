"""`hermes services` and `hermes runs`: what is known, from the same readers as the pages."""

import asyncio
from typing import Annotated, Any

import typer
from rich.table import Table

from hermes.cli.site_choice import find_site
from hermes_base.cli.console import MARKS, out, plain, print_json
from hermes_base.client import hermes_api
from hermes_base.settings import load

Site = Annotated[str | None, typer.Option(help="Id, name or address of the site.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]


def add(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(services)
    app.command()(runs)


def services(site: Site = None, json: AsJson = False) -> None:
    """List services with connection, latest smoke run and missing outputs."""
    asyncio.run(_services(site, as_json=json))


async def _services(site: str | None, *, as_json: bool) -> None:
    async with hermes_api(load()) as api:
        found = await find_site(api, site)
        table = await api.get(f"/api/sites/{found['id']}/integrations")
    if as_json:
        print_json(table)
        return
    drawn = Table(
        "", "Service", "Connection", "Smoke", "Full", "Missing", "Summary", box=None, pad_edge=False
    )
    for row in table["services"]:
        blocked = row["readiness"] == "blocked"
        drawn.add_row(
            _mark(row),
            plain(row["displayName"]),
            "Planned" if blocked else row["connection"]["text"],
            "Planned" if blocked else _verdict(row["smoke"]),
            "" if blocked or not row["full"]["run"] else _verdict(row["full"]),
            "" if blocked else row["missing"]["text"],
            f"[dim]{plain(row['summary'])}[/]",
        )
    out.print(drawn)
    counts = table["rollUp"]
    out.print(
        f"{counts['built']} built, {counts['ready']} ready, {counts['passed']} passed, {counts['partial']} partial,"
        f" {counts['failed']} failed, {counts['notTested']} not tested yet,"
        f" {counts['notConfigured']} not configured, {counts['blocked']} planned"
    )
    if short := counts["fullFailed"] + counts["fullPartial"]:
        out.print(f"{short} full {'run' if short == 1 else 'runs'} failed or partial")


def _mark(row: dict[str, Any]) -> str:
    """The mark of the smoke verdict; a full run that is short, or a change since, takes the tick away."""
    state = row["smoke"]["state"]
    short = row["full"]["state"] in ("failed", "partial") or row["smoke"]["changedSince"]
    return MARKS["partial" if state == "success" and short else state]


def _verdict(test: dict[str, Any]) -> str:
    changed = f", before {test['changedSince']} changed" if test["changedSince"] else ""
    return f"{test['text']}{changed}"


def runs(
    site: Site = None,
    service: Annotated[str | None, typer.Option(help="Show only this service.")] = None,
    run_type: Annotated[
        str | None, typer.Option("--type", help="Show only one type: connection, smoke or full.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 20,
    json: AsJson = False,
) -> None:
    """List the newest runs of a site."""
    asyncio.run(_runs(site, service, run_type, limit, as_json=json))


async def _runs(
    site: str | None, service: str | None, run_type: str | None, limit: int, *, as_json: bool
) -> None:
    async with hermes_api(load()) as api:
        found = await find_site(api, site)
        path = f"/api/sites/{found['id']}/runs"
        rows: list[dict[str, Any]] = await api.get(
            path, service=service, runType=run_type, limit=limit
        )
    if as_json:
        print_json(rows)
        return
    drawn = Table(
        "", "When (UTC)", "Service", "Type", "Result", "Seconds", "Run", box=None, pad_edge=False
    )
    for run in rows:
        seconds = f"{run['seconds']:g}" if run["seconds"] is not None else ""
        drawn.add_row(
            MARKS[run["status"]], run["createdAt"][:19].replace("T", " "), plain(run["serviceName"]),
            run["runType"], plain(run["reasonLabel"] or run["statusText"]), seconds, run["id"],
        )  # fmt: skip
    out.print(drawn if rows else "No runs yet.")
