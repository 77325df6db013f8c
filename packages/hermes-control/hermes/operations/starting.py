"""Starting tests: a job and all its runs are written in one transaction; no worker is called here."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

import structlog

from hermes.core.catalog import RunType, Service
from hermes.core.runs import progress
from hermes.core.runs.model import pending_outputs
from hermes.core.runs.progress import RunState
from hermes.core.runs.selection import Selection, get_runnable_services, job_type_of, require_some
from hermes.core.sites.site import Site
from hermes.operations.scope import Scope
from hermes.storage.runs import jobs
from hermes.storage.runs.events import announce, wake_runners
from hermes.storage.runs.jobs import NewRun
from hermes_base.postgres import audit
from hermes_base.postgres.database import Connection
from hermes_base.problems import Problem

log = structlog.get_logger()

StartHook = Callable[[Connection, UUID, bool], Awaitable[None]]
"""Called with the connection, the id of the job and whether it is new, before the start is committed:
what it writes is committed with the start, what it raises rolls the start back."""


async def start(
    scope: Scope,
    mode: RunType,
    site_id: UUID,
    actor: str,
    only: str | Sequence[str] | None = None,
    *,
    payload: Mapping[str, Any] | None = None,
    before_commit: StartHook | None = None,
) -> tuple[UUID, bool, Selection]:
    """(job id, whether it is new, the services that take part and those left out with reasons).

    Raises as `Jobs.start` says.
    """
    site = await scope.site(site_id)
    configs = scope.vault.workers(scope.catalog)
    found = get_runnable_services(scope.catalog, site, mode, configs, only, payload or {})
    chosen = require_some(found)
    slugs = [service.slug for service in chosen.runnable]
    log.info("test asked", mode=mode, siteId=str(site_id), services=len(slugs), slugs=slugs)
    job_type = job_type_of(mode, only)
    async with scope.pool.acquire() as connection, connection.transaction():
        job_id, is_new = await _open_or_add(
            scope, connection, chosen, site, actor, job_type, payload
        )
        if before_commit is not None:
            await before_commit(connection, job_id, is_new)
    log.info("test job written", jobId=str(job_id), siteId=str(site_id), new=is_new)
    return job_id, is_new, chosen


async def _open_or_add(
    scope: Scope,
    connection: Connection,
    chosen: Selection,
    site: Site,
    actor: str,
    job_type: str,
    payload: Mapping[str, Any] | None,
) -> tuple[UUID, bool]:
    """(job id, whether it is new): the open job of this kind, else a new one with its runs."""
    slug = chosen.runnable[0].slug if job_type.endswith("_one") else None
    job_id, now = uuid4(), scope.clock()
    services = [scope.catalog.service(s.slug) for s in chosen.runnable]
    new = [_new_run(service, chosen.mode, payload) for service in services]
    counts = progress.count(RunState(str(r.id), r.service_slug, "queued") for r in new)
    summary = progress.summary(chosen.mode, "queued", counts)
    added = await jobs.add_job(
        connection, job_id, site.id, job_type, slug, actor, now, counts, summary
    )
    if not added:
        return await _open_job(connection, chosen, site, job_type, slug), False
    await jobs.add_runs(connection, job_id, site.id, chosen.mode, now, new)
    subject = slug or f"{len(new)} services"
    await audit.record(connection, actor, f"{job_type}_started", subject, site.id)
    names = [r.service_slug for r in new]
    event = {"jobId": job_id, "siteId": site.id, "closed": False, "services": names}
    await announce(connection, [event])
    await wake_runners(connection, [])
    return job_id, True


async def _open_job(
    connection: Connection, chosen: Selection, site: Site, job_type: str, slug: str | None
) -> UUID:
    """The open job of this kind, which answers a second press. A job of some services answers for
    those alone. Raises `job_open`, `try_again`."""
    job_id = await jobs.open_job(connection, site.id, job_type, slug)
    if job_id is None:  # it closed since `add_job` ran into it
        raise Problem(
            "try_again", "The running test job has just finished.", "Press the button again."
        )
    if job_type.endswith("_some"):
        states = (await jobs.run_states(connection, [job_id]))[job_id]
        if not {s.slug for s in chosen.runnable} <= {s.service_slug for s in states}:
            message = "A smoke test of other selected services is running."
            raise Problem(
                "job_open", message, "Wait until it finishes or cancel it, then try again."
            )
    return job_id


def _new_run(service: Service, mode: RunType, payload: Mapping[str, Any] | None) -> NewRun:
    spec = service.mode(mode)
    assert spec is not None, "selection took only services that have this mode"  # noqa: S101
    expected = ("worker_health",) if mode == "connection" else service.expected_outputs
    outputs = pending_outputs(mode, expected)
    metrics = (
        {"asked": dict(payload)} if payload else {}
    )  # `contact.workers.start_payload` reads it
    return NewRun(uuid4(), service.slug, outputs, spec.limit_seconds, metrics)
