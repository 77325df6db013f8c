"""A whole control room for a test: database, catalog, scripted workers, runner, held clock."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hermes.control import Hermes
from hermes.core.catalog import Catalog
from hermes.core.sites.input import SiteInput
from hermes.core.views import SiteView
from hermes.runner.loop import Runner
from hermes.vault import Environment, Vault
from hermes_base.http.client import Client
from hermes_base.postgres.database import open_pool
from hermes_egress.opened import Opened
from tests.support.catalog import outputs_of
from tests.support.worker import ScriptedWorker

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


class HeldClock:
    """Time that moves only when told."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Room:
    """Everything a test needs, wired as the application wires it."""

    hermes: Hermes
    worker: ScriptedWorker
    clock: HeldClock
    variables: dict[str, str]
    database_url: str
    site: SiteView
    client: Client

    @property
    def catalog(self) -> Catalog:
        return self.hermes.catalog

    def runner(self, **options: Any) -> Runner:
        options = {"clock": self.clock, "jitter": lambda: 0.5, **options}
        return Runner(self.hermes.pool, self.catalog, self.hermes.vault, self.client, **options)

    def register(self, *slugs: str) -> None:
        """Give these services a secret that points to the scripted worker."""
        for slug in slugs:
            self.variables[self.catalog.service(slug).secret] = self.worker.secret(slug)

    def all_succeed(self) -> None:
        """Register every built worker and let it return everything."""
        for service in self.catalog.workers:
            if service.state == "built":
                self.register(service.slug)
                self.worker.script(service.slug).final = {
                    "status": "completed",
                    "result": {"outputs": outputs_of(service)},
                }

    async def finish(self, seconds: float = 4000, step: float = 30) -> None:
        """Drain, moving the clock until nothing is due within `seconds`."""
        runner = self.runner()
        passed = 0.0
        while passed <= seconds:
            await runner.drain()
            open_runs = await self.hermes.pool.fetchval(
                "select count(*) from service_runs where status in ('queued', 'running')"
            )
            if not open_runs:
                return
            self.clock.forward(step)
            passed += step
        raise AssertionError("runs are still open after the given time")


@asynccontextmanager
async def open_room(database_url: str, catalog: Catalog) -> AsyncGenerator[Room]:
    clock = HeldClock()
    variables: dict[str, str] = {}
    pool = await open_pool(database_url, size=6)
    worker = ScriptedWorker()
    async with worker.serving(), Client(host_limit=64) as client:
        hermes = Hermes(
            pool, catalog, Vault([Environment(variables)]), clock, opened=Opened("127.0.0.0/8, ::1")
        )
        site = await hermes.sites.add(
            SiteInput(base_url="https://site.example", name="Example"), "tests"
        )
        try:
            yield Room(hermes, worker, clock, variables, database_url, site, client)
        finally:
            await pool.close()
