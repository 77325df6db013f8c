"""What Directory-Bolt shows in the navigation, and what search finds of it."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import Request

from directory_bolt.core.orders.order_filter import order_filter_of
from directory_bolt.web.dependencies import queries_of
from hermes_base.web.navigation import Count, Group, Link
from hermes_base.web.search import EACH, Found, matches


async def navigation(request: Request, site_id: UUID | None) -> Sequence[Group]:
    """Orders under way, what waits for a person, the queue and the directories."""
    waiting = await queries_of(request).waiting()
    links = (
        Link(
            "Orders",
            "/staff/dashboard",
            "box",
            Count(waiting.open_orders, f"{waiting.open_orders} open"),
            also=("/staff/jobs",),
        ),
        Link(
            "Needs a person",
            "/staff/manual",
            "hand",
            Count(waiting.for_people, f"{waiting.for_people} directories need a person", "act"),
        ),
        Link(
            "Queue",
            "/staff/queue",
            "updown",
            Count(waiting.dead_letters, f"{waiting.dead_letters} dead letters", "bad"),
        ),
        Link("Directories", "/staff/directories", "book"),
    )
    return [Group("Orders", links)]


async def found(request: Request, query: str) -> Sequence[Found]:
    """Orders by what their list is searched by, directories by name and address."""
    if not query:
        return []
    queries = queries_of(request)
    orders = await queries.listed(order_filter_of({"q": query}), EACH)
    directories = await queries.directories()
    return [
        *(
            Found("Orders", each.business_name, each.status_text, "box", f"/staff/jobs/{each.id}")
            for each in orders.orders
        ),
        *(
            Found("Directories", each.name, each.submission_url, "book", f"/staff/directories?q={each.name}")
            for each in directories
            if matches(query, each.name, each.submission_url)
        ),
    ]  # fmt: skip
