"""A site's services as people read them: the row of the table, and the inspector."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, cast

from pydantic import Field

from hermes.core.catalog import RunType, Service
from hermes.core.runs.selection import missing_inputs, obstacle_of
from hermes.core.sites.site import Site
from hermes.core.views.changes import changed_since
from hermes.core.views.history import LastSeen, OutputHistory, history_of
from hermes.core.views.inputs import Found, InputView, inputs_of
from hermes.core.views.runs import (
    NOT_CONFIGURED,
    UNCONFIGURED_TEXT,
    Missing,
    RunView,
    is_unconfigured,
    missing_of,
    run_view,
)
from hermes.core.views.sites import CatalogService, catalog_service
from hermes.core.worker_config import WorkerConfig
from hermes_base.reasons import Failure
from hermes_base.view import Row, View

Readiness = Literal["ready", "needs_config", "blocked"]
MOVING = ("queued", "running")


class TestState(View):
    """What the latest run of one type says; `not_tested` when there is none, `not_configured` where there
    cannot be one: the secret or a setting of the site is not there."""

    __test__ = False  # pytest: this is a product noun, not a test

    state: str
    text: str
    run: RunView | None
    changed_since: str = Field(
        default="",
        description="What has changed since this verdict was found: it is from before that change",
    )

    @property
    def is_short(self) -> bool:
        """Whether it failed, or delivered a part only."""
        return self.state in ("failed", "partial")


class ServiceRow(View):
    """One row of the Integrations table."""

    slug: str
    display_name: str
    category: str
    purpose: str
    state: str
    readiness: Readiness
    readiness_text: str
    next_step: str
    secret: str
    configured_from: str | None
    missing_settings: list[str]
    supports_async: bool
    supports_smoke: bool
    supports_full: bool
    connection: TestState
    smoke: TestState
    full: TestState
    missing: Missing
    last_run_at: datetime | None
    last_run_type: RunType | None
    last_run_seconds: float | None
    summary: str


class ServiceView(ServiceRow):
    """The inspector: the row, the catalog entry, and the history."""

    catalog: CatalogService
    host: str | None
    key_fingerprint: str | None
    inputs: list[InputView]
    history: list[RunView]
    output_history: list[OutputHistory]
    first_missing_since: dict[str, datetime]
    last_seen: dict[str, LastSeen]


def service_row(
    service: Service,
    site: Site,
    config: WorkerConfig | Failure | None,
    latest: Mapping[RunType, Mapping[str, Row]],
) -> ServiceRow:
    """A row from the latest runs: `latest[run_type][slug]`."""
    return ServiceRow(**_row_fields(service, site, config, latest))


def service_view(
    service: Service,
    site: Site,
    config: WorkerConfig | Failure | None,
    latest: Mapping[RunType, Mapping[str, Row]],
    history: Sequence[Row],
    fingerprint: str | None,
    found: Found,
    outputs: Sequence[Row],
) -> ServiceView:
    """The inspector: same row, same rule of what is missing; `outputs` tell of each output's past."""
    past = history_of(service, outputs)
    return ServiceView(
        **_row_fields(service, site, config, latest),
        catalog=catalog_service(service),
        host=config.host if isinstance(config, WorkerConfig) else None,
        key_fingerprint=fingerprint,
        inputs=inputs_of(service, site, config, found),
        history=[run_view(row, service) for row in history],
        output_history=past.outputs,
        first_missing_since=past.first_missing_since,
        last_seen=past.last_seen,
    )


def _row_fields(
    service: Service,
    site: Site,
    config: WorkerConfig | Failure | None,
    latest: Mapping[RunType, Mapping[str, Row]],
) -> dict[str, Any]:
    readiness, why, step = readiness_of(service, site, config)
    rows = {
        run_type: latest[run_type].get(service.slug) for run_type in ("connection", "smoke", "full")
    }
    unset = readiness == "needs_config"
    if (
        not unset
    ):  # configured since: what was ended for want of a secret says nothing of it any more
        rows = {t: None if r is not None and is_unconfigured(r) else r for t, r in rows.items()}
    smoke = rows["smoke"]
    newest = max(
        (r for r in rows.values() if r is not None), key=lambda r: r["created_at"], default=None
    )
    missing = NOT_CONFIGURED if smoke is None and unset else missing_of(service, smoke)
    shown, full = (_test_state(service, row, config, unset=unset) for row in (smoke, rows["full"]))
    return {
        "slug": service.slug,
        "display_name": service.name,
        "category": service.category,
        "purpose": service.purpose,
        "state": service.state,
        "readiness": readiness,
        "readiness_text": why,
        "next_step": step,
        "secret": service.secret,
        "missing_settings": missing_inputs(service, site),
        "configured_from": config.source if isinstance(config, WorkerConfig) else None,
        "supports_async": service.supports_async,
        "supports_smoke": service.smoke is not None,
        "supports_full": service.supports_full,
        "connection": _test_state(service, rows["connection"], config, unset=unset),
        "smoke": shown,
        "full": full,
        "missing": missing,
        "last_run_at": (newest["finished_at"] or newest["created_at"]) if newest else None,
        "last_run_type": newest["run_type"] if newest else None,
        "last_run_seconds": _seconds(newest) if newest else None,
        "summary": _summary(service, readiness, why, shown) + _of_the_full_run(full),
    }


def readiness_of(
    service: Service, site: Site, config: WorkerConfig | Failure | None
) -> tuple[Readiness, str, str]:
    """(readiness, why, next step): blocked is not built, needs_config lacks something."""
    mode = "smoke" if service.smoke is not None else "connection"
    obstacle = obstacle_of(service, site, mode, config)
    if obstacle is None:
        return "ready", "Ready", ""
    state, why, step = obstacle
    return ("blocked" if state == "blocked" else "needs_config"), why, step


def _test_state(
    service: Service, row: Row | None, config: WorkerConfig | Failure | None, *, unset: bool
) -> TestState:
    if row is None and unset:
        return TestState(state="not_configured", text=UNCONFIGURED_TEXT, run=None)
    if row is None:
        return TestState(state="not_tested", text="Not tested yet", run=None)
    run = run_view(row, service)
    if is_unconfigured(row):
        return TestState(state="not_configured", text=run.status_text, run=run)
    ended = run.status in ("success", "partial")
    changed = changed_since(run.metrics, service, config) if ended else ""
    return TestState(state=run.status, text=run.status_text, run=run, changed_since=changed)


def _of_the_full_run(full: TestState) -> str:
    """The sentence of a full run that did not deliver all; "" for any other."""
    if full.run is None or not full.is_short:
        return ""
    if full.run.missing.count and full.state == "partial":
        return f" The full run: {full.run.missing.text}."
    return f" The full run: {full.text}, {full.run.reason_label or 'without a reason'}."


def _seconds(row: Row) -> float | None:
    if not row["finished_at"] or not row["started_at"]:
        return None
    return round((row["finished_at"] - row["started_at"]).total_seconds(), 2)


def _summary(service: Service, readiness: Readiness, why: str, smoke: TestState) -> str:
    """One sentence for the row: what the latest smoke run came to, or what stands in the way."""
    run = smoke.run
    if run is None and readiness == "ready":
        return "Ready to test." if service.smoke else "No smoke mode, so it cannot be tested."
    if run is None:
        return why
    expected = len(run.outputs.expected_outputs)
    if run.status in MOVING:
        return _progress_sentence(run)
    if run.status in ("success", "partial"):
        waived = f", {len(run.missing.waived)} waived" if run.missing.waived else ""
        returned = f"{len(run.outputs.actual_outputs)} of {expected} outputs returned"
        return f"{returned}{_not_believed(run.missing)}{waived}."
    return f"{run.reason_label}: {run.detail}" if run.detail else str(run.reason_label)


def _not_believed(missing: Missing) -> str:
    """`, 1 claimed, 2 refuted, 1 doubt`; "" where there is none of them."""
    counts = ((missing.claimed, "claimed"), (missing.refuted, "refuted"))
    told = "".join(f", {number} {word}" for number, word in counts if number)
    doubts = len(missing.doubts)
    return told + (f", {doubts} {'doubt' if doubts == 1 else 'doubts'}" if doubts else "")


def _progress_sentence(run: RunView) -> str:
    progress = run.metrics.get("progress")
    if run.status == "queued":
        return "Waiting for a free slot."
    if warm := warming_up(run.metrics):
        return warm
    if isinstance(progress, dict) and "done" in progress:
        progress = cast("dict[str, Any]", progress)
        total = f" of {progress['total']}" if progress.get("total") is not None else ""
        return f"{progress['done']}{total} {progress.get('unit', '')}".strip() + "."
    return "Running."


def warming_up(metrics: Mapping[str, Any]) -> str:
    """The sentence of a cold start that is under way; "" where there is none."""
    warm_up = metrics.get("warmUp")
    if not isinstance(warm_up, dict) or "seconds" in warm_up:
        return ""
    return f"Warming up: the host seems to be asleep ({warm_up['tries']} attempts so far)."
