"""The answers of workers nobody here wrote, played through the product's own rules without a database."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hermes.core.catalog import Service
from hermes.core.replies.replies import read_poll, read_start
from hermes.core.replies.values import Accepted
from hermes.core.runs.model import ClaimedRun, RunUpdate, StepContext
from hermes.core.runs.poll import after_poll
from hermes.core.runs.start import after_start
from hermes.core.sites.site import Site
from hermes_base.http.answers import Answer
from hermes_base.reasons import Failure

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SITE = Site(
    UUID("00000000-0000-4000-8000-000000000001"),
    "Marigold Dental",
    "https://marigold.example",
    settings={
        "keywords": ["dentist portland", "teeth whitening", "dental implants"],
        "competitors": ["https://brightsmile.example"],
        "gsc_site": "sc-domain:marigold.example",
        "ga4_property": "310000001",
    },
)
RUN = UUID("00000000-0000-4000-8000-000000000002")
WORKER = "https://worker.example"


def run_of(service: Service) -> ClaimedRun:
    """A smoke run of SITE that was claimed five seconds ago and is about to be started."""
    return ClaimedRun(
        id=RUN, job_id=UUID(int=3), site=SITE, service_slug=service.slug, run_type="smoke",
        status="running", phase="starting", lease_no=1, attempts=1, polls=0,
        expected=service.expected_outputs, started_at=NOW - timedelta(seconds=5),
        deadline_at=NOW + timedelta(seconds=600),
    )  # fmt: skip


def answered(service: Service, status: int, headers: Mapping[str, str], body: bytes) -> RunUpdate:
    """What a start that is answered like this makes of a run; a job that is taken is asked for once, and
    gives the same answer."""
    answer = Answer(
        status, {"content-type": "application/json", **headers}, body, f"{WORKER}/start"
    )
    run = run_of(service)
    context = StepContext(NOW, status=status, headers=answer.headers)
    reply = read_start(answer, NOW)
    if not isinstance(reply, Accepted):
        return after_start(run, service, reply, context)
    run = replace(run, worker_job_id=reply.job_id, phase="poll")
    return after_poll(run, service, read_poll(answer, reply.job_id, NOW), context)


def next_claim(update: RunUpdate) -> ClaimedRun:
    """The run as the next runner claims it, after its update was written."""
    run, metrics = update.run, dict(update.metrics)
    return replace(
        run, status=update.status, phase=update.phase, polls=update.polls, metrics=metrics,
        outputs=update.outputs, reason=update.reason, detail=update.detail,
        trouble_since=update.trouble_since, finished_at=update.finished_at or run.finished_at,
        worker_job_id=metrics.get("jobId"),
        attempts=run.attempts + (update.phase == "start"),
    )  # fmt: skip


def verdict(update: RunUpdate) -> str:
    """The verdict in words: `partial: lcp, cls`, `failed unknown_status: nothing`."""
    reason = f" {update.reason}" if update.status == "failed" else ""
    return f"{update.status}{reason}: {', '.join(believed(update)) or 'nothing'}"


def believed(update: RunUpdate) -> list[str]:
    """The outputs that count as delivered."""
    outputs: list[str] = update.outputs["actualOutputs"]
    return [slug for slug in outputs if slug != "job_started"]


def words(failure: Failure | None) -> str:
    """What is said to people of a failure, in small letters; "" where there is none."""
    return failure.detail.lower() if failure else ""
