"""The knowledge base: what a finding means, and what to do about it."""

from collections.abc import Sequence

from hermes.core.views.knowledge import KnowledgeFound, knowledge_entry
from hermes.storage import knowledge
from hermes_base.postgres.database import Pool


class Knowledge:
    """The shipped entries, searched in the database."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def search(
        self, words: str, findings: Sequence[str] | None, limit: int
    ) -> KnowledgeFound:
        """Entries that hold the words and answer one of the findings."""
        shipped = knowledge.shipped()
        await knowledge.keep_current(self._pool, shipped)
        wanted = words.replace("\0", " ").strip()  # a NUL is no text to PostgreSQL
        rows = await knowledge.search(self._pool, wanted, findings, limit)
        entries = [knowledge_entry(row) for row in rows]
        return KnowledgeFound(version=shipped.version, entries=entries)
