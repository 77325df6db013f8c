"""The base of all views: frozen, camelCase in JSON."""

from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class View(BaseModel):
    """Python says `site_id`, JSON says `siteId`."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class Row(Protocol):
    """A row of the database, read by column name."""

    def __getitem__(self, name: str, /) -> Any: ...
