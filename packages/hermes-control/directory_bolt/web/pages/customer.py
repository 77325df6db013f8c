"""The customer's pages: their own order and their business, behind a signed link."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from directory_bolt.core.orders.profile import BusinessProfile, lacking_of
from directory_bolt.core.orders.profile_form import GROUPS, HINTS, LABELS, form_of, profile_of
from directory_bolt.core.views.customer_report import report_csv
from directory_bolt.profiles import CUSTOMER
from directory_bolt.web.dependencies import orders_of, queries_of
from directory_bolt.web.printing import Printer
from hermes_base.people.roles import OPEN
from hermes_base.problems import Problem
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.forms import read_form
from hermes_base.web.html.rendering import framed, rendered
from hermes_base.web.problems import status_of
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
PRINTER = Printer()


@router.get("/orders/{token}", OPEN)  # the link itself is signed
async def order(request: Request, token: str) -> HTMLResponse:
    """The order of this link, or why the link does not work; never with the navigation of staff."""
    try:
        found = await queries_of(request).customer_order(token)
    except Problem as problem:
        return _away(request, problem)
    return _unlisted(framed(request, "customer.html", order=found, token=token))


@router.get("/orders/{token}/report.csv", OPEN)
async def report_table(request: Request, token: str) -> Response:
    """The report as a table: one line for each directory."""
    try:
        found = await queries_of(request).customer_order(token)
    except Problem as problem:
        return _away(request, problem)
    return _file(report_csv(found).encode(), "text/csv; charset=utf-8", "listings.csv")


@router.get("/orders/{token}/report.pdf", OPEN)
async def report(request: Request, token: str) -> Response:
    """The report on paper."""
    try:
        found = await queries_of(request).customer_order(token)
        html = rendered("customer_report.html", order=found, now=request.app.state.clock())
        return _file(await PRINTER.pdf(html), "application/pdf", "listings.pdf")
    except Problem as problem:
        return _away(request, problem)


@router.get("/orders/{token}/profile", OPEN)
async def profile(request: Request, token: str) -> HTMLResponse:
    """What is known of the customer's business, to be completed."""
    try:
        job_id, _ = await queries_of(request).customer_job(token)
        known = await orders_of(request).profiles.one(job_id)
    except Problem as problem:
        return _away(request, problem)
    return _form(request, token, form_of(known))


@router.post("/orders/{token}/profile", OPEN)
async def save_profile(request: Request, token: str) -> Response:
    """Save it; an order that waited for it goes on."""
    try:
        job_id, _ = await queries_of(request).customer_job(token)
        form = await read_form(request)
    except Problem as problem:
        return _away(request, problem)
    try:
        await orders_of(request).profiles.edit(job_id, _complete(profile_of(form)), CUSTOMER)
    except Problem as problem:
        if problem.field is None:
            return _away(request, problem)
        return _form(request, token, form, problem)
    return RedirectResponse(f"/orders/{token}", 303)


def _complete(given: BusinessProfile) -> BusinessProfile:
    """Raises `invalid_request` with the field that is still missing."""
    if lacking := lacking_of(given):
        message = f"{LABELS[lacking[0]]} is needed: directories ask for it."
        raise Problem("invalid_request", message, "Fill it in.", field=lacking[0])
    return given


def _form(
    request: Request, token: str, typed: Mapping[str, str], problem: Problem | None = None
) -> HTMLResponse:
    facts: dict[str, Any] = {
        "token": token, "typed": typed, "groups": GROUPS, "hints": HINTS, "fault": problem,
        "faults": {problem.field: problem.message} if problem else {},
    }  # fmt: skip
    status = status_of(problem.code) if problem else 200
    return _unlisted(framed(request, "customer_profile.html", status=status, **facts))


def _file(content: bytes, kind: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Robots-Tag": "noindex",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=kind, headers=headers)


def _away(request: Request, problem: Problem) -> HTMLResponse:
    status = status_of(problem.code)
    return _unlisted(framed(request, "customer_away.html", status=status, problem=problem))


def _unlisted(answer: HTMLResponse) -> HTMLResponse:
    """No search engine lists what a signed link leads to."""
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
