"""What people and programs read: one model per thing, used by pages, API, CLI and reports alike."""

from hermes.core.views.base import View
from hermes.core.views.jobs import JobService, JobView, Started, job_view
from hermes.core.views.runs import (
    Missing,
    MissingOutput,
    OutputsJson,
    RunView,
    missing_of,
    run_view,
)
from hermes.core.views.services import (
    DeliveredRun,
    HealthSummary,
    IntegrationsView,
    PlatformView,
    RollUp,
    ServiceRow,
    ServiceView,
    TestState,
    delivered_run,
    health_summary,
    roll_up,
    service_row,
    service_view,
)
from hermes.core.views.sites import CatalogService, SiteView, catalog_service, site_view

__all__ = [
    "CatalogService",
    "DeliveredRun",
    "HealthSummary",
    "IntegrationsView",
    "JobService",
    "JobView",
    "Missing",
    "MissingOutput",
    "OutputsJson",
    "PlatformView",
    "RollUp",
    "RunView",
    "ServiceRow",
    "ServiceView",
    "SiteView",
    "Started",
    "TestState",
    "View",
    "catalog_service",
    "delivered_run",
    "health_summary",
    "job_view",
    "missing_of",
    "roll_up",
    "run_view",
    "service_row",
    "service_view",
    "site_view",
]
