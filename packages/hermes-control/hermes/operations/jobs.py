"""Test jobs: one press of a button, for one service of a site, some or all."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes.core.catalog import RunType
from hermes.core.views import JobView, Started, job_view
from hermes.core.views.jobs import left_out_json, runnable_json
from hermes.operations.cancelling import already_over, cancel
from hermes.operations.scope import Scope
from hermes.operations.starting import StartHook, start
from hermes.storage.runs import jobs
from hermes_base.postgres import database
from hermes_base.postgres.database import Reader
from hermes_base.problems import not_found


class Jobs:
    """Test jobs: started, read, cancelled."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def start_connections(
        self, site_id: UUID, actor: str, service: str | None = None
    ) -> Started:
        """Test Connections: check that each worker is reachable and accepts the key."""
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
        payload: Mapping[str, Any] | None = None,
        before_commit: StartHook | None = None,
    ) -> Started:
        """Write a test job and all its runs in one transaction; no worker is called here. `payload` goes
        to the workers beside the catalog's.

        Raises `unknown_site`, `unknown_service`, or `nothing_selected` with a reason per service.
        A second press while a job of this kind is open answers with that job; `job_open` where that
        job is for other services.
        """
        job_id, is_new, chosen = await start(
            self._scope, mode, site_id, actor, only, payload=payload, before_commit=before_commit
        )
        job = await self.one(job_id)
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

    async def one(self, job_id: UUID) -> JobView:
        """One test job with its progress. Raises `unknown_job`."""
        async with database.snapshot(self._scope.reader) as reader:
            row = await jobs.job(reader, job_id)
            if row is None or not self._scope.sees(row["site_id"]):
                raise not_found(
                    "unknown_job", job_id, "Take an id from the list of jobs of the site."
                )
            states = await jobs.run_states(reader, [job_id])
        return job_view(row, states[job_id], self._scope.catalog, self._scope.clock())

    async def of(self, site_id: UUID, limit: int = 20) -> list[JobView]:
        """The newest test jobs of a site. Raises `unknown_site`."""
        await self._scope.site(site_id)
        async with database.snapshot(self._scope.reader) as reader:
            return await newest_jobs(self._scope, reader, site_id, limit)

    async def presses(self, site_id: UUID, limit: int = 20) -> list[JobView]:
        """The newest test jobs of a site that a person started. Raises `unknown_site`."""
        await self._scope.site(site_id)
        async with database.snapshot(self._scope.reader) as reader:
            rows = await jobs.recent_presses(reader, site_id, limit)
            return await _views(self._scope, reader, rows)

    async def cancel(self, job_id: UUID, actor: str) -> JobView:
        """Cancel what of a job has not ended. Raises `unknown_job`, `already_over`."""
        job = await self.one(job_id)
        if not job.open:
            raise already_over("job", job.status)
        run_ids = [service.run_id for service in job.services]
        await cancel(self._scope, run_ids, job.id, job.site_id, actor, "job")
        return await self.one(job_id)


async def newest_jobs(scope: Scope, reader: Reader, site_id: UUID, limit: int) -> list[JobView]:
    """The newest jobs of a site. `reader`: a snapshot, in which a job and its runs agree."""
    return await _views(scope, reader, await jobs.recent_jobs(reader, site_id, limit))


async def _views(scope: Scope, reader: Reader, rows: Sequence[Record]) -> list[JobView]:
    # the progress of a closed job is frozen in its row
    is_open = [row["id"] for row in rows if row["status"] in ("queued", "running")]
    states = await jobs.run_states(reader, is_open) if is_open else {}
    now = scope.clock()
    return [job_view(row, states.get(row["id"], []), scope.catalog, now) for row in rows]
