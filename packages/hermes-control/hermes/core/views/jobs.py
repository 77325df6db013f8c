"""A test job as people read it: counts, per-service states, one sentence."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from hermes.core.catalog import Catalog, RunType
from hermes.core.runs import progress
from hermes.core.runs.progress import JobStatus, RunState
from hermes.core.runs.selection import LeftOut, RunnableService
from hermes.core.views.progress import Progress, progress_of
from hermes.core.views.runs import RunView, status_text
from hermes_base.view import Row, View


class JobService(View):
    """The state of one service in a job."""

    slug: str
    display_name: str
    run_id: UUID
    status: str
    status_text: str
    reason: str | None
    started_at: datetime | None
    finished_at: datetime | None
    progress: Progress | None = Field(
        None, description="How far it is while its worker is at work, as the worker told it"
    )


class JobView(View):
    """A test job: what one press of a button started, with the state of each of its services."""

    id: UUID
    site_id: UUID
    job_type: str
    run_type: RunType
    service_slug: str | None
    status: JobStatus
    summary: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    elapsed_seconds: float
    requested_by: str
    progress: dict[str, Any]
    services: list[JobService]

    @property
    def open(self) -> bool:
        """Whether the job is queued or running."""
        return self.status in ("queued", "running")


class Started(View):
    """The reply to a start: the new job, or the one that was running already."""

    job_id: UUID
    site_id: UUID
    job_type: str
    status: JobStatus
    summary: str
    already_running: bool
    services: list[dict[str, Any]]
    left_out: list[dict[str, Any]]


def job_view(row: Row, states: Sequence[RunState], catalog: Catalog, now: datetime) -> JobView:
    """While a job is open its progress is counted from its runs; afterwards it is the frozen one."""
    run_type: RunType = row["job_type"].split("_")[0]
    is_open = row["status"] in ("queued", "running")
    counted = progress.count(states) if is_open else row["progress_json"]
    status = progress.job_status(counted) if is_open else row["status"]
    far = {state.service_slug: _progress(state) for state in states} if is_open else {}
    return JobView(
        id=row["id"],
        site_id=row["site_id"],
        job_type=row["job_type"],
        run_type=run_type,
        service_slug=row["service_slug"],
        status=status,
        summary=progress.summary(run_type, status, counted) if is_open else row["summary"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        elapsed_seconds=round(
            max(0.0, ((row["finished_at"] or now) - row["created_at"]).total_seconds()), 3
        ),
        requested_by=row["requested_by"],
        progress=counted,
        services=[
            _service(slug, state, run_type, catalog, far.get(slug))
            for slug, state in sorted(counted["per_service"].items(), key=_catalog_order(catalog))
        ],
    )


def _catalog_order(catalog: Catalog) -> Callable[[tuple[str, Any]], tuple[int, str]]:
    """As in the catalog, and what has left it last: jsonb keeps an order of its own."""
    place = {service.slug: number for number, service in enumerate(catalog.services)}
    return lambda entry: (place.get(entry[0], len(place)), entry[0])


def _progress(state: RunState) -> Progress | None:
    began = datetime.fromisoformat(state.started_at) if state.started_at else None
    return progress_of(state.metrics or {}, state.status, began, state.polls)


def _service(
    slug: str, state: Mapping[str, Any], run_type: str, catalog: Catalog, far: Progress | None
) -> JobService:
    service = catalog.find(slug)
    return JobService(
        slug=slug,
        display_name=service.name if service else slug,
        run_id=state["runId"],
        status=state["status"],
        status_text=status_text(run_type, state["status"]),
        reason=state["reason"],
        started_at=state["startedAt"],
        finished_at=state["finishedAt"],
        progress=far,
    )


def verdict_of(job: JobView, runs: Sequence[RunView]) -> str:
    """The sentence of a report: how many delivered, and who did not."""
    if job.open:
        return f"Still running. {job.summary}."
    fine = sum(run.status == "success" for run in runs)
    done = (
        "connected and accepted the key"
        if job.run_type == "connection"
        else "returned all outputs except waived ones"
        if any(run.missing.waived for run in runs)
        else "returned all outputs"
    )
    others = [f"{run.service_name} ({_shortfall(run)})" for run in runs if run.status != "success"]
    without = f" Exceptions: {', '.join(others)}." if others else ""
    return f"{fine} of {len(runs)} {'service' if len(runs) == 1 else 'services'} {done}.{without}"


def _shortfall(run: RunView) -> str:
    if run.status == "partial" and run.missing.count:
        return run.missing.text
    return run.reason_label or run.status_text


def runnable_json(service: RunnableService) -> dict[str, Any]:
    """A selected service, as the requirements name its fields."""
    return {
        "slug": service.slug,
        "displayName": service.display_name,
        "integrationType": service.integration_type,
        "supportsAsync": service.supports_async,
        "testEndpoints": list(service.test_endpoints),
    }


def left_out_json(service: LeftOut) -> dict[str, Any]:
    """A service that was not selected, and why."""
    return {
        "slug": service.slug,
        "displayName": service.display_name,
        "state": service.state,
        "reason": service.reason,
        "nextStep": service.next_step,
    }
