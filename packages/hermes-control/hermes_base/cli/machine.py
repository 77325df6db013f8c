"""What `hermes doctor` says of this machine: Python, home, database, web server, browser."""

import os
import shutil
import socket
import sys

import aiohttp
import asyncpg

import hermes_browser
from hermes_base.checks import Check, failed, passed, skipped
from hermes_base.postgres import schema
from hermes_base.postgres.database import LOST_DATABASE
from hermes_base.postgres.database_clock import DatabaseClock
from hermes_base.postgres.opening import connect
from hermes_base.postgres.wrong_clocks import wrong_clocks
from hermes_base.problems import Problem
from hermes_base.processes import address
from hermes_base.settings import Settings


async def examine_machine(settings: Settings) -> list[Check]:
    """All checks of the machine, in the order in which things are needed."""
    known = [_home(settings), await _database(settings), *await _clocks(settings)]
    return [*known, await _web(settings), _browser()]


def python_version() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return passed("Python", version)


def _home(settings: Settings) -> Check:
    home = settings.home
    if not home.exists():
        return skipped("Home", f"{home} does not exist yet", "hermes up creates it.")
    if not os.access(home, os.W_OK):
        return failed(
            "Home", f"{home} is not writable", "Set HERMES_HOME to a folder that you own."
        )
    free = shutil.disk_usage(home).free / 1e9
    if free < 1:
        return failed("Home", f"{home}: only {free:.1f} GB free", "Free some space.")
    return passed("Home", f"{home}, {free:.0f} GB free")


async def _database(settings: Settings) -> Check:
    name = "Database (embedded)" if settings.embedded else "Database (HERMES_DATABASE_URL)"
    try:
        pool = await connect(settings, size=1)
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


async def _clocks(settings: Settings) -> list[Check]:
    """This machine's clock beside the database's, and those of other machines that said theirs is wrong."""
    try:
        pool = await connect(settings, size=1)
    except Problem:
        return []  # said of the database
    clock = DatabaseClock()
    try:
        await clock.sync(pool)
        others = [each for each in await wrong_clocks(pool) if each.machine != socket.gethostname()]
    except (*LOST_DATABASE, asyncpg.PostgresError):
        return []
    finally:
        await pool.close()
    text = f"{clock.skew.total_seconds():+.1f} s beside the database's"
    step = "Set it by NTP. Hermes goes by the database's meanwhile."
    own = failed("Clock", text, step) if clock.is_wrong else passed("Clock", text)
    return [own, *(failed(f"Clock of {each.machine}", each.text, step) for each in others)]


async def _web(settings: Settings) -> Check:
    url = address(settings.host, settings.port)
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
        return failed("Web server", f"no response at {url}", "Start it with: hermes up")
    if status != 200:
        return failed(
            "Web server", f"{url}/health returned {status}", "Check its log in the home folder."
        )
    return passed("Web server", url)


def _browser() -> Check:
    found = hermes_browser.find()
    if found is None:
        return failed("Browser", "Chromium not found", "Run: hermes browser install")
    return passed("Browser", str(found))
