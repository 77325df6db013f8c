"""Adding, changing and deleting a site: what is wrong is said beside its field, what was typed stays."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hermes.core.sites.input import SiteChange, read_site
from hermes.core.views import SiteView
from hermes.web.dependencies import hermes_of
from hermes.web.pages.sites.fields import GROUPS, LABELS, faults_of, fields_of, needed_by, typed_of
from hermes_base.people.roles import ACT, ACT_ALL
from hermes_base.problems import Problem
from hermes_base.web.access import actor_of
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.forms import read_form
from hermes_base.web.html.rendering import page
from hermes_base.web.problems import status_of
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
Texts = Mapping[str, str]


@router.get("/sites/new", ACT_ALL)
async def new_site(request: Request) -> HTMLResponse:
    """An empty form."""
    return await _form(request, None, {}, {})


@router.post("/sites", ACT_ALL)
async def add_site(request: Request) -> Response:
    """Register a site and open its integrations."""
    form = await read_form(request)
    try:
        site = await hermes_of(request).sites.add(read_site(fields_of(form)), actor_of(request))
    except Problem as problem:
        return await _refused(request, None, form, problem)
    return RedirectResponse(f"/sites/{site.id}/integrations", 303)


@router.get("/sites/{site_id}/edit", ACT)
async def edit_site(request: Request, site_id: UUID) -> HTMLResponse:
    """The form with what is known of a site."""
    site = await hermes_of(request).sites.one(site_id)
    return await _form(request, site, typed_of(site), {})


@router.post("/sites/{site_id}/edit", ACT)
async def change_site(request: Request, site_id: UUID) -> Response:
    """Change a site; what somebody else changed meanwhile is shown, not overwritten."""
    hermes = hermes_of(request)
    form = await read_form(request)
    try:
        await hermes.sites.change(site_id, _change(form), actor_of(request))
    except Problem as problem:
        site = await hermes.sites.one(site_id)
        if problem.code == "site_changed":
            return await _form(request, site, form, _theirs(site, form), problem)
        return await _refused(request, site, form, problem)
    return RedirectResponse(f"/sites/{site_id}/integrations", 303)


def _change(form: Texts) -> SiteChange:
    """Raises `invalid_request` for a form that is not ours."""
    try:
        seen = datetime.fromisoformat(form.get("updated_at", ""))
        return SiteChange.model_validate({"updatedAt": seen, **fields_of(form)})
    except ValueError as error:
        hint = "Open the form again."
        raise Problem("invalid_request", "The form is incomplete.", hint) from error


def _theirs(site: SiteView, form: Texts) -> dict[str, str]:
    """What stands in the site now, beside each field that was typed otherwise."""
    now = typed_of(site)
    return {
        field.name: f"Current value: {now.get(field.name) or 'empty'}. Saving replaces it with yours."
        for _, fields in GROUPS
        for field in fields
        if now.get(field.name, "").splitlines() != form.get(field.name, "").splitlines()
    }


@router.get("/sites/{site_id}/delete", ACT)
async def ask_to_delete(request: Request, site_id: UUID) -> HTMLResponse:
    """What a deletion means, and a field for the name of the site."""
    site = await hermes_of(request).sites.one(site_id)
    return await page(request, "site_delete.html", site=site, typed="", problem=None, reasons=[])


@router.post("/sites/{site_id}/delete", ACT)
async def delete_site(request: Request, site_id: UUID) -> Response:
    """Forget a site whose name was typed."""
    hermes = hermes_of(request)
    typed = (await read_form(request)).get("name", "")
    try:
        await hermes.sites.delete(site_id, typed, actor_of(request))
    except Problem as problem:
        if problem.code not in ("name_differs", "site_busy"):
            raise
        facts: dict[str, Any] = {
            "site": await hermes.sites.one(site_id),
            "typed": typed,
            "problem": problem,
        }
        return await page(request, "site_delete.html", status_of(problem.code), reasons=[], **facts)
    return RedirectResponse("/", 303)


async def _refused(
    request: Request, site: SiteView | None, form: Texts, problem: Problem
) -> Response:
    """Beside its fields; a problem of no field is not the form's."""
    faults = faults_of(problem)
    if not faults:
        raise problem
    return await _form(request, site, form, faults, problem)


async def _form(
    request: Request,
    site: SiteView | None,
    typed: Texts,
    faults: Texts,
    problem: Problem | None = None,
) -> HTMLResponse:
    return await page(
        request,
        "site_form.html",
        status_of(problem.code) if problem else 200,
        site=site,
        typed=typed,
        faults=faults,
        problem=problem,
        groups=GROUPS,
        labels=LABELS,
        needed_by=needed_by(hermes_of(request).catalog),
    )
