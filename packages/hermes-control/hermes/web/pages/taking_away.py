"""Tables of a site as CSV, filtered as the page is whose address they have."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from hermes.core.views import RunView
from hermes.core.views.services import ServiceRow
from hermes.web.dependencies import hermes_of
from hermes.web.pages.integrations.service_filter import chosen, filter_of
from hermes.web.pages.runs.run_choice import choice_of
from hermes_base.people.roles import READ
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.routing import Router
from hermes_base.web.tables import csv_of

router = Router(route_class=PageRoute)
MOST = 5000
"""Runs of one file, the newest."""
RUNS = (
    "run", "service", "name", "type", "status", "reason", "detail", "created", "finished", "seconds",
    "missing outputs", "started by",
)  # fmt: skip
SERVICES = (
    "service", "name", "category", "readiness", "connection", "smoke", "full", "missing outputs", "last run",
    "summary", "next step",
)  # fmt: skip


@router.get("/sites/{site_id}/runs.csv", READ)
async def runs(request: Request, site_id: UUID) -> Response:
    """Runs of a site, newest first."""
    hermes = hermes_of(request)
    choice = choice_of(request.query_params, hermes.catalog)
    found = await hermes.runs.of(site_id, choice.wanted, MOST, choice.before, brief=True)
    return csv_of("runs", RUNS, [_run(each) for each in found])


@router.get("/sites/{site_id}/integrations.csv", READ)
async def integrations(request: Request, site_id: UUID) -> Response:
    """Every service of a site, in the order of the page."""
    view = await hermes_of(request).integrations.table(site_id)
    shown = chosen(view.services, filter_of(request.query_params))
    return csv_of("integrations", SERVICES, [_service(each) for each in shown])


def _run(run: RunView) -> tuple[object, ...]:
    return (
        run.id, run.service_slug, run.service_name, run.run_type, run.status_text, run.reason_label,
        run.detail, run.created_at, run.finished_at, run.seconds, run.missing.text, run.started_by,
    )  # fmt: skip


def _service(row: ServiceRow) -> tuple[object, ...]:
    return (
        row.slug, row.display_name, row.category, row.readiness_text, row.connection.text, row.smoke.text,
        row.full.text, row.missing.text, row.last_run_at, row.summary, row.next_step,
    )  # fmt: skip
