"""Hermes itself: the catalog, its own figures, its health."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

import hermes_base as package
from hermes.core.views import CatalogService, View
from hermes.web.dependencies import Room
from hermes_base.people.roles import OPEN, READ_ALL, READ_ANY
from hermes_base.web.api import problems
from hermes_base.web.routing import Router

router = Router(tags=["platform"])
Hours = Annotated[float, Query(gt=0, le=24 * 366)]
Limit = Annotated[int, Query(ge=1, le=1000)]
AnySite = Annotated[UUID | None, Query(description="Only this site")]


class Health(View):
    """How the web server is."""

    status: str = Field(examples=["healthy"])
    service: str = "hermes"
    version: str = package.__version__
    checks: dict[str, Any] = Field(examples=[{"database": "ok", "live": "connected"}])


@router.get("/api/services", READ_ANY, responses=problems())
async def services(hermes: Room) -> list[CatalogService]:
    """List the services in the catalog."""
    return hermes.integrations.catalog()


@router.get("/api/operations", READ_ANY, responses=problems(404, 422))
async def operations(
    hermes: Room, hours: Hours = 24, limit: Limit = 50, site_id: AnySite = None
) -> dict[str, Any]:
    """Jobs by status, the newest runs, and error rates per service."""
    return await hermes.metrics.operations(hours, limit, site_id)


@router.get("/api/observability", READ_ALL, responses=problems(404, 422))
async def observability(
    hermes: Room, hours: Hours = 24, limit: Limit = 50, site_id: AnySite = None
) -> dict[str, Any]:
    """Ended runs, Hermes' own health figures, open alerts, and who did what."""
    return await hermes.metrics.observability(hours, limit, site_id)


@router.get("/health", OPEN, responses={503: {"model": Health}})
async def health(hermes: Room, response: Response) -> Health:
    """200 when the database answers, 503 when it does not."""
    fault = await hermes.platform.fault()
    response.status_code = 503 if fault else 200
    return Health(status="unhealthy" if fault else "healthy", checks={"database": fault or "ok"})
