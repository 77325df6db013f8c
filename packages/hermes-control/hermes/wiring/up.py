"""`hermes up`: database, web server, runner, fleet and orders as one command, until it is stopped."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import aiohttp

from directory_bolt import wiring as orders_wiring
from hermes.bootstrap import load_catalog, open_hermes
from hermes.wiring.environments import environment_of, secrets_of
from hermes.wiring.fleet import (
    fleet_arguments,
    fleet_environment,
    has_fleet,
    provider_secrets,
    require_demo,
)
from hermes.wiring.web_server import require_guarded
from hermes_base.home import hold_home, make_home
from hermes_base.home.lock import hold
from hermes_base.people import People
from hermes_base.postgres.opening import current_database, migrate, own_database
from hermes_base.problems import Problem
from hermes_base.processes import address, address_of, held_port, stopping
from hermes_base.secret_files import write_secret
from hermes_base.settings import Settings
from hermes_base.supervisor import Child, Supervisor

DEMO_NAME = "Demo site"


async def up(settings: Settings, *, demo: bool, say: Callable[[str], None]) -> None:
    """Database, web, runner, fleet and, for the demo, sandbox: one command, until it is stopped."""
    if demo:
        require_demo()
    with (
        hold_home(settings, "hermes up") as lock,
        hold(settings.home, settings.fleet_lock_file, "hermes up"),
        held_port(settings.host, settings.port) as port,  # taken? said now, not in a child
    ):
        settings = settings.model_copy(update={"port": port})
        lock.listens_at(address_of(settings, own=True))
        make_home(settings)
        write_secret(settings.fleet_key_file)
        if demo:
            write_secret(settings.stripe_file)
        settings.brain_file.unlink(missing_ok=True)
        await _on_port(settings, demo=demo, say=say)


async def _on_port(settings: Settings, *, demo: bool, say: Callable[[str], None]) -> None:
    """All of `up` once it is known which port the web server will have, however often it starts."""
    stop = stopping(None)
    server = await asyncio.to_thread(own_database, settings)
    try:
        await migrate(settings)
        async with current_database(settings, size=2) as pool:
            await require_guarded(settings, People(pool))
        settings.fleet_file.unlink(missing_ok=True)
        settings.sandbox_file.unlink(missing_ok=True)
        credentials = await asyncio.to_thread(provider_secrets, settings)
        children = processes(settings, demo=demo, credentials=credentials)
        chores = [server.revive] if server else []
        supervisor = Supervisor(children, chores)
        supervising = asyncio.create_task(supervisor.run(stop))
        await _announce(settings, demo=demo, say=say, stop=stop)
        await supervising
    finally:
        stop.set()
        if server is not None and server.owned:
            server.stop()


def processes(
    settings: Settings, *, demo: bool, credentials: Mapping[str, str] | None = None
) -> list[Child]:
    """The processes of `hermes up`. `credentials` of providers go to the fleet's environment alone."""
    logs = settings.home / "logs"
    logs.mkdir(exist_ok=True, mode=0o700)
    me = ["--parent-pid", str(os.getpid())]
    home = {
        "HERMES_HOME": str(settings.home),
        "HERMES_HOST": settings.host,
        "HERMES_PORT": str(settings.port),
    }
    catalog = load_catalog(settings)

    def environment(process: str) -> dict[str, str]:
        return {**environment_of(process, os.environ, secrets_of(process, catalog)), **home}

    fleet = {**environment("fleet"), **(credentials or {}), **fleet_environment(settings)}
    found = [
        Child("web", ["-m", "hermes", "serve", *me], environment("web"), logs / "web.log"),
        Child(
            "runner", ["-m", "hermes", "runner", *me], environment("runner"), logs / "runner.log"
        ),
    ]
    if has_fleet():
        command = ["-m", "hermes_fleet", *fleet_arguments(settings), *me]
        found.append(Child("fleet", command, fleet, logs / "fleet.log", asked=True))
    found += orders_wiring.children(environment, logs, me)
    if demo:
        where = ["--port", str(settings.sandbox_port), "--announce", str(settings.sandbox_file)]
        command = ["-m", "hermes_sandbox", *where, *me]
        found.append(
            Child("sandbox", command, environment("sandbox"), logs / "sandbox.log", asked=True)
        )
    return found


async def _announce(
    settings: Settings, *, demo: bool, say: Callable[[str], None], stop: asyncio.Event
) -> None:
    """Wait until everything answers, register the demo site, and print the address."""
    await _until(_answers(settings), "the web server", settings, stop)
    if has_fleet():
        await _until(_is_there(settings.fleet_file), "the fleet", settings, stop)
    if demo:
        await _until(_is_there(settings.sandbox_file), "the sandbox", settings, stop)
    if stop.is_set():
        return
    leads_to, site = "/", ""
    if demo:
        demo_network = json.loads(settings.sandbox_file.read_text("utf-8"))
        site = demo_network["site"]
        async with open_hermes(settings) as (hermes, _):
            found = await hermes.sites.put_demo(DEMO_NAME, site, demo_network["settings"])
        await orders_wiring.register_demo(settings)
        leads_to = f"/sites/{found.id}/integrations"
    say(f"Hermes is up: {await way_in(settings, leads_to)}")
    if site:
        say(f"The demo site is at {site}")


async def way_in(settings: Settings, leads_to: str = "/") -> str:
    """The address to open. While nobody has a password it is a link that lets the local operator in once."""
    url = address_of(settings)
    async with current_database(settings, size=2) as pool:
        people = People(pool)
        if await people.users.have_passwords():
            return f"{url}{leads_to}"
        return f"{url}/sign-in/{await people.sign_in.local_link(leads_to)}"


def _is_there(file: Path) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return await asyncio.to_thread(file.exists)

    return look


def _answers(settings: Settings) -> Callable[[], Awaitable[bool]]:
    """Whether the web server says that it is healthy: an open port alone promises nothing."""
    url = f"{address(settings.host, settings.port)}/health"

    async def look() -> bool:
        try:
            async with aiohttp.request(
                "GET", url, timeout=aiohttp.ClientTimeout(total=2)
            ) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    return look


async def _until(
    ready: Callable[[], Awaitable[bool]], what: str, settings: Settings, stop: asyncio.Event
) -> None:
    for _ in range(1200):
        if stop.is_set() or await ready():
            return
        await asyncio.sleep(0.05)
    message = f"{what} did not start within 60 s."
    raise Problem("start_failed", message, f"Check the logs in {settings.home / 'logs'}.")
