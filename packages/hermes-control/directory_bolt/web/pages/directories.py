"""The staff's list of directories, and the forms that add and change them."""

from collections.abc import Mapping
from typing import Any, cast, get_args
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from directory_bolt.core.catalog.entries import Format, changes_of, entries_of, entry_of
from directory_bolt.core.orders.recorded_outcomes import LONGEST
from directory_bolt.core.views.order_work import DirectoryView
from directory_bolt.web.dependencies import orders_of, queries_of
from directory_bolt.web.pages import staff_filters
from directory_bolt.web.pages.frame import staff_page
from hermes_base.people.roles import ACT_ALL, READ_ALL
from hermes_base.problems import Problem, not_found
from hermes_base.web.access import actor_of
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.forms import read_form, way_back
from hermes_base.web.problems import status_of
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
FACTS = (
    "name", "submission_url", "category", "tier", "domain_authority", "lookup_url", "pacing_seconds",
)  # fmt: skip
TERMS = ("terms_decision", "terms_note")
LIST = "/staff/directories"


@router.get("/staff/directories", READ_ALL)
async def directories(request: Request) -> HTMLResponse:
    """The catalog of directories: terms, switches, and what was measured."""
    all_of_them = await queries_of(request).directories()
    choice = staff_filters.filter_of(request.query_params, staff_filters.DIRECTORY_STATES)
    shown = staff_filters.directories(all_of_them, choice)
    listed = [each for each in all_of_them if not each.retired_at]
    return await staff_page(
        request,
        "staff/directories.html",
        choice=choice,
        chips=staff_filters.directory_chips(all_of_them, choice),
        shown=shown,
        used=sum(each.is_used for each in listed),
        number=len(listed),
    )


@router.get("/staff/directories/new", ACT_ALL)
async def new_directories(request: Request) -> HTMLResponse:
    """Two empty forms: one directory, or a list of them."""
    return await _form(request, None, {"tier": "3", "pacing_seconds": "5", "category": "general"})


@router.post("/staff/directories/new", ACT_ALL)
async def add_directory(request: Request) -> Response:
    """Add one directory, or update the one at its address."""
    form = await read_form(request)
    try:
        entry = entry_of({name: form.get(name, "") for name in (*FACTS, *TERMS)})
        await orders_of(request).directories.put([entry], actor_of(request))
    except Problem as problem:
        return await _form(request, None, form, problem)
    return RedirectResponse(LIST, 303)


@router.post("/staff/directories/import", ACT_ALL)
async def import_directories(request: Request) -> Response:
    """Add a pasted list: all of it, or none."""
    form = await read_form(request)
    try:
        entries = entries_of(form.get("list", ""), _format(form))
        await orders_of(request).directories.put(entries, actor_of(request))
    except Problem as problem:
        return await _form(request, None, form, problem, "list")
    return RedirectResponse(LIST, 303)


@router.get("/staff/directories/{directory_id}", ACT_ALL)
async def edit_directory(request: Request, directory_id: UUID) -> HTMLResponse:
    """The form with what is known of a directory."""
    one = await _one(request, directory_id)
    known = {name: getattr(one, name) for name in FACTS}
    typed = {name: "" if each is None else f"{each:g}" if isinstance(each, float) else str(each)
             for name, each in known.items()}  # fmt: skip
    return await _form(request, one, typed)


@router.post("/staff/directories/{directory_id}", ACT_ALL)
async def change_directory(request: Request, directory_id: UUID) -> Response:
    """Change a directory; what is wrong is said beside its field."""
    form = await read_form(request)
    try:
        changes = changes_of({name: form[name] for name in FACTS if name in form})
        await orders_of(request).directories.edit(directory_id, changes, actor_of(request))
    except Problem as problem:
        if problem.code == "unknown_directory":
            raise
        return await _form(request, await _one(request, directory_id), form, problem)
    return RedirectResponse(LIST, 303)


@router.post("/staff/directories/{directory_id}/retire", ACT_ALL)
async def retire(request: Request, directory_id: UUID) -> RedirectResponse:
    """Take a directory out of use and out of the list."""
    await orders_of(request).directories.retire(directory_id, actor_of(request))
    return RedirectResponse(way_back(await read_form(request), LIST), 303)


@router.post("/staff/directories/{directory_id}/terms", ACT_ALL)
async def decide_terms(request: Request, directory_id: UUID) -> RedirectResponse:
    """Record whether a directory's terms allow submissions, and where that is said."""
    form = await read_form(request)
    decision, note = form.get("decision", ""), form.get("note", "")[:LONGEST]
    await orders_of(request).directories.decide_terms(
        directory_id, decision, note, actor_of(request)
    )
    return RedirectResponse(way_back(form, "/staff/directories"), 303)


@router.post("/staff/directories/{directory_id}/enabled", ACT_ALL)
async def enable(request: Request, directory_id: UUID) -> RedirectResponse:
    """Enable or disable a directory for future orders."""
    form = await read_form(request)
    wanted = form.get("enabled", "")
    if wanted not in ("yes", "no"):
        raise Problem("invalid_request", "Choose whether to enable or disable the directory.", "Use the button beside the directory.", field="enabled")  # fmt: skip
    await orders_of(request).directories.enable(directory_id, wanted == "yes", actor_of(request))
    return RedirectResponse(way_back(form, "/staff/directories"), 303)


def _format(form: Mapping[str, str]) -> Format:
    kind = form.get("format", "")
    if kind not in get_args(Format):
        raise Problem("invalid_request", "No format was chosen.", "Choose CSV, JSON or TOML.")
    return cast("Format", kind)


async def _one(request: Request, directory_id: UUID) -> DirectoryView:
    found = await queries_of(request).directories()
    for each in found:
        if each.id == directory_id:
            return each
    raise not_found("unknown_directory", directory_id, "Take an id from the directories.")


async def _form(
    request: Request,
    one: DirectoryView | None,
    typed: Mapping[str, str],
    problem: Problem | None = None,
    where: str = "",
) -> HTMLResponse:
    """The form as it was typed, with the fault beside its field, or the one named by `where`."""
    faults = {where or problem.field or "name": problem.message} if problem else {}
    seen = await queries_of(request).last_rehearsal(one.id) if one else None
    told: dict[str, Any] = {"one": one, "typed": typed, "faults": faults, "seen": seen}
    status = status_of(problem.code) if problem else 200
    return await staff_page(request, "staff/directory_form.html", status=status, **told)
