"""The job runner's own figures: what is running, what ran, how often each service failed."""

from typing import Any

from hermes_fleet.figures_worker import figures_worker
from hermes_fleet.hermes_api import ApiModel


class Operations(ApiModel):
    """`error_rates`: slug -> runs, failed, partial, rate (0-1), medianSeconds."""

    job_status: dict[str, int]
    run_history: list[dict[str, Any]]
    error_rates: dict[str, dict[str, Any]]


worker = figures_worker("orchestrator", Operations, "/api/operations", newest=50)
