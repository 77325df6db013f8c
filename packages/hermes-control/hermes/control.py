"""Everything Hermes can do, on one page. Pages, API and CLI speak to this and to nothing below it."""

import asyncio
import copy
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import structlog

from hermes.core import webhooks
from hermes.core.catalog import RUN_TYPES, Catalog, RunType, Service
from hermes.core.figures import Figures
from hermes.core.runs import progress
from hermes.core.runs.progress import RunState
from hermes.core.runs.runs import Site, pending_outputs
from hermes.core.runs.selection import Selection, get_runnable_services, job_type_of, require_some
from hermes.core.sites.input import (
    SiteChange,
    SiteInput,
    changed,
    differences,
    require_idle,
    require_name,
)
from hermes.core.views import (
    CatalogService,
    DeliveredRun,
    HealthSummary,
    IntegrationsView,
    JobView,
    PlatformView,
    RunView,
    ServiceRow,
    ServiceView,
    SiteView,
    Started,
    catalog_service,
    delivered_run,
    health_summary,
    job_view,
    next_actions,
    roll_up,
    run_view,
    service_row,
    service_view,
    site_view,
)
from hermes.core.views.history import NEWEST
from hermes.core.views.jobs import left_out_json, runnable_json
from hermes.core.views.knowledge import KnowledgeFound, knowledge_entry
from hermes.core.views.platform import (
    Measured,
    database_answered,
    database_away,
    platform_view,
)
from hermes.core.worker_config import WorkerConfig, fingerprint
from hermes.storage import knowledge, metrics, sites
from hermes.storage.runs import artifacts, jobs, runs, tickets
from hermes.storage.runs.jobs import NewRun
from hermes.vault import Vault
from hermes.vault.bitwarden.measured import measured
from hermes_base.clock import Clock, utc_now
from hermes_base.postgres import audit, database
from hermes_base.postgres.database import LOST_DATABASE, Connection, Pool
from hermes_base.problems import Problem, not_found
from hermes_base.view import Row

log = structlog.get_logger()

PLATFORM_SECONDS = 1.0
"""How long a page waits for the measurement of a platform dependency."""

Noting = Callable[[Connection, UUID, bool], Awaitable[None]]
"""Told the job and whether it is new, in the transaction that starts it; what it raises undoes the start."""


class Hermes:
    """The control room. Raises `Problem` for what was asked wrongly, never for what a worker did."""

    def __init__(self, pool: Pool, catalog: Catalog, vault: Vault, clock: Clock = utc_now) -> None:
        self.pool = pool
        self.catalog = catalog
        self.vault = vault
        self.clock = clock
        self.only_site: UUID | None = None

    def within(self, site_id: UUID | None) -> "Hermes":
        """This control room for somebody who may see one site only: the others are not found."""
        if site_id is None:
            return self
        limited = copy.copy(self)
        limited.only_site = site_id
        return limited

    @asynccontextmanager
    async def at_one_moment(self) -> AsyncGenerator["Hermes"]:
        """This control room for reading several things that are shown together and have to agree."""
        async with database.one_moment(self.pool) as pool:
            then = copy.copy(self)
            then.pool = pool
            yield then

    def _sees(self, site_id: UUID) -> bool:
        return self.only_site in (None, site_id)

    # Sites and catalog -------------------------------------------------------------------------

    def services(self) -> list[CatalogService]:
        """The whole catalog."""
        return [catalog_service(service) for service in self.catalog]

    async def sites(self) -> list[SiteView]:
        """All sites."""
        found = await sites.sites(self.pool)
        return [site_view(site) for site in found if self._sees(site.id)]

    async def site(self, site_id: UUID) -> SiteView:
        """One site. Raises `unknown_site`."""
        return site_view(await self._site(site_id))

    async def add_site(self, wanted: SiteInput, actor: str) -> SiteView:
        """Register a site. Raises `site_exists`."""
        async with self.pool.acquire() as connection, connection.transaction():
            added = await sites.add_site(
                connection, wanted.name, wanted.base_url, wanted.settings.given(), is_demo=False
            )
            if added is None:
                raise _site_exists(wanted.base_url)
            await audit.record(
                connection, actor, "site_added", wanted.name, added.id, baseUrl=wanted.base_url
            )
        return site_view(added)

    async def change_site(self, site_id: UUID, change: SiteChange, actor: str) -> SiteView:
        """Change what is named of a site; the audit keeps which names, not their values.

        Raises `unknown_site`, `site_changed`, `site_exists`, `demo_address`, `invalid_request`.
        """
        async with self.pool.acquire() as connection, connection.transaction():
            site = await self._locked_site(connection, site_id)
            wanted = changed(site, change)
            names = differences(site, wanted)
            if not names:
                return site_view(site)
            settings = wanted.stored_beside(site.settings)
            after = await sites.change_site(
                connection, site_id, wanted.name, wanted.base_url, settings
            )
            if after is None:
                raise _site_exists(wanted.base_url)
            await audit.record(
                connection, actor, "site_changed", wanted.name, site_id, changed=names
            )
        return site_view(after)

    async def delete_site(self, site_id: UUID, name: str, actor: str) -> None:
        """Forget a site and all its runs; its name must be given again.

        Raises `unknown_site`, `name_differs`, `site_busy` while work for it goes on.
        """
        async with self.pool.acquire() as connection, connection.transaction():
            site = await self._locked_site(connection, site_id)
            require_name(site, name)
            require_idle(await sites.work_under_way(connection, site_id))
            await sites.delete_site(connection, site_id)
            gone = {"siteId": str(site_id), "baseUrl": site.base_url}
            await audit.record(connection, actor, "site_deleted", site.name, None, **gone)

    async def put_demo_site(
        self, name: str, base_url: str, settings: Mapping[str, Any]
    ) -> SiteView:
        """The demo site, at the address where the sandbox serves it now."""
        return site_view(await sites.put_demo_site(self.pool, name, base_url, dict(settings)))

    # Tests ---------------------------------------------------------------------------------------

    async def start_connections(
        self, site_id: UUID, actor: str, service: str | None = None
    ) -> Started:
        """Test Connections: can each worker be reached, and is our key accepted?"""
        return await self.start("connection", site_id, actor, service)

    async def start_smoke(
        self, site_id: UUID, actor: str, service: str | Sequence[str] | None = None
    ) -> Started:
        """Run Smoke Tests: a minimal real run, judged by its outputs; of those named, if any are."""
        return await self.start("smoke", site_id, actor, service)

    async def start_full(self, site_id: UUID, actor: str, service: str) -> Started:
        """Do the real work of one service."""
        return await self.start("full", site_id, actor, service)

    async def start(
        self,
        mode: RunType,
        site_id: UUID,
        actor: str,
        only: str | Sequence[str] | None = None,
        *,
        asked: Mapping[str, Any] | None = None,
        noting: Noting | None = None,
    ) -> Started:
        """Write a test job and all its runs in one transaction; no worker is called here. `asked` goes
        to the workers beside the catalog's payload.

        Raises `unknown_site`, `unknown_service`, or `nothing_selected` with a reason per service.
        A second press while a job of this kind is open answers with that job; `job_open` where that
        job is for other services.
        """
        site = await self._site(site_id)
        configs = self.vault.workers(self.catalog)
        found = get_runnable_services(self.catalog, site, mode, configs, only, asked or {})
        chosen = require_some(found)
        slugs = [service.slug for service in chosen.runnable]
        log.info("test asked", mode=mode, siteId=str(site_id), services=len(slugs), slugs=slugs)
        async with self.pool.acquire() as connection, connection.transaction():
            job_type = job_type_of(mode, only)
            job_id, is_new = await self._open_or_add(
                connection, chosen, site, actor, job_type, asked
            )
            if noting is not None:
                await noting(connection, job_id, is_new)
        log.info("test job written", jobId=str(job_id), siteId=str(site_id), new=is_new)
        job = await self.job(job_id)
        return Started(
            job_id=job_id,
            site_id=site_id,
            job_type=job.job_type,
            status=job.status,
            summary=job.summary,
            already_running=not is_new,
            services=[runnable_json(service) for service in chosen.runnable],
            left_out=[left_out_json(service) for service in chosen.left_out],
        )

    async def _open_or_add(
        self,
        connection: Connection,
        chosen: Selection,
        site: Site,
        actor: str,
        job_type: str,
        asked: Mapping[str, Any] | None,
    ) -> tuple[UUID, bool]:
        """(job id, whether it is new): the open job of this kind, else a new one with its runs."""
        slug = chosen.runnable[0].slug if job_type.endswith("_one") else None
        job_id, now = uuid4(), self.clock()
        services = [self.catalog.service(s.slug) for s in chosen.runnable]
        new = [self._new_run(service, chosen.mode, asked) for service in services]
        first = progress.count(RunState(str(r.id), r.service_slug, "queued") for r in new)
        said = progress.summary(chosen.mode, "queued", first)
        added = await jobs.add_job(
            connection, job_id, site.id, job_type, slug, actor, now, first, said
        )
        if not added:
            already = await jobs.open_job(connection, site.id, job_type, slug)
            if already is not None:
                await self._require_same_services(connection, already, job_type, chosen)
                return already, False
            raise Problem("try_again", "The running job ended just now.", "Press the button again.")
        await jobs.add_runs(connection, job_id, site.id, chosen.mode, now, new)
        await audit.record(
            connection, actor, f"{job_type}_started", slug or f"{len(new)} services", site.id
        )
        await self._announce_job(connection, job_id, site.id, [r.service_slug for r in new])
        return job_id, True

    async def _require_same_services(
        self, connection: Connection, job_id: UUID, job_type: str, chosen: Selection
    ) -> None:
        """An open job of some services answers for those alone."""
        if job_type.endswith("_some"):
            states = (await jobs.run_states(connection, [job_id]))[job_id]
            if not {s.slug for s in chosen.runnable} <= {s.service_slug for s in states}:
                message = "A smoke test of other chosen services is going on."
                raise Problem("job_open", message, "Wait for its end or cancel it, then try again.")

    def _new_run(self, service: Service, mode: RunType, asked: Mapping[str, Any] | None) -> NewRun:
        ask = service.ask(mode)
        assert ask is not None, "selection took only services that have this mode"  # noqa: S101
        expected = ("worker_health",) if mode == "connection" else service.expected_outputs
        outputs = pending_outputs(mode, expected)
        metrics = {"asked": dict(asked)} if asked else {}
        return NewRun(uuid4(), service.slug, outputs, ask.limit_seconds, metrics)

    async def _announce_job(
        self, connection: Connection, job_id: UUID, site_id: UUID, services: Sequence[str]
    ) -> None:
        event = {"jobId": job_id, "siteId": site_id, "closed": False, "services": list(services)}
        await tickets.announce(connection, [event])
        await tickets.wake_runners(connection, [])

    # Jobs and runs -------------------------------------------------------------------------------

    async def job(self, job_id: UUID) -> JobView:
        """One test job with its progress. Raises `unknown_job`."""
        async with database.one_moment(self.pool) as pool:
            row = await jobs.job(pool, job_id)
            if row is None or not self._sees(row["site_id"]):
                raise not_found(
                    "unknown_job", job_id, "Take an id from the list of jobs of the site."
                )
            states = await jobs.run_states(pool, [job_id])
        return job_view(row, states[job_id], self.catalog, self.clock())

    async def jobs(self, site_id: UUID, limit: int = 20) -> list[JobView]:
        """The newest test jobs of a site."""
        await self._site(site_id)
        async with database.one_moment(self.pool) as pool:
            return await self._jobs(pool, site_id, limit)

    async def runs_of_job(self, job_id: UUID) -> list[RunView]:
        """All runs of a job."""
        await self.job(job_id)
        return [
            run_view(r, self.catalog.find(r["service_slug"]))
            for r in await runs.runs_of_job(self.pool, job_id)
        ]

    async def run(self, run_id: UUID) -> RunView:
        """One run with its evidence. Raises `unknown_run`."""
        row = await runs.run(self.pool, run_id)
        if row is None or not self._sees(row["site_id"]):
            raise not_found("unknown_run", run_id, "Take an id from the history of the service.")
        return run_view(row, self.catalog.find(row["service_slug"]), evidence=row["evidence"] or {})

    async def runs(
        self,
        site_id: UUID,
        service: str | None = None,
        run_type: RunType | None = None,
        limit: int = 50,
        before: UUID | None = None,
    ) -> list[RunView]:
        """The newest runs of a site; those older than the run `before` if it is named."""
        await self._site(site_id)
        slug = self.catalog.service(service).slug if service else None
        rows = await runs.history(self.pool, site_id, slug, run_type, limit, before)
        return [run_view(row, self.catalog.find(row["service_slug"])) for row in rows]

    async def past_runs(
        self, site_id: UUID, service: str, run_type: RunType | None, limit: int, before: UUID | None
    ) -> list[RunView]:
        """As `runs` of one service, without the values of their outputs: a list to choose from."""
        await self._site(site_id)
        entry = self.catalog.service(service)
        rows = await runs.past_runs(self.pool, site_id, entry.slug, run_type, limit, before)
        return [run_view(row, entry) for row in rows]

    async def cancel_job(self, job_id: UUID, actor: str) -> JobView:
        """Cancel what of a job has not ended. Raises `unknown_job`, `already_over`."""
        job = await self.job(job_id)
        if not job.open:
            raise Problem(
                "already_over", f"The job is {job.status}.", "There is nothing left to cancel."
            )
        await self._cancel(
            [service.run_id for service in job.services], job.id, job.site_id, actor, "job"
        )
        return await self.job(job_id)

    async def cancel_run(self, run_id: UUID, actor: str) -> RunView:
        """Cancel one run. Raises `unknown_run`, `already_over`."""
        run = await self.run(run_id)
        if run.status not in ("queued", "running"):
            raise Problem(
                "already_over", f"The run is {run.status}.", "There is nothing left to cancel."
            )
        await self._cancel([run_id], run.job_id, run.site_id, actor, "run")
        return await self.run(run_id)

    async def callback(self, run_id: UUID, headers: Mapping[str, str], body: bytes) -> bool:
        """A worker calls about its job: look at the run now. False when there is nothing to look at.

        Raises `unknown_run`, `signature_wrong`. What the worker says is asked for, never believed.
        """
        run = await self.run(run_id)
        config = self.vault.worker(self.catalog.service(run.service_slug))
        key = config.key if isinstance(config, WorkerConfig) else ""
        webhooks.verify(key, headers, body, self.clock())
        async with self.pool.acquire() as connection, connection.transaction():
            woken = await runs.due_now(connection, run_id, self.clock())
            if woken:
                await tickets.wake_runners(connection, [])
        return woken

    async def _cancel(
        self, ids: Sequence[UUID], job_id: UUID, site_id: UUID, actor: str, what: str
    ) -> None:
        """Queued runs end now; running ones are marked, and their runner is told."""
        now = self.clock()
        async with self.pool.acquire() as connection, connection.transaction():
            locked = await jobs.lock_jobs(connection, [job_id])
            ended = await runs.cancel_queued(
                connection, ids, f"Cancelled by {actor} before it started.", now
            )
            marked = await runs.request_cancel(connection, ids, now)
            closed = await jobs.close_jobs(connection, locked, now)
            await audit.record(connection, actor, f"{what}_cancelled", str(job_id), site_id)
            moved = [row["service_slug"] for row in (*ended, *marked)]
            event = {"jobId": job_id, "siteId": site_id, "closed": bool(closed), "services": moved}
            await tickets.announce(connection, [event])
            await tickets.wake_runners(connection, [row["id"] for row in marked])

    # What is known of a site ---------------------------------------------------------------------

    async def integrations(self, site_id: UUID) -> IntegrationsView:
        """The table, the roll-up, the platform strip, the newest jobs, and what to do next."""
        site = await self._site(site_id)
        (rows, recent), platform = await asyncio.gather(self._table(site), self.platform())
        now = self.clock()
        return IntegrationsView(
            site=site_view(site),
            generated_at=now,
            roll_up=roll_up(rows),
            services=rows,
            platform=platform,
            jobs=recent,
            next_actions=next_actions(site_id, rows, now),
        )

    async def _table(self, site: Site) -> tuple[list[ServiceRow], list[JobView]]:
        """The rows and the newest jobs, as they were at one moment: a job is over when its rows are."""
        async with database.one_moment(self.pool) as pool:
            return await self._rows(pool, site), await self._jobs(pool, site.id, 6)

    async def service(self, site_id: UUID, name: str, history: int = 20) -> ServiceView:
        """The inspector of one service. Raises `unknown_site`, `unknown_service`."""
        site = await self._site(site_id)
        service = self.catalog.service(name)
        config = self.vault.worker(service) if service.integration_type == "worker" else None
        async with database.one_moment(self.pool) as pool:
            latest = await _latest(pool, site_id, [service.slug])
            past = await runs.history(pool, site_id, service.slug, None, history)
            outputs = await runs.history_of_outputs(
                pool, site_id, service.slug, service.expected_outputs, NEWEST
            )
        found = {s.name: self.vault.source_of(s.name) for s in service.requires_secrets}
        print_of_key = fingerprint(config.key) if isinstance(config, WorkerConfig) else None
        return service_view(service, site, config, latest, past, print_of_key, found, outputs)

    async def delivered(
        self, site_id: UUID, name: str, run_type: RunType | None = None, limit: int = 20
    ) -> list[DeliveredRun]:
        """What the newest runs of a service delivered, with their artifacts: what workers build on."""
        await self._site(site_id)
        slug = self.catalog.service(name).slug
        rows = await artifacts.delivered(self.pool, site_id, slug, run_type, limit)
        return [delivered_run(row) for row in rows]

    async def health_summary(self, site_id: UUID) -> HealthSummary:
        """Who fails, who is partial, what is missing most: from the rows of the table."""
        site = await self._site(site_id)
        async with database.one_moment(self.pool) as pool:
            rows = await self._rows(pool, site)
        return health_summary(str(site_id), rows, self.clock())

    async def _rows(self, pool: Pool, site: Site) -> list[ServiceRow]:
        configs = self.vault.workers(self.catalog)
        latest = await _latest(pool, site.id, [s.slug for s in self.catalog.workers])
        return [service_row(s, site, configs[s.slug], latest) for s in self.catalog.workers]

    async def _jobs(self, pool: Pool, site_id: UUID, limit: int) -> list[JobView]:
        rows = await jobs.recent_jobs(pool, site_id, limit)
        is_open = [row["id"] for row in rows if row["status"] in ("queued", "running")]
        states = await jobs.run_states(pool, is_open) if is_open else {}
        return [
            job_view(row, states.get(row["id"], []), self.catalog, self.clock()) for row in rows
        ]

    # Hermes itself -------------------------------------------------------------------------------

    async def fault(self) -> str | None:
        """Why Hermes cannot work at the moment; None when it can."""
        return await database.fault(self.pool) or None

    async def figures(self) -> Figures:
        """What is counted of tests, for /metrics."""
        return await metrics.figures(self.pool)

    async def platform(self) -> list[PlatformView]:
        """The platform dependencies, measured now; what takes too long says so and delays nobody."""
        return await asyncio.gather(*(self._platform(service) for service in self.catalog.platform))

    async def _platform(self, service: Service) -> PlatformView:
        if service.slug == "postgres_db":
            found = await self._database()
        elif service.slug == "bitwarden_vault":
            found = await self._secrets()
        else:
            found = Measured("not_configured", "Not measured")
        return platform_view(service, found, self.clock())

    async def _database(self) -> Measured:
        try:
            async with asyncio.timeout(PLATFORM_SECONDS):
                began = time.perf_counter()
                await self.pool.fetchval("select 1")
                return database_answered((time.perf_counter() - began) * 1000)
        except TimeoutError:
            return database_away("read_timeout", f"No answer within {PLATFORM_SECONDS:g} s")
        except (*LOST_DATABASE, asyncpg.PostgresError) as error:
            return database_away("away", f"No answer: {type(error).__name__}")

    async def _secrets(self) -> Measured:
        status = await asyncio.to_thread(self.vault.status)
        return measured(status, self.catalog.services)

    async def refresh_secrets(self) -> None:
        """Read the vault's distant source now, past what is in memory; the others are always read anew."""
        await asyncio.to_thread(self.vault.refresh)

    async def operations(
        self, hours: float, limit: int, site_id: UUID | None = None
    ) -> dict[str, Any]:
        """The orchestrator's figures: test jobs by status, the newest runs, error rates per service."""
        site_id = site_id or self.only_site
        if site_id is not None:
            await self._site(site_id)
        since = self.clock() - timedelta(hours=hours)
        counts = await runs.counts(self.pool, site_id, since)
        rates = {
            row["service_slug"]: {
                "runs": row["runs"],
                "failed": row["failed"],
                "partial": row["partial"],
                "rate": round(row["failed"] / row["runs"], 4),
                "medianSeconds": _rounded(row["median_seconds"]),
            }
            for row in counts
        }
        return {
            "windowHours": hours,
            "jobStatus": await runs.status_counts(self.pool, site_id, since),
            "runHistory": [
                _brief(row) for row in await runs.recent(self.pool, site_id, since, limit)
            ],
            "errorRates": rates,
        }

    async def knowledge(
        self, words: str, findings: Sequence[str] | None, limit: int
    ) -> KnowledgeFound:
        """Entries of the knowledge base that hold the words and answer one of the findings."""
        shipped = knowledge.shipped()
        await knowledge.keep_current(self.pool, shipped)
        asked = words.replace("\0", " ").strip()
        rows = await knowledge.search(self.pool, asked, findings, limit)
        entries = [knowledge_entry(row) for row in rows]
        return KnowledgeFound(version=shipped.version, entries=entries)

    async def observability(
        self, hours: float, limit: int, site_id: UUID | None = None
    ) -> dict[str, Any]:
        """The audit log's figures: ended runs, health of Hermes, open alerts, who did what."""
        if site_id is not None:
            await self._site(site_id)
        now = self.clock()
        since = now - timedelta(hours=hours)
        ended = await runs.recent(self.pool, site_id, since, limit)
        return {
            "windowHours": hours,
            "runLogs": [_brief(row) for row in ended if row["finished_at"] is not None],
            "healthMetrics": await self._health_metrics(now),
            "alerts": [_brief(row) for row in await runs.unwell(self.pool, site_id)],
            "changeAudit": [
                _audit(row) for row in await audit.events(self.pool, since, limit, site_id)
            ],
        }

    async def _health_metrics(self, now: datetime) -> dict[str, Any]:
        began = time.perf_counter()
        row = await tickets.health(self.pool, now, now - timedelta(seconds=60))
        return {**dict(row), "query_ms": round((time.perf_counter() - began) * 1000, 2)}

    async def _site(self, site_id: UUID) -> Site:
        found = await sites.site(self.pool, site_id)
        return _found(found if self._sees(site_id) else None, site_id)

    async def _locked_site(self, connection: Connection, site_id: UUID) -> Site:
        """A site kept from other changes until the transaction ends."""
        found = await sites.lock_site(connection, site_id) if self._sees(site_id) else None
        return _found(found, site_id)


async def _latest(
    pool: Pool, site_id: UUID, slugs: Sequence[str]
) -> dict[RunType, dict[str, asyncpg.Record]]:
    return {t: await runs.latest_runs(pool, site_id, t, slugs) for t in RUN_TYPES}


def _found(site: Site | None, site_id: UUID) -> Site:
    if site is None:
        hint = "Take an id from GET /api/sites, or add the site first."
        raise not_found("unknown_site", site_id, hint)
    return site


def _site_exists(base_url: str) -> Problem:
    message = f"There is a site with the address {base_url} already."
    return Problem("site_exists", message, "Use that site, or another address.", field="baseUrl")


def _rounded(value: float | None) -> float | None:
    return round(float(value), 3) if value is not None else None


def _brief(row: Row) -> dict[str, Any]:
    return {
        "runId": str(row["id"]),
        "service": row["service_slug"],
        "runType": row["run_type"],
        "status": row["status"],
        "reason": row["reason"],
        "detail": row["detail"],
        "createdAt": row["created_at"].isoformat(),
        "finishedAt": row["finished_at"].isoformat() if row["finished_at"] else None,
    }


def _audit(row: Row) -> dict[str, Any]:
    names = ("actor", "action", "subject", "detail")
    return {"at": row["at"].isoformat(), **{name: row[name] for name in names}}
