"""What every route of the control room starts from, in the API and on the pages."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request

from hermes.control import Hermes
from hermes_base.web.access import person_of
from hermes_base.web.api import EXAMPLE_ID

SiteId = Annotated[UUID, Query(alias="site_id", description="Id of a site", examples=[EXAMPLE_ID])]
ServiceName = Annotated[
    str | None,
    Query(max_length=64, description="Slug or alias of one service", examples=["crawl_render"]),
]


def hermes_of(request: Request) -> Hermes:
    """The control room, as far as the person of this request may see it."""
    person = person_of(request)
    hermes: Hermes = request.app.state.hermes
    return hermes.within(person.site_id if person else None)


Room = Annotated[Hermes, Depends(hermes_of)]
