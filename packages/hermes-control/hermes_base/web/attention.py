"""What needs a person, of each product: rows that the overview shows beside its own."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request

from hermes_base.web.access.request_context import may


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that waits for a person, and the page where it is done."""

    id: str
    title: str
    where: str
    text: str
    path: str
    action: str
    since: datetime | None = None


Part = Callable[[Request], Awaitable[Sequence[Concern]]]
"""What of a product needs a person now."""


async def concerns_of(request: Request) -> list[Concern]:
    """Of all parts, in the order of `app.state.attention`; what one may not open is left out."""
    parts: Sequence[Part] = request.app.state.attention
    found = await asyncio.gather(*(part(request) for part in parts))
    return [each for concerns in found for each in concerns if may(each.path, "GET")]
