"""The inspector: one service of a site, what it needs, promised and returned, and its past."""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from hermes.control import Hermes
from hermes.core.catalog import RunType, Service
from hermes.core.views import RunView, ServiceView
from hermes.web.dependencies import hermes_of
from hermes.web.pages.inspector.sparkline import sparkline
from hermes.web.pages.inspector.trend import chosen_history, trend_of
from hermes.web.pages.tests.run_facts import diagnostics, elapsed, progress_of, stages_of
from hermes_base.people.roles import READ
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.rendering import page
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
PAST_RUNS = 20
Type = Annotated[RunType | None, Query(alias="type")]


@router.get("/sites/{site_id}/services/{slug}", READ)
async def service(
    request: Request, site_id: UUID, slug: str, run_type: Type = None, before: UUID | None = None,
    output: str | None = None,
) -> HTMLResponse:  # fmt: skip
    """What one service does, what it promised, what it returned, and what is in its way.

    `type` and `before` choose a page of its past runs, `output` what the chart shows.
    """
    hermes = hermes_of(request)
    async with hermes.snapshot() as then:
        view = await then.integrations.service(site_id, slug, history=0)
        past = await then.runs.past(site_id, view.slug, run_type, PAST_RUNS + 1, before)
        smoke = await then.runs.one(view.smoke.run.id) if view.smoke.run else None
        days = (await then.history.of_services(site_id)).get(view.slug)
        alerts = await then.alerts.of(site_id)
    drawn = chosen_history(view.output_history, output)
    before_it, after_it = _neighbours(hermes, view.slug)
    return await page(
        request,
        "service.html",
        site=await hermes.sites.one(site_id),
        row=view,
        smoke=smoke,
        stages=stages_of(smoke) if smoke else [],
        diagnostics=diagnostics(smoke) if smoke else {},
        full=_under_way(view),
        full_elapsed=elapsed(view.full.run, hermes.clock()) if view.full.run else None,
        histories={each.slug: each for each in view.output_history},
        lines=_lines(view),
        trend=trend_of(drawn) if drawn else None,
        drawable=[each for each in view.output_history if chosen_history([each], None)],
        days=days,
        alert=next((a for a in alerts if a.fails(view.slug)), None),
        before_it=before_it,
        after_it=after_it,
        past=past[:PAST_RUNS],
        past_type=run_type,
        is_older=before is not None,
        older=_address(run_type, past[PAST_RUNS - 1].id, output) if len(past) > PAST_RUNS else None,
        query=_address(run_type, before, output),
    )


def _under_way(view: ServiceView) -> dict[str, Any] | None:
    """The progress of a full run that goes on."""
    run: RunView | None = view.full.run
    return progress_of(run) if run is not None else None


def _lines(view: ServiceView) -> dict[str, dict[str, Any]]:
    """Sparklines by output slug; smoke and full runs each have their own."""
    return {
        each.slug: {
            "smoke": sparkline(each.smoke, "smoke runs"),
            "full": sparkline(each.full, "full runs"),
        }
        for each in view.output_history
    }


def _neighbours(hermes: Hermes, slug: str) -> tuple[Service | None, Service | None]:
    """The services before and after this one in the catalog."""
    workers = hermes.catalog.workers
    here = next((n for n, service in enumerate(workers) if service.slug == slug), None)
    if here is None:  # a platform dependency
        return None, None
    return (workers[here - 1] if here else None), next(iter(workers[here + 1 :]), None)


def _address(run_type: RunType | None, before: UUID | None, output: str | None = None) -> str:
    """`?type=smoke&before=...&output=...`, or nothing."""
    chosen = {"type": run_type, "before": before, "output": output}
    text = urlencode({name: value for name, value in chosen.items() if value is not None})
    return f"?{text}" if text else ""
