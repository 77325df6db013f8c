"""The knowledge base, as Hermes answers it."""

from collections.abc import Collection
from datetime import date

from hermes_fleet import hermes_api

PATH = "/api/knowledge"


class Document(hermes_api.ApiModel):
    """A document that advice rests on."""

    title: str
    url: str
    publisher: str


class Entry(hermes_api.ApiModel):
    """One piece of advice."""

    id: str
    topic: str
    title: str
    advice: str
    why: str
    how_to_check: str
    tip: str
    applies_to: list[str]
    evidence: str
    sources: list[Document]
    reviewed: date
    rank: float


class Found(hermes_api.ApiModel):
    """Entries, best first."""

    version: str
    entries: list[Entry]


async def about(topic: str, limit: int) -> Found:
    """Entries on a topic; all, when there is no topic. WorkerError when Hermes cannot be asked."""
    return await hermes_api.get(Found, PATH, {"q": topic, "limit": str(limit)})


async def answering(keys: Collection[str], limit: int) -> Found:
    """Entries that answer one of these findings, or the kind of finding that they belong to."""
    wide = {key.rpartition(".")[0] for key in keys if key.count(".") > 1}
    query = {"findings": ",".join(sorted({*keys, *wide})), "limit": str(limit)}
    return await hermes_api.get(Found, PATH, query)
