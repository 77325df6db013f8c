"""Runs: read, cancelled, and looked at again when their worker calls."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from hermes.core import webhooks
from hermes.core.catalog import RunType
from hermes.core.runs.run_filter import RunFilter
from hermes.core.views import DeliveredRun, RunView, delivered_run, run_view
from hermes.core.worker_config import WorkerConfig
from hermes.operations.cancelling import already_over, cancel
from hermes.operations.jobs import Jobs
from hermes.operations.scope import Scope
from hermes.storage.runs import artifacts, cancelling, listing, reading, watching
from hermes.storage.runs.events import wake_runners
from hermes_base.problems import not_found

ANY_RUN = RunFilter()


class Runs:
    """The runs of test jobs."""

    def __init__(self, scope: Scope, jobs: Jobs) -> None:
        self._scope = scope
        self._jobs = jobs

    async def one(self, run_id: UUID) -> RunView:
        """One run with its evidence. Raises `unknown_run`."""
        row = await reading.run(self._scope.reader, run_id)
        if row is None or not self._scope.sees(row["site_id"]):
            raise not_found("unknown_run", run_id, "Take an id from the history of the service.")
        service = self._scope.catalog.find(row["service_slug"])
        return run_view(
            row, service, evidence=row["evidence"] or {}, started_by=row["requested_by"]
        )

    async def of_job(self, job_id: UUID) -> list[RunView]:
        """All runs of a job. Raises `unknown_job`."""
        await self._jobs.one(job_id)
        rows = await reading.runs_of_job(self._scope.reader, job_id)
        return [run_view(row, self._scope.catalog.find(row["service_slug"])) for row in rows]

    async def of(
        self,
        site_id: UUID,
        wanted: RunFilter = ANY_RUN,
        limit: int = 50,
        before: UUID | None = None,
        *,
        brief: bool = False,
    ) -> list[RunView]:
        """The newest runs of a site; those older than the run `before` if it is named.

        `brief`: without the values of their outputs, for a list to choose from.
        Raises `unknown_site`, `unknown_service`.
        """
        await self._scope.site(site_id)
        catalog = self._scope.catalog
        slug = catalog.service(wanted.service).slug if wanted.service else None
        named = replace(wanted, service=slug)
        rows = await listing.runs(self._scope.reader, site_id, named, limit, before, brief=brief)
        return [
            run_view(row, catalog.find(row["service_slug"]), started_by=row["requested_by"])
            for row in rows
        ]

    async def past(
        self, site_id: UUID, service: str, run_type: RunType | None, limit: int, before: UUID | None
    ) -> list[RunView]:
        """The newest runs of one service, in brief."""
        return await self.of(site_id, RunFilter(service, run_type), limit, before, brief=True)

    async def delivered(
        self, site_id: UUID, name: str, run_type: RunType | None = None, limit: int = 20
    ) -> list[DeliveredRun]:
        """What the newest runs of a service delivered, with their artifacts: what workers build on."""
        await self._scope.site(site_id)
        slug = self._scope.catalog.service(name).slug
        rows = await artifacts.delivered(self._scope.reader, site_id, slug, run_type, limit)
        return [delivered_run(row) for row in rows]

    async def watch(self, wanted: UUID) -> None:
        """Somebody looks at this run, or at the runs of this job: for half a minute its worker is asked every few
        seconds, or as it wants to be asked."""
        await watching.watch(self._scope.pool, wanted, self._scope.clock())

    async def cancel(self, run_id: UUID, actor: str) -> RunView:
        """Cancel one run. Raises `unknown_run`, `already_over`."""
        run = await self.one(run_id)
        if run.status not in ("queued", "running"):
            raise already_over("run", run.status)
        await cancel(self._scope, [run_id], run.job_id, run.site_id, actor, "run")
        return await self.one(run_id)

    async def callback(self, run_id: UUID, headers: Mapping[str, str], body: bytes) -> bool:
        """A worker calls about its job: look at the run now. False when there is nothing to look at.

        What the worker says is never believed; its status is requested as ever.
        Raises `unknown_run`, `signature_wrong`.
        """
        run = await self.one(run_id)
        config = self._scope.vault.worker(self._scope.catalog.service(run.service_slug))
        key = config.key if isinstance(config, WorkerConfig) else ""
        now = self._scope.clock()
        webhooks.verify(key, headers, body, now)
        async with self._scope.pool.acquire() as connection, connection.transaction():
            woken = await cancelling.expedite(connection, run_id, now)
            if woken:
                await wake_runners(connection, [])
        return woken
