"""What people and programs read: one model per thing, used by pages, API, CLI and reports alike."""

from hermes.core.views.health import HealthSummary, RollUp, health_summary, roll_up
from hermes.core.views.history import DeliveredRun, delivered_run
from hermes.core.views.integrations import IntegrationsView
from hermes.core.views.jobs import JobService, JobView, Started, job_view
from hermes.core.views.next_actions import next_actions
from hermes.core.views.platform import PlatformView
from hermes.core.views.remedies import NextAction
from hermes.core.views.runs import (
    Missing,
    MissingOutput,
    OutputsJson,
    RunView,
    missing_of,
    run_view,
)
from hermes.core.views.services import ServiceRow, ServiceView, TestState, service_row, service_view
from hermes.core.views.sites import CatalogService, SiteView, catalog_service, site_view
from hermes_base.view import View

__all__ = [
    "CatalogService",
    "DeliveredRun",
    "HealthSummary",
    "IntegrationsView",
    "JobService",
    "JobView",
    "Missing",
    "MissingOutput",
    "NextAction",
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
    "next_actions",
    "roll_up",
    "run_view",
    "service_row",
    "service_view",
    "site_view",
]
