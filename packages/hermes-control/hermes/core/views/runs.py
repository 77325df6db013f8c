"""A service run as people read it, and the one rule of what is missing."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from hermes.core.catalog import LikelyReason, Output, RunType, Service
from hermes.core.runs.model import RunStatus
from hermes.core.views.progress import Progress, progress_of
from hermes.core.views.timeline import Moment, timeline_of
from hermes_base.reasons import Reason
from hermes_base.view import Row, View


class OutputsJson(View):
    """`outputs_json` as the requirements write it."""

    expected_outputs: list[str]
    actual_outputs: list[str]
    missing_outputs: list[str] | Literal["pending"]
    metrics: dict[str, Any] = Field(description="Values by output slug")
    debug: dict[str, Any] = Field(description="What was requested, and the HTTP status")


class MissingOutput(View):
    """One expected output that was not delivered: missing, only claimed, or refuted."""

    slug: str
    label: str
    severity: str
    reason: str
    message: str
    likely_cause: str
    next_step: str
    end: Literal["missing", "claimed", "refuted"] = Field(
        "missing",
        description="Whether it is missing, named without a value, or a value that does not hold",
    )
    rule: str | None = Field(None, description="The rule that the value breaks")
    shows: str | None = Field(None, description="The value it concerns, quoted and shortened")

    @property
    def why(self) -> str:
        """What was found, of a value that does not count; else the likely cause."""
        if self.end == "missing":
            return self.likely_cause
        return f"{self.message} {self.shows}" if self.shows else self.message


class DoubtView(View):
    """What is odd about an output that is delivered. It does not change the verdict."""

    slug: str
    label: str
    message: str
    rule: str | None = None
    shows: str | None = None


class WaivedOutput(View):
    """One output that was not returned and does not count as missing, because it is waived."""

    slug: str
    label: str
    by: str
    until: datetime
    reason: str
    message: str
    text: str = Field(examples=["waived by Ann until 2027-03-31: no archive before the relaunch"])


class Missing(View):
    """What is missing, always of the latest smoke run. `count` is null where nothing was counted."""

    state: Literal["counted", "pending", "not_tested", "cancelled", "not_configured"]
    count: int | None
    text: str
    outputs: list[MissingOutput]
    waived: list[WaivedOutput] = Field(
        default_factory=list[WaivedOutput], description="Outputs waived when this run was judged"
    )
    doubts: list[DoubtView] = Field(
        default_factory=list[DoubtView], description="What is odd about outputs that are delivered"
    )
    claimed: int = Field(default=0, description="How many of the missing outputs are only claimed")
    refuted: int = Field(default=0, description="How many of the missing outputs are refuted")

    def waiver_of(self, slug: str) -> WaivedOutput | None:
        """The waiver of an output that did not arrive; None where it was not waived."""
        return next((each for each in self.waived if each.slug == slug), None)

    def doubts_of(self, slug: str) -> list[DoubtView]:
        """The doubts about an output that is delivered."""
        return [each for each in self.doubts if each.slug == slug]


class RunView(View):
    """A run: one service asked once, with its verdict and what is missing."""

    id: UUID
    job_id: UUID
    site_id: UUID
    service_slug: str
    service_name: str
    run_type: RunType
    status: RunStatus
    status_text: str
    reason: str | None
    reason_label: str | None
    detail: str | None
    cause: str | None
    next_step: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    seconds: float | None
    outputs: OutputsJson
    missing: Missing
    metrics: dict[str, Any]
    progress: Progress | None = Field(
        None, description="How far it is while its worker is at work, as the worker told it"
    )
    trouble: str | None = Field(
        None, description="What the last looks at the worker's job met, while Hermes looks again"
    )
    attempts: int
    polls: int
    cancel_requested_at: datetime | None
    deadline_at: datetime | None
    started_by: str | None = Field(
        None,
        description="Who started its test job. Only of a single run and in lists of a site's runs",
    )
    evidence: dict[str, Any] | None = Field(None, description="Only when a single run is requested")
    timeline: list[Moment] = Field([], description="Only when a single run is requested")


CONNECTIONS = {"success": "Connected", "partial": "Connected, not proven"}
STATUS_TEXTS: dict[str, str] = {
    "queued": "Queued",
    "running": "Running",
    "success": "Passed",
    "partial": "Partial",
    "failed": "Failed",
    "cancelled": "Cancelled",
}


def run_view(
    row: Row,
    service: Service | None,
    *,
    evidence: Mapping[str, Any] | None = None,
    started_by: str | None = None,
) -> RunView:
    """A run from its row. `service` is None for one that has left the catalog."""
    reason = row["reason"]
    explained = Reason(reason) if reason else None
    ended, began = row["finished_at"], row["started_at"]
    status_words = (
        UNCONFIGURED_TEXT if is_unconfigured(row) else status_text(row["run_type"], row["status"])
    )
    return RunView(
        id=row["id"],
        job_id=row["job_id"],
        site_id=row["site_id"],
        service_slug=row["service_slug"],
        service_name=service.name if service else row["service_slug"],
        run_type=row["run_type"],
        status=row["status"],
        status_text=status_words,
        reason=reason,
        reason_label=explained.label if explained else None,
        detail=row["detail"],
        cause=explained.cause if explained else None,
        next_step=explained.next_step if explained else None,
        created_at=row["created_at"],
        started_at=began,
        finished_at=ended,
        seconds=round((ended - began).total_seconds(), 3) if ended and began else None,
        outputs=OutputsJson.model_validate(row["outputs_json"]),
        missing=missing_of(service, row),
        metrics=row["metrics_json"],
        progress=progress_of(row["metrics_json"], row["status"], began, row["polls"]),
        trouble=trouble_of(row),
        attempts=row["attempts"],
        polls=row["polls"],
        cancel_requested_at=row["cancel_requested_at"],
        deadline_at=row["deadline_at"],
        started_by=started_by,
        evidence=dict(evidence) if evidence is not None else None,
        timeline=timeline_of(row, evidence, status_words) if evidence is not None else [],
    )


def trouble_of(row: Row) -> str | None:
    """What is in the way of a run that goes on, in one sentence; None where the last look was a good one."""
    trouble = row["metrics_json"].get("lastTrouble")
    if not trouble or row["status"] != "running" or row["trouble_since"] is None:
        return None
    looks = trouble.get("looks", 1)
    times = "1 look" if looks == 1 else f"{looks} looks in a row"
    return f"{Reason(trouble['reason']).label}: {trouble['detail']} {times}; Hermes looks again."


def status_text(run_type: str, status: str) -> str:
    """A connection is never called passed: it is connected, or not all of it is proven."""
    if run_type == "connection" and status in CONNECTIONS:
        return CONNECTIONS[status]
    return STATUS_TEXTS[status]


def is_unconfigured(row: Row) -> bool:
    """Whether a run ended because its worker's secret was not there: nobody was asked, so nothing failed."""
    return row["status"] == "failed" and row["reason"] == Reason.MISSING_SECRET


UNCONFIGURED_TEXT = "Not configured"
"""Of a run or service; its outputs are "not tested yet" all the same."""
NOT_CONFIGURED = Missing(state="not_configured", count=None, text="Not tested yet", outputs=[])


def missing_of(service: Service | None, row: Row | None) -> Missing:
    """The one rule of the Missing column, the inspector, the summary, the API and the report."""
    if row is None:
        return Missing(state="not_tested", count=None, text="Not tested yet", outputs=[])
    if row["status"] in ("queued", "running"):
        return Missing(state="pending", count=None, text="Pending", outputs=[])
    if is_unconfigured(row):
        return NOT_CONFIGURED
    if row["status"] == "cancelled":
        return Missing(state="cancelled", count=None, text="Cancelled, not judged", outputs=[])
    slugs: list[str] = row["outputs_json"]["missingOutputs"]
    outputs = [_missing_output(service, slug, row) for slug in slugs]
    waived = _waived_outputs(service, row)
    ends = Counter(output.end for output in outputs)
    doubts = _doubts(service, row)
    return Missing(
        state="counted",
        count=len(outputs),
        text=_counted(len(outputs), ends, len(waived), len(doubts)),
        outputs=outputs,
        waived=waived,
        doubts=doubts,
        claimed=ends["claimed"],
        refuted=ends["refuted"],
    )


def _counted(missing: int, ends: Mapping[str, int], waived: int, doubts: int) -> str:
    """`3 missing (1 claimed, 1 refuted), 1 waived, 2 doubts`."""
    named = ", ".join(f"{ends[end]} {end}" for end in ("claimed", "refuted") if ends[end])
    parts = [f"{missing} missing" if missing else "None missing"]
    parts[0] += f" ({named})" if named else ""
    parts += [f"{waived} waived"] if waived else []
    parts += [f"{doubts} {'doubt' if doubts == 1 else 'doubts'}"] if doubts else []
    return ", ".join(parts)


def _doubts(service: Service | None, row: Row) -> list[DoubtView]:
    told: Mapping[str, list[dict[str, str]]] = row["metrics_json"].get("doubts", {})
    return [
        DoubtView(slug=slug, label=service.label(slug) if service else slug, **doubt)
        for slug in row["outputs_json"]["expectedOutputs"]
        for doubt in told.get(slug, ())
    ]


def _waived_outputs(service: Service | None, row: Row) -> list[WaivedOutput]:
    """In the order in which they were expected; the run itself says what was waived."""
    waived = row["metrics_json"].get("waived", {})
    expected = row["outputs_json"]["expectedOutputs"]
    return [_waived_output(service, slug, row, waived[slug]) for slug in expected if slug in waived]


def _waived_output(
    service: Service | None, slug: str, row: Row, waiver: Mapping[str, Any]
) -> WaivedOutput:
    explanation = row["metrics_json"].get("explanations", {}).get(slug, {})
    return WaivedOutput(
        slug=slug,
        label=service.label(slug) if service else slug,
        by=waiver["by"],
        until=waiver["until"],
        reason=waiver["reason"],
        message=explanation.get("message") or row["detail"] or "",
        text=f"waived by {waiver['by']} until {waiver['until'][:10]}: {waiver['reason']}",
    )


def _missing_output(service: Service | None, slug: str, row: Row) -> MissingOutput:
    """The worker's own explanation first, else the run's reason, else the catalog's likeliest one."""
    output = service.output(slug) if service else None
    explanation = row["metrics_json"].get("explanations", {}).get(slug, {})
    likely = _likeliest(output, explanation.get("message", ""))
    reason = explanation.get("reason") or row["reason"] or Reason.OUTPUTS_MISSING
    explained = Reason(reason)
    specific = reason == Reason.OUTPUTS_MISSING or reason == Reason.NO_OUTPUTS
    return MissingOutput(
        slug=slug,
        label=service.label(slug) if service else slug,
        severity=output.severity if output else "major",
        reason=reason,
        message=explanation.get("message") or row["detail"] or "",
        likely_cause=likely.cause if likely and specific else explained.cause,
        next_step=explanation.get("nextStep")
        or (likely.next_step if likely and specific else explained.next_step),
        end=explanation.get("end", "missing"),
        rule=explanation.get("rule"),
        shows=explanation.get("shows"),
    )


def _likeliest(output: Output | None, message: str) -> LikelyReason | None:
    """The catalog's reason that speaks of the same things as the worker (two words say so), else the first."""
    words = _words(message)

    def shared(reason: LikelyReason) -> int:
        count = len(words & _words(f"{reason.cause} {reason.next_step}"))
        return count if count > 1 else 0

    return max(output.reasons if output else (), key=shared, default=None)


def _words(text: str) -> set[str]:
    """Words that mean something: of four letters and more."""
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 3}
