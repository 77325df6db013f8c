"""What is on record: how runs ended, how Hermes is, which services are unwell, who did what."""

from typing import Any

from hermes_fleet.figures_worker import figures_worker
from hermes_fleet.hermes_api import ApiModel


class Observability(ApiModel):
    """`health_metrics`: name -> figure of Hermes itself; the lists are the newest first."""

    run_logs: list[dict[str, Any]]
    health_metrics: dict[str, Any]
    alerts: list[dict[str, Any]]
    change_audit: list[dict[str, Any]]


worker = figures_worker("audit_log", Observability, "/api/observability", newest=20)
