"""What all API routes share."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request

from hermes.control import Hermes
from hermes_base.web.access import actor_of, person_of
from hermes_base.web.problems import ProblemView

EXAMPLE_ID = "7b0d9f1e-6f5c-4a52-9a57-0f6a3f7d2c11"


def hermes_of(request: Request) -> Hermes:
    """The control room, as far as the one who asks may see it."""
    person = person_of(request)
    hermes: Hermes = request.app.state.hermes
    return hermes.within(person.site_id if person else None)


Room = Annotated[Hermes, Depends(hermes_of)]
Actor = Annotated[str, Depends(actor_of)]
SiteId = Annotated[UUID, Query(alias="site_id", description="Id of a site", examples=[EXAMPLE_ID])]
ServiceName = Annotated[
    str | None,
    Query(max_length=64, description="Slug or alias of one service", examples=["crawl_render"]),
]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problem+json answers of a route, for OpenAPI."""
    content = {"application/problem+json": {"schema": ProblemView.model_json_schema(by_alias=True)}}
    words = {400: "Malformed", 401: "Token missing or wrong", 403: "Other site", 404: "Unknown",
             409: "Not possible now", 413: "Too large", 422: "Invalid, or nothing selected", 503: "Database away"}  # fmt: skip
    return {
        status: {"description": words[status], "content": content}
        for status in (401, *statuses, 503)
    }
