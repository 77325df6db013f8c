"""The staff's forms of an order: a new one, also of a payment that did not fit, and its profile."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from directory_bolt.core.orders.packages import PACKAGES
from directory_bolt.core.orders.profile_form import GROUPS, HINTS, LABELS, form_of, profile_of
from directory_bolt.core.orders.unfit_payments import UnfitPayment
from directory_bolt.ordering import StaffOrder
from directory_bolt.web.dependencies import orders_of, queries_of
from directory_bolt.web.pages.frame import staff_page
from hermes_base.people.roles import ACT_ALL
from hermes_base.problems import Problem
from hermes_base.web.access import actor_of
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.forms import read_form
from hermes_base.web.problems import status_of
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
CHOICES = [
    (p.slug, f"{p.name}, {p.directories} directories, {p.price_usd} USD") for p in PACKAGES.values()
]
LONGEST_NOTE = 500
LISTED = 500


@router.get("/staff/orders/new", ACT_ALL)
async def new_order(request: Request) -> HTMLResponse:
    """The form, filled with what the payment of `?payment=` says."""
    event_id = request.query_params.get("payment", "")
    payment = await _payment(request, event_id)
    known = payment.profile | {"package": payment.package} if payment else {}
    return await _form(request, {**known, "payment": event_id}, payment=payment)


@router.post("/staff/orders/new", ACT_ALL)
async def make_order(request: Request) -> Response:
    """Make the order; what is wrong is said beside its field."""
    form = await read_form(request)
    try:
        wanted = StaffOrder(
            form.get("package", ""), profile_of(form), form.get("payment", ""),
            note=form.get("note", "")[:LONGEST_NOTE],
        )  # fmt: skip
        job_id = await orders_of(request).ordering.order(wanted, actor_of(request))
    except Problem as problem:
        payment = await _payment(request, form.get("payment", ""))
        return await _form(request, form, problem, payment=payment)
    return RedirectResponse(f"/staff/jobs/{job_id}", 303)


@router.get("/staff/jobs/{job_id}/profile", ACT_ALL)
async def profile(request: Request, job_id: UUID) -> HTMLResponse:
    """The profile of an order's business."""
    known = await orders_of(request).profiles.one(job_id)
    return await _form(request, form_of(known), order=await queries_of(request).order(job_id))


@router.post("/staff/jobs/{job_id}/profile", ACT_ALL)
async def save_profile(request: Request, job_id: UUID) -> Response:
    """Change the profile; what waited for it goes on."""
    form = await read_form(request)
    try:
        await orders_of(request).profiles.edit(job_id, profile_of(form), actor_of(request))
    except Problem as problem:
        if problem.field is None:
            raise
        return await _form(request, form, problem, order=await queries_of(request).order(job_id))
    return RedirectResponse(f"/staff/jobs/{job_id}", 303)


async def _payment(request: Request, event_id: str) -> UnfitPayment | None:
    """The payment without an order of this event; None for another one."""
    found = await queries_of(request).unfit_payments(LISTED) if event_id else []
    return next((each for each in found if each.event_id == event_id), None)


async def _form(
    request: Request, typed: Mapping[str, str], problem: Problem | None = None, **about: Any
) -> HTMLResponse:
    """The form as it was typed; a fault without a field of its own stands above it."""
    fields = {"package_type": "package"}
    where = fields.get(problem.field or "", problem.field) if problem else None
    beside = problem is not None and where in {*LABELS, "package"}
    told: dict[str, Any] = {
        "typed": typed, "groups": GROUPS, "hints": HINTS, "packages": CHOICES,
        "faults": {where: problem.message} if problem and beside else {},
        "fault": None if beside else problem, "order": None, "payment": None, **about,
    }  # fmt: skip
    status = status_of(problem.code) if problem else 200
    return await staff_page(request, "staff/order_form.html", status=status, **told)
