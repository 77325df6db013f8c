"""Corrections to a site. Only a person on a page approves one; programs propose and read."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from hermes.core.changes.proposed import ChangeInput
from hermes.core.changes.view import ChangeView, State
from hermes.web.dependencies import Room
from hermes_base.people.roles import ACT, READ
from hermes_base.web.api import Actor, problems
from hermes_base.web.routing import Router

router = Router(tags=["changes"])
PLACE = "/api/sites/{site_id}/changes"


@router.get(PLACE, READ, responses=problems(404, 422))
async def changes(
    site_id: UUID, hermes: Room, state: Annotated[State | None, Query()] = None
) -> list[ChangeView]:
    """The proposed changes of a site, the newest first, with who approved each."""
    return await hermes.changes.of(site_id, state)


@router.post(PLACE, ACT, status_code=201, responses=problems(400, 403, 404, 413, 422))
async def propose(site_id: UUID, wanted: ChangeInput, hermes: Room, actor: Actor) -> ChangeView:
    """Propose a change. It is made only after a signed-in person has approved it on the Changes page."""
    return await hermes.changes.propose(site_id, wanted, actor)
