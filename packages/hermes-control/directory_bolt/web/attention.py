"""What of the orders needs a person."""

from collections.abc import Sequence

from fastapi import Request

from directory_bolt.web.dependencies import queries_of
from hermes_base.web.attention import Concern


async def concerns(request: Request) -> Sequence[Concern]:
    """Directories that need a person, if any, with the one that waits longest."""
    queries = queries_of(request)
    oldest = await queries.manual(1)
    if not oldest:
        return []
    number, first = (await queries.waiting()).for_people, oldest[0]
    verb = "directory needs" if number == 1 else "directories need"
    text = f"Waiting longest: {first.directory_name} for {first.business_name}."
    title = f"{number} {verb} a person"
    path, since = "/staff/manual", first.updated_at
    return [Concern("directories", title, "Orders", text, path, "Open list", since)]
