"""Changes: what is proposed for a site, who approved what, and the pull requests that hold it."""

from typing import Literal
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hermes.core.changes.proposed import KIND_WORDS, ChangeInput
from hermes.web.dependencies import hermes_of
from hermes.web.pages.changes.words import differing
from hermes_base.people.roles import ACT, READ
from hermes_base.problems import Problem
from hermes_base.typed import typed
from hermes_base.web.access import actor_of, session_of
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.faults import faults_of
from hermes_base.web.html.forms import read_form
from hermes_base.web.html.rendering import page
from hermes_base.web.problems import status_of
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
PAGE = "/sites/{site_id}/changes"
FIELDS = ("page", "kind", "target", "before", "after", "why")


@router.get(PAGE, READ)
async def changes(request: Request, site_id: UUID) -> HTMLResponse:
    """All changes of a site; the form holds what the address names of a finding."""
    given = {name: request.query_params.get(name, "")[:1000] for name in FIELDS}
    return await _changes(request, site_id, given)


@router.post(PAGE, ACT)
async def propose(request: Request, site_id: UUID) -> Response:
    """Propose a change."""
    form = await read_form(request)
    try:
        given = {name: form.get(name, "").strip() for name in FIELDS}
        wanted = typed(ChangeInput, {**given, "before": given["before"] or None})
        await hermes_of(request).changes.propose(site_id, wanted, actor_of(request))
    except Problem as problem:
        if not (faults := faults_of(problem)):
            raise
        return await _changes(request, site_id, form, faults, status_of(problem.code))
    return _back(site_id)


@router.post(f"{PAGE}/{{change_id}}/approve", ACT)
async def approve(request: Request, site_id: UUID, change_id: UUID) -> RedirectResponse:
    """The signed-in person answers for this change."""
    return await _decide(request, site_id, change_id, "approved")


@router.post(f"{PAGE}/{{change_id}}/reject", ACT)
async def reject(request: Request, site_id: UUID, change_id: UUID) -> RedirectResponse:
    """The signed-in person does not want this change."""
    return await _decide(request, site_id, change_id, "rejected")


@router.post(f"{PAGE}/{{change_id}}/roll-back", ACT)
async def roll_back(request: Request, site_id: UUID, change_id: UUID) -> RedirectResponse:
    """The next run takes the pull request of this change back."""
    session_of(request)
    await hermes_of(request).changes.roll_back(site_id, change_id, actor_of(request))
    return _back(site_id)


async def _decide(
    request: Request, site_id: UUID, change_id: UUID, state: Literal["approved", "rejected"]
) -> RedirectResponse:
    """By a person with a browser: a token has nobody behind it at that moment. Raises `session_needed`."""
    session_of(request)
    await hermes_of(request).changes.decide(site_id, change_id, state, actor_of(request))
    return _back(site_id)


def _back(site_id: UUID) -> RedirectResponse:
    return RedirectResponse(f"/sites/{site_id}/changes", 303)


async def _changes(
    request: Request, site_id: UUID, given: dict[str, str],
    faults: dict[str, str] | None = None, status: int = 200,
) -> HTMLResponse:  # fmt: skip
    async with hermes_of(request).snapshot() as then:
        site, found = await then.sites.one(site_id), await then.changes.of(site_id)
    return await page(
        request, "changes.html", status, site=site, differing=differing,
        waiting=[each for each in found if each.state == "proposed"],
        approved=[each for each in found if each.state == "approved"],
        rejected=[each for each in found if each.state == "rejected"],
        kinds=[("", "Choose what to change"), *KIND_WORDS.items()],
        given=given, faults=faults or {}, here=request.url.path,
    )  # fmt: skip
