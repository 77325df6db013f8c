"""Search over everything one may open: each product brings its own, and every page has the same field."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from fastapi import Request

from hermes_base.web.access.request_context import may

LONGEST = 100
"""Letters of a query; what is longer is cut."""
EACH = 6
"""Things shown under one heading."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found. `path` opens it; `press` is what is posted instead, for an action."""

    heading: str
    label: str
    detail: str
    icon: str
    path: str = ""
    press: str = ""


Searcher = Callable[[Request, str], Awaitable[Sequence[Found]]]
"""What a product finds for a query, the best first; "" asks for what is worth offering without one."""


async def found_for(request: Request, query: str) -> list[tuple[str, list[Found]]]:
    """(heading, things) of all that was found and may be opened, in the order of `app.state.searchers`."""
    searchers: Sequence[Searcher] = request.app.state.searchers
    query = query.strip()[:LONGEST]
    found = await asyncio.gather(*(searcher(request, query) for searcher in searchers))
    groups: dict[str, list[Found]] = {}
    for thing in (thing for things in found for thing in things):
        if _open(thing) and len(group := groups.setdefault(thing.heading, [])) < EACH:
            group.append(thing)
    return [(heading, things) for heading, things in groups.items() if things]


def matches(query: str, *texts: str) -> bool:
    """Whether each word of a query stands in one of these texts, whatever the case."""
    together = " ".join(texts).casefold()
    return all(word in together for word in query.casefold().split())


def _open(thing: Found) -> bool:
    return may(thing.press) if thing.press else may(thing.path.partition("#")[0], "GET")
