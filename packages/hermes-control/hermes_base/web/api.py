"""What all API routes share: who acts, and the problems that a route may answer with."""

from typing import Annotated, Any

from fastapi import Depends

from hermes_base.web.access import actor_of
from hermes_base.web.problems import ProblemView

EXAMPLE_ID = "7b0d9f1e-6f5c-4a52-9a57-0f6a3f7d2c11"

Actor = Annotated[str, Depends(actor_of)]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `application/problem+json` responses of a route with these statuses, for OpenAPI."""
    content = {"application/problem+json": {"schema": ProblemView.model_json_schema(by_alias=True)}}
    words = {400: "Malformed", 401: "Token missing or not valid", 403: "Token is for another site", 404: "Unknown",
             409: "Not possible now", 413: "Too large", 422: "Invalid, or nothing selected", 503: "Database unavailable"}  # fmt: skip
    return {
        status: {"description": words[status], "content": content}
        for status in (401, *statuses, 503)
    }
