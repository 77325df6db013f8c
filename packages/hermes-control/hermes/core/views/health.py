"""How a site stands as a whole: the roll-up above the table, and the health summary."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from hermes.core.views.runs import MissingOutput
from hermes.core.views.services import MOVING, ServiceRow
from hermes_base.view import View


class RollUp(View):
    """Counts over the fleet. Every worker service is in exactly one of the smoke counts or blocked."""

    total: int
    built: int
    ready: int
    needs_config: int
    blocked: int
    passed: int
    partial: int
    failed: int
    cancelled: int
    running: int
    not_tested: int
    not_configured: int = Field(
        description="Services that cannot be tested: a secret or a setting of the site is not there"
    )
    full_failed: int = Field(description="Services whose latest full run failed")
    full_partial: int = Field(description="Services whose latest full run delivered a part only")


class ServiceHealth(View):
    """A service of which outputs are missing or a run failed, and the next step."""

    slug: str
    display_name: str
    missing_count: int
    claimed: int = Field(default=0, description="Of these, how many are claimed without a value")
    refuted: int = Field(
        default=0, description="Of these, how many have a value that does not hold"
    )
    text: str
    reason: str | None
    reason_label: str | None
    next_step: str | None
    missing_outputs: list[MissingOutput]


class TopMissing(View):
    """An output that is missing, with how many services miss it."""

    slug: str
    label: str
    count: int
    services: list[str]


class HealthSummary(View):
    """What the System Health widget shows, from the latest smoke run of each service."""

    site_id: str
    generated_at: datetime
    headline: str
    services_failing: list[ServiceHealth]
    services_partial: list[ServiceHealth]
    full_runs_short: list[ServiceHealth] = Field(
        description="Services whose latest full run failed or delivered a part only"
    )
    before_a_change: list[str] = Field(
        description="Services that passed before their address, key or contract was changed"
    )
    top_missing_outputs: list[TopMissing]
    passed: int
    pending: int
    not_tested: int
    not_configured: list[str] = Field(
        description="Services that cannot be tested: neither failed nor alerting"
    )
    waived: int = Field(
        description="Outputs that were not returned and are waived; they do not count"
    )
    doubts: int = Field(default=0, description="Doubts about outputs that are delivered")


def roll_up(rows: Sequence[ServiceRow]) -> RollUp:
    """Counts over the worker services of a site."""
    built = [row for row in rows if row.readiness != "blocked"]
    smoke = [row.smoke.state for row in built]
    return RollUp(
        total=len(rows),
        built=len(built),
        ready=sum(row.readiness == "ready" for row in built),
        needs_config=sum(row.readiness == "needs_config" for row in built),
        blocked=len(rows) - len(built),
        passed=smoke.count("success"),
        partial=smoke.count("partial"),
        failed=smoke.count("failed"),
        cancelled=smoke.count("cancelled"),
        running=sum(state in MOVING for state in smoke),
        not_tested=smoke.count("not_tested"),
        not_configured=smoke.count("not_configured"),
        full_failed=sum(row.full.state == "failed" for row in built),
        full_partial=sum(row.full.state == "partial" for row in built),
    )


def health_summary(site_id: str, rows: Sequence[ServiceRow], now: datetime) -> HealthSummary:
    """From the same rows as the table: who fails, who is partial, what is missing most."""
    built = [row for row in rows if row.readiness != "blocked"]
    failing = [_service_health(row) for row in built if row.smoke.state == "failed"]
    partial = [_service_health(row) for row in built if row.smoke.state == "partial"]
    passed = sum(row.smoke.state == "success" for row in built)
    not_tested = sum(row.smoke.state == "not_tested" for row in built)
    unset = [row.slug for row in built if row.smoke.state == "not_configured"]
    waived = sum(len(row.missing.waived) for row in built)
    short = [_full_health(row) for row in built if row.full.is_short]
    changed = [r.slug for r in built if r.smoke.state == "success" and r.smoke.changed_since]
    counts = (
        (len(failing), "failing"),
        (len(partial), "partial"),
        (passed, "passed"),
        (not_tested, "not tested yet"),
        (len(unset), "not configured"),
    )
    return HealthSummary(
        site_id=site_id,
        generated_at=now,
        headline=_headline(counts, len(short), len(changed), waived),
        services_failing=failing,
        services_partial=partial,
        full_runs_short=short,
        before_a_change=changed,
        top_missing_outputs=_top_missing([*failing, *partial]),
        passed=passed,
        pending=sum(row.smoke.state in MOVING for row in built),
        not_tested=not_tested,
        not_configured=unset,
        waived=waived,
        doubts=sum(len(row.missing.doubts) for row in built),
    )


def _service_health(row: ServiceRow) -> ServiceHealth:
    run = row.smoke.run
    count = row.missing.count or 0
    return ServiceHealth(
        slug=row.slug,
        display_name=row.display_name,
        missing_count=count,
        claimed=row.missing.claimed,
        refuted=row.missing.refuted,
        text=f"{row.display_name}: {count} missing",
        reason=run.reason if run else None,
        reason_label=run.reason_label if run else None,
        next_step=run.next_step if run else None,
        missing_outputs=row.missing.outputs,
    )


def _full_health(row: ServiceRow) -> ServiceHealth:
    run = row.full.run
    outputs = run.missing.outputs if run else []
    return ServiceHealth(
        slug=row.slug,
        display_name=row.display_name,
        missing_count=len(outputs),
        text=f"{row.display_name}, full run: {len(outputs)} missing",
        reason=run.reason if run else None,
        reason_label=run.reason_label if run else None,
        next_step=run.next_step if run else None,
        missing_outputs=outputs,
    )


def _top_missing(services: Sequence[ServiceHealth]) -> list[TopMissing]:
    """Most missed first; equal counts in the order of the table."""
    found: dict[str, TopMissing] = {}
    for service in services:
        for output in service.missing_outputs:
            before = found.get(output.slug)
            names = [*(before.services if before else []), service.display_name]
            found[output.slug] = TopMissing(
                slug=output.slug, label=output.label, count=len(names), services=names
            )
    return sorted(found.values(), key=lambda top: -top.count)


def _headline(counts: Sequence[tuple[int, str]], short: int, changed: int, waived: int) -> str:
    parts = [f"{_services(number)} {word}" for number, word in counts if number]
    if short:
        parts.append(f"{short} full {'run' if short == 1 else 'runs'} failed or partial")
    if changed:
        parts.append(f"{_services(changed)} passed before a change")
    if waived:
        parts.append(f"{waived} {'output' if waived == 1 else 'outputs'} waived")
    return ", ".join(parts) or "No services are built yet"


def _services(number: int) -> str:
    return f"{number} {'service' if number == 1 else 'services'}"
