"""What somebody typed, read by its model: every fault named by its field."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from hermes_base.problems import Problem

M = TypeVar("M", bound=BaseModel)


def typed(model: type[M], fields: Mapping[str, Any]) -> M:
    """Raises `invalid_request` with `{field, message}` of every fault in its details."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        faults = [(".".join(map(str, fault["loc"])), fault["msg"]) for fault in error.errors()]
        raise wrong(faults) from None


def wrong(faults: list[tuple[str, str]]) -> Problem:
    """The problem that reports invalid fields, each as (field, message)."""
    return Problem(
        "invalid_request",
        "; ".join(f"{field}: {message}" for field, message in faults),
        "Correct the fields named above.",
        field=faults[0][0],
        details=[{"field": field, "message": message} for field, message in faults],
    )
