"""`hermes doctor`: what is ready, what is not, why, and what to do."""

import asyncio
import os
import shutil
import sys
from typing import Annotated

import aiohttp
import typer

import hermes_browser
from directory_bolt.cli.doctor import examine_orders
from hermes.core.catalog import Catalog
from hermes.vault import Vault
from hermes_base.checks import Check, failed, passed, skipped
from hermes_base.cli.lazily import opening
from hermes_base.cli.say import out, plain, print_json
from hermes_base.failures import Trouble
from hermes_base.postgres import schema
from hermes_base.problems import Problem
from hermes_base.settings import Settings, load

MARKS = {"ready": "[green]✓[/]", "not ready": "[red]✗[/]", "not set": "[dim]○[/]"}


def add(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(doctor)


def doctor(json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> int:
    """What is ready, what is not, why, and what to do. Starts nothing and changes nothing."""
    checks = asyncio.run(examine())
    if json:
        print_json([check.as_json() for check in checks])
    else:
        for check in checks:
            out.print(f"{MARKS[check.state]} {plain(check.name)}: {plain(check.text)}")
            if check.next_step:
                out.print(f"    [dim]→ {plain(check.next_step)}[/]")
    return 1 if any(check.state == "not ready" for check in checks) else 0


async def examine() -> list[Check]:
    """All checks, in the order in which things are needed."""
    checks = [_python()]
    try:
        settings = load()
    except Problem as problem:
        return [*checks, failed("Settings", problem.message, problem.hint)]
    checks += [_home(settings), await _database(settings), await _web(settings), _browser()]
    try:
        catalog = opening().load_catalog(settings)
    except Problem as problem:
        return [*checks, failed("Catalog", problem.message, problem.hint)]
    vault = opening().open_vault(settings)
    fleet = [_catalog(catalog), _bitwarden(vault), *_secrets(vault, catalog)]
    return [*checks, *fleet, *await examine_orders(settings)]


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return passed("Python", version)


def _home(settings: Settings) -> Check:
    home = settings.home
    if not home.exists():
        return skipped("Home", f"{home} does not exist yet", "It is made by: hermes up")
    if not os.access(home, os.W_OK):
        return failed(
            "Home", f"{home} cannot be written", "Set HERMES_HOME to a folder that you own."
        )
    free = shutil.disk_usage(home).free / 1e9
    if free < 1:
        return failed("Home", f"{home}: only {free:.1f} GB free", "Free some space.")
    return passed("Home", f"{home}, {free:.0f} GB free")


async def _database(settings: Settings) -> Check:
    name = "Database (embedded)" if settings.embedded else "Database (HERMES_DATABASE_URL)"
    try:
        pool = await opening().connect(settings, size=1)
    except Problem as problem:
        step = "Start it with: hermes up" if settings.embedded else problem.hint
        return failed(name, problem.message.split("\n")[0], step)
    try:
        await schema.require_current(pool)
        version = await pool.fetchval("show server_version")
    except Problem as problem:
        return failed(name, problem.message, problem.hint)
    finally:
        await pool.close()
    return passed(name, f"PostgreSQL {version}, schema {schema.migrations()[-1][0]}")


async def _web(settings: Settings) -> Check:
    url = opening().address(settings.host, settings.port)
    if settings.address_file.exists():
        url = settings.address_file.read_text("utf-8").strip()
    timeout = aiohttp.ClientTimeout(total=3)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"{url}/health") as answer,
        ):
            status = answer.status
    except (aiohttp.ClientError, TimeoutError):
        return failed("Web server", f"nothing answers at {url}", "Start it with: hermes up")
    if status != 200:
        return failed(
            "Web server", f"{url}/health answers {status}", "Read its log in the home folder."
        )
    return passed("Web server", url)


def _browser() -> Check:
    found = hermes_browser.find()
    if found is None:
        return failed("Browser", "no Chromium found", "Run: hermes browser install")
    return passed("Browser", str(found))


def _catalog(catalog: Catalog) -> Check:
    built = sum(service.state == "built" for service in catalog.workers)
    return passed("Catalog", f"{built} of {len(catalog.workers)} worker services built")


def _bitwarden(vault: Vault) -> Check:
    name, status = "Bitwarden", vault.status()
    if status is None:
        step = "To use it set HERMES_BITWARDEN_TOKEN and HERMES_BITWARDEN_ORGANIZATION."
        return skipped(name, "HERMES_BITWARDEN_TOKEN is not set", step)
    if status.fault is not None:
        return failed(name, status.text, status.fault.next_step)
    return passed(name, status.text)


def _secrets(vault: Vault, catalog: Catalog) -> list[Check]:
    """Whether each built worker has its secret; never the value."""
    checks: list[Check] = []
    for service in catalog.workers:
        if service.state == "built":
            config = vault.worker(service)
            if isinstance(config, Trouble):
                step = (
                    config.explanation.next_step
                    if not service.bundled
                    else "Start its worker with: hermes up"
                )
                checks.append(failed(f"Worker {service.slug}", config.detail, step))
            else:
                checks.append(
                    passed(f"Worker {service.slug}", f"{config.host}, from {config.source}")
                )
    return checks
