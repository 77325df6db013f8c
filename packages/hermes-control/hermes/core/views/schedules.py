"""Schedules as people read them: in words, with the next run and the last job."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from hermes.core.catalog import Catalog, RunType
from hermes.core.schedules import explained, local_time
from hermes_base.view import Row, View

MODES: dict[RunType, str] = {
    "connection": "Connection tests",
    "smoke": "Smoke tests",
    "full": "Full run",
}


class ScheduleView(View):
    """A test that starts automatically."""

    id: UUID
    site_id: UUID
    site: str
    mode: RunType
    service: str | None = Field(description="Slug; null for all services")
    what: str = Field(examples=["Smoke tests of all services"])
    cron: str
    time_zone: str
    explained: str = Field(examples=["At 06:00 on Monday through Friday"])
    enabled: bool
    next_at: datetime | None
    next_local: str | None = Field(examples=["Mon 23 Nov 2026, 06:00 (Europe/Zurich)"])
    last_at: datetime | None
    last_job_id: UUID | None
    last_job_status: str | None
    last_job_summary: str | None
    last_note: str = Field(description="Why nothing was started last time; empty if something was")
    created_by: str
    created_at: datetime


def schedule_view(row: Row, catalog: Catalog) -> ScheduleView:
    """From a row of `storage.schedules.schedules`."""
    next_at: datetime | None = row["next_at"]
    return ScheduleView(
        id=row["id"],
        site_id=row["site_id"],
        site=row["site"],
        mode=row["run_type"],
        service=row["service_slug"],
        what=what(row["run_type"], row["service_slug"], catalog),
        cron=row["cron"],
        time_zone=row["time_zone"],
        explained=explained(row["cron"]),
        enabled=row["enabled"],
        next_at=next_at,
        next_local=local_time(next_at, row["time_zone"]) if next_at else None,
        last_at=row["last_at"],
        last_job_id=row["last_job_id"],
        last_job_status=row["job_status"],
        last_job_summary=row["job_summary"],
        last_note=row["last_note"],
        created_by=row["created_by"],
        created_at=row["created_at"],
    )


def what(mode: RunType, slug: str | None, catalog: Catalog) -> str:
    """`Smoke tests of all services`, `Full run of Technical SEO Crawler`."""
    if slug is None:
        return f"{MODES[mode]} of all services"
    found = catalog.find(slug)
    return f"{MODES[mode].removesuffix('s')} of {found.name if found else slug}"
