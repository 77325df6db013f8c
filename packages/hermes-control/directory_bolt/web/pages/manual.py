"""What needs a person: one directory a screen, beside the list of all that wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse

from directory_bolt.core.views.orders import ManualItem
from directory_bolt.web.dependencies import queries_of
from directory_bolt.web.pages.frame import staff_page
from hermes_base.people.roles import READ_ALL
from hermes_base.problems import Problem
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.rendering import is_htmx, notice
from hermes_base.web.problems import status_of
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
LISTED = 500


@dataclass(frozen=True, slots=True)
class WaitingOrder:
    """The directories of one order that need a person, the longest waiting first."""

    job_id: UUID
    business_name: str
    items: Sequence[ManualItem]


@dataclass(frozen=True, slots=True)
class TypedOutcome:
    """What was typed into the form of an outcome, and what is wrong with it."""

    fields: Mapping[str, str]
    problem: Problem | None = None

    def value(self, name: str) -> str:
        """As it was typed; "" for a field that was left empty."""
        return self.fields.get(name, "")

    def fault(self, name: str) -> Problem | None:
        """What is wrong with a field, if it is this one."""
        return self.problem if self.problem and self.problem.field == name else None


NOTHING_TYPED = TypedOutcome({})


@router.get("/staff/manual", READ_ALL)
async def manual(request: Request) -> HTMLResponse:
    """The directory that `?item=` names, or the one that waits longest, with its evidence."""
    items = await queries_of(request).manual(LISTED)
    return await _shown(request, items, request.query_params.get("item", ""), NOTHING_TYPED)


async def refused_outcome(
    request: Request, result_id: UUID, form: Mapping[str, str], problem: Problem
) -> HTMLResponse:
    """The form as it was sent, with the fault beside its field; without a script the whole page."""
    items = await queries_of(request).manual(LISTED)
    item = _named(items, str(result_id))
    if item is None:
        raise problem
    typed, status = TypedOutcome(form, problem), status_of(problem.code)
    if not is_htmx(request):
        return await _shown(request, items, str(result_id), typed, status)
    answer = notice("staff/outcome.html", status, item=item, typed=typed, back=form.get("back", ""))
    answer.headers["HX-Retarget"] = f"#outcome-{result_id}"
    answer.headers["HX-Reswap"] = "outerHTML"
    return answer


async def _shown(
    request: Request,
    items: Sequence[ManualItem],
    wanted: str,
    typed: TypedOutcome,
    status: int = 200,
) -> HTMLResponse:
    item = _named(items, wanted) if wanted else next(iter(items), None)
    facts: dict[str, Any] = {
        "items": items,
        "item": item,
        "typed": typed,
        "orders": by_order(items),
    }
    return await staff_page(request, "staff/manual.html", status=status, **facts)


def _named(items: Sequence[ManualItem], result_id: str) -> ManualItem | None:
    return next((item for item in items if str(item.result_id) == result_id), None)


def by_order(items: Sequence[ManualItem]) -> list[WaitingOrder]:
    """The same items under their orders; the order that waits longest first."""
    places: dict[UUID, int] = {}
    for item in items:
        places.setdefault(item.job_id, len(places))
    grouped = groupby(
        sorted(items, key=lambda item: places[item.job_id]), key=lambda item: item.job_id
    )
    found = [(job_id, list(each)) for job_id, each in grouped]
    return [WaitingOrder(job_id, each[0].business_name, each) for job_id, each in found]
