"""What of the catalog needs a person."""

from collections.abc import Sequence

from fastapi import Request

from hermes.catalog_files import CatalogFiles
from hermes.web.dependencies import hermes_of
from hermes_base.web.attention import Concern


async def concerns(request: Request) -> Sequence[Concern]:
    """A catalog file that cannot be used: what stands in it is not in force, and why."""
    files = hermes_of(request).scope.catalogs
    fault = files.fault if isinstance(files, CatalogFiles) else None
    if fault is None:
        return []
    title = "A catalog file cannot be used"
    text = f"The catalog from before stays in force. {fault.says}"
    return [Concern("catalog", title, "Catalog", text, "/", "See overview", fault.since)]
