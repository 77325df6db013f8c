"""Waivers as people read them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from hermes.core.catalog import Catalog
from hermes_base.view import Row, View


class WaiverView(View):
    """An accepted missing output, with an owner and an end."""

    id: UUID
    service: str
    service_name: str
    output: str
    output_label: str
    site_id: UUID | None = Field(description="null: all sites")
    site: str | None
    owner: str
    reason: str
    created_by: str
    created_at: datetime
    expires_at: datetime
    state: Literal["in_force", "expired", "ended"]
    ended_at: datetime | None
    ended_by: str | None


def waiver_view(row: Row, catalog: Catalog, now: datetime) -> WaiverView:
    """From a row of `storage.waivers.waivers`."""
    service = catalog.find(row["service_slug"])
    slug: str = row["output_slug"]
    expired = "expired" if row["expires_at"] <= now else "in_force"
    return WaiverView(
        id=row["id"],
        service=row["service_slug"],
        service_name=service.name if service else row["service_slug"],
        output=slug,
        output_label=service.label(slug) if service else slug,
        site_id=row["site_id"],
        site=row["site"],
        owner=row["owner"],
        reason=row["reason"],
        created_by=row["created_by"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        state="ended" if row["ended_at"] else expired,
        ended_at=row["ended_at"],
        ended_by=row["ended_by"],
    )
