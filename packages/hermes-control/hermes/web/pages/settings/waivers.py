"""Waivers: outputs that somebody answers for while they are missing."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hermes.core.catalog import Catalog
from hermes.core.runs.waiver_input import LONGEST, WaiverInput
from hermes.web.dependencies import hermes_of
from hermes_base.people.roles import ACT_ALL, READ_ALL
from hermes_base.problems import Problem
from hermes_base.typed import typed, wrong
from hermes_base.web.access import actor_of, person_of
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.faults import faults_of
from hermes_base.web.html.forms import read_form
from hermes_base.web.pages.settings import settings_page
from hermes_base.web.problems import status_of
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
PAGE = "/settings/waivers"
USUAL = timedelta(days=90)
END_OF_DAY = time(23, 59, 59, tzinfo=UTC)


@router.get(PAGE, READ_ALL)
async def waivers(request: Request, output: str = "", site: str = "") -> HTMLResponse:
    """All waivers; the form is filled for an `output` (service/output) and a `site`, if named."""
    return await _waivers(request, {"output": output[:130], "siteId": site[:40]})


@router.post(PAGE, ACT_ALL)
async def add(request: Request) -> Response:
    """Waive an output."""
    form = await read_form(request)
    try:
        wanted = typed(WaiverInput, _fields(form))
        await hermes_of(request).waivers.add(wanted, actor_of(request))
    except Problem as problem:
        return await _waivers(request, form, faults_of(problem), status_of(problem.code))
    return RedirectResponse(PAGE, 303)


@router.post(f"{PAGE}/{{waiver_id}}/end", ACT_ALL)
async def end(request: Request, waiver_id: UUID) -> RedirectResponse:
    """Let the output count again, from the next run on."""
    await hermes_of(request).waivers.end(waiver_id, actor_of(request))
    return RedirectResponse(PAGE, 303)


def _fields(form: dict[str, str]) -> dict[str, object]:
    """The form as the API would be asked; a day ends with its last second (UTC)."""
    service, _, output = form.get("output", "").partition("/")
    if not output:
        raise wrong([("output", "choose the output to waive")])
    return {
        "service": service,
        "output": output,
        "siteId": form.get("siteId") or None,
        "owner": form.get("owner", ""),
        "reason": form.get("reason", ""),
        "expiresAt": _last_second(form.get("expiresAt", "")),
    }


def _last_second(text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), END_OF_DAY)
    except ValueError:
        raise wrong([("expiresAt", "choose a date, for example 2027-03-31")]) from None


async def _waivers(
    request: Request,
    given: dict[str, str],
    faults: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    hermes = hermes_of(request)
    found = await hermes.waivers.all()
    person, today = person_of(request), hermes.clock().date()
    usual = {
        "owner": person.name if person else "",
        "expiresAt": (today + USUAL).isoformat(),
    }
    return await settings_page(
        request,
        "settings/waivers.html",
        status,
        in_force=[each for each in reversed(found) if each.state == "in_force"],
        over=[each for each in found if each.state != "in_force"],
        given=usual | given,
        faults=faults or {},
        sites=[("", "All sites"), *[(str(s.id), s.name) for s in await hermes.sites.all()]],
        outputs=_outputs(hermes.catalog),
        first=today.isoformat(),
        last=(today + LONGEST - timedelta(days=1)).isoformat(),
    )


def _outputs(catalog: Catalog) -> list[tuple[str, list[tuple[str, str]]]]:
    """(service, its outputs to choose from), in the order of the catalog."""
    return [
        (s.name, [(f"{s.slug}/{slug}", s.label(slug)) for slug in s.expected_outputs])
        for s in catalog.workers
    ]
