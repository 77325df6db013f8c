"""Fields that a view has in common with the row it is made of."""

from dataclasses import fields
from typing import Any

from hermes_base.view import View


def shared_fields(view: type[View], row: object) -> dict[str, Any]:
    """The values of a row, by name, for those fields that the view has as well.

    `row` is one of the dataclasses of `core.rows`. What the view has besides is for its maker to add:
    a field that nobody gives is refused by the view itself.
    """
    names = {each.name for each in fields(row)}  # type: ignore[arg-type]  # a dataclass
    return {name: getattr(row, name) for name in names & view.model_fields.keys()}
