"""What a search of the knowledge base finds."""

from datetime import date

from hermes_base.view import Row, View


class KnowledgeSource(View):
    """A document that advice rests on."""

    title: str
    url: str
    publisher: str


class KnowledgeEntry(View):
    """One piece of advice. `rank`: how well it fits the words, 0 where no words were given."""

    id: str
    topic: str
    title: str
    advice: str
    why: str
    how_to_check: str
    tip: str
    applies_to: list[str]
    evidence: str
    sources: list[KnowledgeSource]
    reviewed: date
    rank: float


class KnowledgeFound(View):
    """Entries, best first, of which version of the knowledge base."""

    version: str
    entries: list[KnowledgeEntry]


def knowledge_entry(row: Row) -> KnowledgeEntry:
    """An entry from its row."""
    return KnowledgeEntry(**{name: row[name] for name in KnowledgeEntry.model_fields})
