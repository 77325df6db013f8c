"""What an ended run delivered, as workers read it of earlier runs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from hermes.core.catalog import RunType
from hermes_base.view import Row, View


class DeliveredRun(View):
    """What one ended run delivered: values and provenance by output, and what its worker keeps."""

    run_id: UUID
    run_type: RunType
    status: str
    finished_at: datetime
    outputs: dict[str, Any]
    provenance: dict[str, str]
    artifacts: dict[str, Any]


def delivered_run(row: Row) -> DeliveredRun:
    """From a row of `storage.artifacts.delivered`."""
    return DeliveredRun(
        run_id=row["id"],
        run_type=row["run_type"],
        status=row["status"],
        finished_at=row["finished_at"],
        outputs=row["outputs_json"]["metrics"],
        provenance=row["metrics_json"].get("provenance", {}),
        artifacts=row["artifacts"],
    )
