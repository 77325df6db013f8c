"""The knowledge base over HTTP: by words, by what was found on a site, or all of it."""

from typing import Annotated

from fastapi import Query

from hermes.core.views.knowledge import KnowledgeFound
from hermes.web.dependencies import Room
from hermes_base.people.roles import READ_ANY
from hermes_base.web.api import problems
from hermes_base.web.routing import Router

router = Router(tags=["knowledge"])
Words = Annotated[
    str,
    Query(
        max_length=300,
        description="Search words. Use quotes for a phrase and a minus sign to exclude a word",
        examples=["title tags and meta descriptions"],
    ),
]
Findings = Annotated[
    str | None,
    Query(
        max_length=4000,
        pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*(,[a-z0-9_]+(\.[a-z0-9_]+)*)*$",
        description="Only entries for these findings, separated by commas",
        examples=["crawl_render.redirect_chains,core_web_vitals.lcp"],
    ),
]
Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("/api/knowledge", READ_ANY, responses=problems(422))
async def knowledge(
    hermes: Room, q: Words = "", findings: Findings = None, limit: Limit = 20
) -> KnowledgeFound:
    """Advice on search and websites, each with its reason, a way to check it and its sources."""
    return await hermes.knowledge.search(q, findings.split(",") if findings else None, limit)
