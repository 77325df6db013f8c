"""The staff's buttons. Each does one thing and sends the browser back to the page it came from."""

from typing import cast, get_args
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from directory_bolt.core.orders.recorded_outcomes import LONGEST, RecordedOutcome, Resolution
from directory_bolt.web.dependencies import customer_link_of, orders_of, queries_of
from directory_bolt.web.pages.manual import refused_outcome
from directory_bolt.web.pages.staff import order_page
from hermes_base.people.roles import ACT_ALL
from hermes_base.problems import Problem
from hermes_base.web.access import actor_of
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.forms import read_form, way_back
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)


@router.post("/staff/jobs/{job_id}/cancel", ACT_ALL)
async def cancel(request: Request, job_id: UUID) -> RedirectResponse:
    """Cancel an order. Completed submissions stay; nothing more is submitted."""
    await orders_of(request).staff.cancel(job_id, actor_of(request))
    return await _back(request, f"/staff/jobs/{job_id}")


@router.post("/staff/jobs/{job_id}/push", ACT_ALL)
async def push(request: Request, job_id: UUID) -> RedirectResponse:
    """Queue a pending order now."""
    await orders_of(request).staff.push(job_id, actor_of(request))
    return await _back(request, f"/staff/jobs/{job_id}")


@router.post("/staff/jobs/{job_id}/priority", ACT_ALL)
async def set_priority(request: Request, job_id: UUID) -> RedirectResponse:
    """Change an order's priority."""
    form = await read_form(request)
    given = form.get("priority", "")
    priority = int(given) if given in ("1", "2", "3", "4") else 0
    await orders_of(request).staff.set_priority(job_id, priority, actor_of(request))
    return RedirectResponse(way_back(form, f"/staff/jobs/{job_id}"), 303)


@router.post("/staff/jobs/{job_id}/retry-failed", ACT_ALL)
async def retry_failed(request: Request, job_id: UUID) -> RedirectResponse:
    """Retry an order's failed directories."""
    await orders_of(request).retries.retry_failed(job_id, actor_of(request))
    return await _back(request, f"/staff/jobs/{job_id}")


@router.post("/staff/jobs/{job_id}/customer-link", ACT_ALL)
async def customer_link(request: Request, job_id: UUID) -> HTMLResponse:
    """Create a signed link for the customer to follow this order."""
    token, good_until = await queries_of(request).customer_link(job_id, actor_of(request))
    link = customer_link_of(request, token)
    return await order_page(request, job_id, link=link, good_until=good_until)


@router.post("/staff/jobs/{job_id}/customer-link/revoke", ACT_ALL)
async def revoke_customer_links(request: Request, job_id: UUID) -> RedirectResponse:
    """Revoke every link to this order that was given out."""
    await queries_of(request).revoke_customer_links(job_id, actor_of(request))
    return RedirectResponse(f"/staff/jobs/{job_id}", 303)


@router.post("/staff/results/{result_id}/retry", ACT_ALL)
async def retry(request: Request, result_id: UUID) -> RedirectResponse:
    """Submit to one directory once more, deliberately."""
    job_id = await orders_of(request).retries.retry_one(result_id, actor_of(request))
    return await _back(request, f"/staff/jobs/{job_id}")


@router.post("/staff/results/{result_id}/resolve", ACT_ALL)
async def resolve(request: Request, result_id: UUID) -> Response:
    """Record the outcome of a directory that needed a person; a fault is said beside its field."""
    form = await read_form(request)
    try:
        job_id = await orders_of(request).staff.resolve(
            result_id, _outcome(form), actor_of(request)
        )
    except Problem as problem:
        if problem.field is None:
            raise
        return await refused_outcome(request, result_id, form, problem)
    return RedirectResponse(way_back(form, f"/staff/jobs/{job_id}"), 303)


@router.post("/staff/results/{result_id}/undo", ACT_ALL)
async def undo(request: Request, result_id: UUID) -> RedirectResponse:
    """Take back an outcome that a person recorded."""
    job_id = await orders_of(request).staff.undo(result_id, actor_of(request))
    return await _back(request, f"/staff/jobs/{job_id}")


def _outcome(form: dict[str, str]) -> RecordedOutcome:
    """What the form says. Raises `invalid_request` where nothing was chosen."""
    status = form.get("status", "")
    if status not in get_args(Resolution):
        hint = "Choose submitted, failed or skipped."
        raise Problem("invalid_request", "No outcome was chosen.", hint, field="status")
    return RecordedOutcome(
        cast("Resolution", status),
        form.get("listing_url", ""),
        form.get("reference", "")[:LONGEST],
        confirmed=form.get("confirmed") == "yes",
        note=form.get("note", "")[:LONGEST],
    )


@router.post("/staff/dead-letters/{letter_id}/replay", ACT_ALL)
async def replay(request: Request, letter_id: UUID) -> RedirectResponse:
    """Replay a dead letter."""
    await orders_of(request).retries.replay(letter_id, actor_of(request))
    return await _back(request, "/staff/queue")


@router.post("/staff/alerts/close", ACT_ALL)
async def close_alert(request: Request) -> RedirectResponse:
    """Mark an alert as resolved."""
    form = await read_form(request)
    await orders_of(request).staff.close_alert(form.get("key", ""), actor_of(request))
    return RedirectResponse(way_back(form, "/staff/dashboard"), 303)


async def _back(request: Request, otherwise: str) -> RedirectResponse:
    return RedirectResponse(way_back(await read_form(request), otherwise), 303)
