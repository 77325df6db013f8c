"""A full-text index of pages that were read: an honest stand-in for a search engine, and never called Google."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from hermes_fleet.http import Spent
from hermes_fleet.searching.document import Document
from hermes_fleet.searching.engine import Manners
from hermes_fleet.searching.nearest import words
from hermes_fleet.searching.results import Hit, Locale, ResultPage
from hermes_fleet.searching.site_reader import Reading
from hermes_worker.result import Provenance

NAME = "local index, not Google"
RANKING = "BM25 over title (weight 8), headings (4) and text (1); a page must hold every word"
MAKE = (
    "CREATE VIRTUAL TABLE pages USING fts5("
    "title, headings, body, url UNINDEXED, tokenize='porter unicode61')"
)
ADD = "INSERT INTO pages VALUES (?, ?, ?, ?)"
SEARCH = (
    "SELECT url, title FROM pages WHERE pages MATCH ? "
    "ORDER BY bm25(pages, 8.0, 4.0, 1.0), url LIMIT ?"
)
AT_ONCE = 50  # pages put in before others may go on


def not_ready() -> dict[str, str]:
    """Whether this Python's SQLite can search text."""
    database = sqlite3.connect(":memory:")
    try:
        database.execute(MAKE)
    except sqlite3.Error:
        return {"fts5": "This Python's SQLite is built without FTS5; use one that has it."}
    finally:
        database.close()
    return {}


class LocalIndex:
    """Searches what was read of some sites. Location and device play no part in it."""

    name = NAME
    provenance: Provenance = "measured"
    manners = Manners()

    def __init__(self, database: sqlite3.Connection, homes: list[str], pages: int) -> None:
        self.spent = Spent(cost_usd=0.0)
        self.scope: dict[str, Any] = {"index": {"sites": len(homes), "pages": pages}}
        self.homes = homes
        self._database = database

    async def search(self, keyword: str, locale: Locale, depth: int) -> ResultPage:
        """The pages that hold every word of the keyword, best first; of equals the first address."""
        query = " ".join(f'"{word}"' for word in words(keyword))
        rows = self._database.execute(SEARCH, (query, depth)) if query else ()
        hits = tuple(Hit(rank, rank, url, title) for rank, (url, title) in enumerate(rows, 1))
        return ResultPage(keyword, datetime.now(UTC), depth, hits)


@asynccontextmanager
async def indexed(readings: Iterable[Reading]) -> AsyncGenerator[LocalIndex]:
    """An index of what was read; it is forgotten at the end."""
    found = list(readings)
    documents = listed([page for each in found for page in each.documents])
    database = sqlite3.connect(":memory:")
    try:
        database.execute(MAKE)
        for start in range(0, len(documents), AT_ONCE):
            database.executemany(ADD, map(_row, documents[start : start + AT_ONCE]))
            await asyncio.sleep(0)
        yield LocalIndex(database, [each.home for each in found], len(documents))
    finally:
        database.close()


def listed(documents: list[Document]) -> list[Document]:
    """What a search engine would list: no `noindex`, no copy of a page that was read too."""
    read = {each.url for each in documents}
    return [
        each
        for each in documents
        if not each.noindex and (each.canonical == each.url or each.canonical not in read)
    ]


def _row(document: Document) -> tuple[str, str, str, str]:
    headings = "\n".join(text for _level, text in document.headings)
    return document.title, headings, document.text, document.url
