"""What the model plays on: the real control room, runner and database, and ways to break them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from hermes.control import Hermes
from hermes.core.runs.model import ClaimedRun
from hermes.core.sites.input import SiteInput
from hermes.runner.loop import Runner
from hermes.runner.results import StepResult
from hermes.storage.runs import claiming, saving
from hermes.vault import Environment, Vault
from hermes_base.http.client import Client
from hermes_base.postgres.database import Pool, open_pool
from hermes_base.postgres.listening import Listener
from hermes_base.problems import Problem
from tests.support.room import HeldClock
from tests.support.waiting import patience

from .services import CATALOG, SERVICES
from .worker import ModelWorker

LEASE = timedelta(seconds=30)
CAPS = {slug: service.max_concurrency for slug, service in SERVICES.items()}


@dataclass
class Dead:
    """A runner that stopped between a claim and its save; `steps` is what it never saved."""

    name: str
    steps: list[StepResult] = field(default_factory=list[StepResult])


class Stage:
    """One database for all examples; `clear` makes it as new."""

    def __init__(self, pool: Pool, worker: ModelWorker, client: Client, listener: Listener) -> None:
        self.pool, self.worker, self.client, self.listener = pool, worker, client, listener

    async def clear(self, sites: int) -> None:
        """Empty tables, a fresh clock, a worker that remembers nothing, and new sites."""
        await self.pool.execute("truncate sites, test_jobs, service_runs, run_evidence cascade")
        self.worker.forget_all()
        self.clock = HeldClock()
        self.variables: dict[str, str] = {}
        self.point()
        self.vault = Vault([Environment(self.variables)])
        self.hermes = Hermes(self.pool, CATALOG, self.vault, self.clock)
        self.sites = [
            (await self.hermes.sites.add(SiteInput(base_url=f"https://s{n}.example"), "model")).id
            for n in range(sites)
        ]

    def point(self) -> None:
        """Write down where each service stands now."""
        for slug, service in SERVICES.items():
            self.variables[service.secret] = self.worker.secret(slug)

    def runner(self) -> Runner:
        """A runner of the product, on the held clock."""
        return Runner(
            self.pool,
            CATALOG,
            self.vault,
            self.client,
            clock=self.clock,
            jitter=_middle,
            lease=LEASE,
        )

    async def drain(self, runners: int) -> None:
        """So many runners at once, until nothing is due."""
        async with patience():
            await asyncio.gather(*(self.runner().drain() for _ in range(runners)))

    async def claim(self, limit: int) -> tuple[str, list[ClaimedRun]]:
        """What a runner does first; the name under which it did."""
        name, now = f"dead-{uuid4().hex[:6]}", self.clock()
        claimed = await claiming.claim_due(self.pool, name, limit, now, LEASE)
        claimed += await claiming.claim_starts(self.pool, name, CAPS, limit, now, LEASE)
        return name, claimed

    async def die_before_saving(self, limit: int) -> Dead:
        """Claim, ask the workers, get their answers, and stop there."""
        name, claimed = await self.claim(limit)
        steps = self.runner()._steps
        return Dead(name, [await steps.step(run) for run in claimed])

    async def save_late(self, dead: Dead) -> set[UUID]:
        """The runner was only slow: it saves what it has, if it may. Returns what was written."""
        updates = [step.update for step in dead.steps]
        evidence = {step.update.run.id: step.evidence for step in dead.steps}
        return await saving.save(self.pool, dead.name, updates, evidence, self.clock())

    async def stop_while_asking(self, *, in_order: bool) -> None:
        """A runner is stopped while its workers think: killed, or handing back its leases."""
        self.worker.hold()
        runner = self.runner()
        draining = asyncio.create_task(runner.drain())
        await self._asked(draining)
        draining.cancel()
        with suppress(asyncio.CancelledError):
            await draining
        if in_order:
            await runner._release()
        self.worker.release()

    async def cancel_while_asking(self, job_id: UUID) -> None:
        """A job is cancelled while workers think; the runner hears of it and drops its requests."""
        self.worker.hold()
        runner = self.runner()
        unsubscribe = self.listener.subscribe("hermes_due", runner._noticed)
        draining = asyncio.create_task(runner.drain())
        await self._asked(draining)
        with suppress(Problem):  # the runner may have ended its last run without asking anybody
            await self.hermes.jobs.cancel(job_id, "model")
        self.worker.release()
        await draining
        unsubscribe()

    async def _asked(self, draining: asyncio.Task[None]) -> None:
        """Until a worker is being asked, or there was nothing to ask."""
        asked = asyncio.create_task(self.worker.asked.wait())
        await asyncio.wait({asked, draining}, return_when=asyncio.FIRST_COMPLETED, timeout=30)
        asked.cancel()


def _middle() -> float:
    return 0.5


@asynccontextmanager
async def open_stage(database_url: str) -> AsyncGenerator[Stage]:
    """The stage on this database, its worker listening."""
    pool = await open_pool(database_url, size=6)
    listener = Listener(database_url)
    hearing = asyncio.create_task(listener.run())
    worker = ModelWorker()
    async with worker.serving(), Client(host_limit=16) as client:
        yield Stage(pool, worker, client, listener)
    hearing.cancel()
    await asyncio.gather(hearing, return_exceptions=True)
    await pool.close()
