"""Hostile and odd websites, crawled over real HTTP by the real crawler: every row of `pages/crawled.toml`."""

from typing import TYPE_CHECKING, Any

from aiohttp import web
from pydantic import Field

from tests.world.rows import HERE, Entry, Row, hold, parameters, read

if TYPE_CHECKING:
    from tests.hermes_fleet.websites import Crawler, Website


class Page(Entry):
    """One answer of a website. `{base}` in body and headers is its address; `encoding` is how the body
    becomes bytes, whatever its `type` says; `times` repeats the body."""

    body: str = ""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    encoding: str = "utf-8"
    headers: dict[str, str] = Field(default_factory=dict)
    times: int = 1

    def answer(self, base: str) -> web.Response:
        """The answer as it goes over the wire."""
        headers = {name: text.replace("{base}", base) for name, text in self.headers.items()}
        headers |= {"Content-Type": self.type} if self.type else {}
        body = (self.body * self.times).replace("{base}", base).encode(self.encoding)
        return web.Response(body=body, status=self.status, headers=headers)


class Must(Entry):
    """What a crawl must come to, by paths: pages crawled and indexable, what was fetched and what never,
    titles, addresses that are not 200 with those who link to them, and whether the list of orphans is whole."""

    pages: int | None = None
    indexable: int | None = None
    fetched: tuple[str, ...] = ()
    unfetched: tuple[str, ...] = ()
    titles: dict[str, str] = Field(default_factory=dict)
    dead: dict[str, list[str]] = Field(default_factory=dict)
    orphans: list[str] | None = None
    orphans_complete: bool | None = None


class SiteRow(Row):
    """A website, and what its crawl must come to."""

    pages: dict[str, Page]
    must: Must
    max_urls: int = 30


ROWS = read(HERE / "pages" / "crawled.toml", "sites", SiteRow)


@parameters(ROWS)
async def test_a_website_is_crawled_as_it_must(
    row: SiteRow, website: "Website", crawler: "Crawler"
) -> None:
    website.pages = {path: page.answer(website.base) for path, page in row.pages.items()}
    ended = await crawler.outcome(await crawler.start(website.base, max_urls=row.max_urls))
    if ended["status"] == "completed":
        seen = differences(row.must, facts(ended["result"]["outputs"], website))
    else:
        seen = [f"failed {ended['error']['code']}"]
    hold(row, "; ".join(seen), *seen)


def facts(outputs: dict[str, Any], website: "Website") -> dict[str, Any]:
    """What a crawl says, by the names of Must."""
    base, orphans = website.base, outputs["orphan_pages"]
    return {
        "pages": outputs["pages_crawled"],
        "indexable": outputs["indexable_pages"],
        "hits": website.hits,
        "titles": {
            each["url"].removeprefix(base): each["title"] for each in outputs["meta_tags"]["items"]
        },
        "dead": {
            each["url"].removeprefix(base): [by.removeprefix(base) for by in each["referrers"]]
            for each in outputs["non_200_urls"]["items"]
        },
        "orphans": [url.removeprefix(base) for url in orphans["items"]],
        "orphans_complete": orphans["complete"],
    }


def differences(must: Must, found: dict[str, Any]) -> list[str]:
    """What is otherwise than it must be, each in a few words."""
    plain = ("pages", "indexable", "orphans", "orphans_complete")
    asked = [(name, getattr(must, name)) for name in plain]
    seen = [f"{n} {found[n]}" for n, wanted in asked if wanted is not None and wanted != found[n]]
    seen += [f"{path} not fetched" for path in must.fetched if not found["hits"][path]]
    seen += [f"{path} fetched" for path in must.unfetched if found["hits"][path]]
    titles, dead = found["titles"], found["dead"]
    seen += [f"{p} titled {titles.get(p)!r}" for p, t in must.titles.items() if titles.get(p) != t]
    seen += [f"{p} linked by {dead.get(p)}" for p, by in must.dead.items() if dead.get(p) != by]
    return seen


def test_every_row_has_a_name_of_its_own_and_asks_for_something() -> None:
    assert len({row.id for row in ROWS}) == len(ROWS)
    assert not [row.id for row in ROWS if not row.must.model_fields_set]
