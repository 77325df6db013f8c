"""A claimed run of an asynchronous service, and moments in its half hour."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hermes.core.catalog import ModeSpec, Service
from hermes.core.runs.model import ClaimedRun, StepContext
from hermes.core.sites.site import Site

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DEADLINE = timedelta(minutes=30)
SERVICE = Service(
    slug="a_worker", name="A", category="c", purpose="p", state="built", secret="S",
    expected_outputs=("x_y",), smoke=ModeSpec(), honours_idempotency=True,
)  # fmt: skip
UNREPEATABLE = SERVICE.model_copy(update={"honours_idempotency": False})
RUN = ClaimedRun(
    id=uuid4(), job_id=uuid4(), site=Site(uuid4(), "Site", "https://site.example"),
    service_slug="a_worker", run_type="smoke", status="running", phase="poll", lease_no=1,
    attempts=1, polls=7, expected=("x_y",), started_at=START, deadline_at=START + DEADLINE,
    worker_job_id="j1", metrics={"jobId": "j1"},
)  # fmt: skip


def at(seconds: float) -> StepContext:
    """So many seconds after the run began."""
    return StepContext(START + timedelta(seconds=seconds), jitter=0.5)
