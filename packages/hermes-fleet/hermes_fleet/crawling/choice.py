"""Which pages stand for a site: those that were named, else the home page and some of each template."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from hermes_fleet.crawling.addresses import normalise, origin, shape
from hermes_fleet.crawling.walk import Seen, Site
from hermes_worker import WorkerError

MOST_HOPS = 3
TRIES = 3  # addresses looked at for each page wanted: sitemaps and menus hold dead ones
PAGE_SUFFIXES = {"", ".html", ".htm", ".php", ".asp", ".aspx", ".jsp"}


Progress = Callable[[int], Awaitable[None]]
"""Called with the number of pages chosen so far."""


@dataclass(slots=True)
class Choice:
    """Pages that can be read, the asked ones that cannot (address to why), and how they were chosen.

    `home` is the home page's address, after its redirects where it was read; `left` counts the
    addresses of the site that are known and were not looked at.
    """

    basis: str
    home: str
    left: int = 0
    pages: list[Seen] = field(default_factory=list[Seen])
    unread: dict[str, str] = field(default_factory=dict[str, str])


async def choose(
    site: Site,
    asked: Iterable[str],
    most: int,
    of_a_template: int | None = None,
    progress: Progress | None = None,
) -> Choice:
    """At most `most` pages of a site, at most `of_a_template` alike (None: no matter how many).

    `asked` are the site's important pages; without any, the home page, its links and the sitemaps
    are spread over templates. WorkerError when the home page cannot be read.
    """
    if important := addresses(asked, site.home):
        return await _told(site, important, most)
    return await _spread(site, most, of_a_template or most, progress or _silent)


def addresses(asked: Iterable[str], home: str) -> list[str]:
    """The pages a person entered, as addresses of the site; WorkerError names the one that is not."""
    found = [(each, normalise(each.strip(), home)) for each in asked if each.strip()]
    for written, url in found:
        if url is None or origin(url) != origin(home):
            message = f"pages: {written!r} is not a page of {origin(home)}. Enter a /path or a full address."
            raise WorkerError("missing_config", message)
    return list(dict.fromkeys(url for _written, url in found if url))


def spread(urls: Iterable[str]) -> list[str]:
    """Addresses of pages reordered: one of each template, then a second of each, and so on."""
    turn: Counter[str] = Counter()
    ranked = list[tuple[int, str]]()
    for url in dict.fromkeys(urls):
        if PurePosixPath(urlsplit(url).path).suffix.lower() in PAGE_SUFFIXES:
            turn[shape(url)] += 1
            ranked.append((turn[shape(url)], url))
    return [url for _turn, url in sorted(ranked, key=lambda each: each[0])]


def unreadable(seen: Seen) -> str:
    """Why an address gave no page to read; empty when it did."""
    if seen.record.good_page is not None:
        return ""
    if seen.record.error:
        return seen.record.error
    if seen.record.status != 200:
        return f"status {seen.record.status}"
    return "not HTML"


async def _silent(_done: int) -> None:
    """Nobody wants to know."""


async def _told(site: Site, important: list[str], most: int) -> Choice:
    choice = Choice("the site's important pages", site.home, max(0, len(important) - most))
    for seen in await site.see_all(important[:most]):
        if why := unreadable(seen):
            choice.unread[seen.url] = why
        else:
            choice.pages.append(seen)
    return choice


async def _spread(site: Site, most: int, of_a_template: int, progress: Progress) -> Choice:
    home = await _home(site)
    links = home.record.page.links if home.record.page else ()
    listed = await site.listed() if most > 1 else []
    own = [url for url in (*links, *listed) if origin(url) == origin(home.url)]
    known = [url for url in spread([home.url, *own]) if url != home.url]
    choice = Choice("the home page and pages of each template", home.url, len(known), [home])
    served, waiting = Counter({shape(home.url): 1}), known[: most * TRIES]
    while waiting and len(choice.pages) < most:
        batch = _next(waiting, served, most - len(choice.pages), of_a_template)
        choice.left -= len(batch)
        await progress(len(choice.pages))
        for seen in await site.see_all(batch):
            if not unreadable(seen):
                choice.pages.append(seen)
                served[shape(seen.url)] += 1
    return choice


def _next(waiting: list[str], served: Counter[str], wanted: int, of_a_template: int) -> list[str]:
    """Take one address of each template that is not served enough off the list, at most `wanted`."""
    first = dict[str, str]()
    for url in waiting:
        if served[shape(url)] < of_a_template:
            first.setdefault(shape(url), url)
    batch = list(first.values())[:wanted]
    waiting[:] = [url for url in waiting if url not in batch] if batch else []
    return batch


async def _home(site: Site) -> Seen:
    """The home page, at the end of its redirects within the site."""
    seen = await site.see(site.home)
    for _hop in range(MOST_HOPS):
        if not seen.record.location or origin(seen.record.location) != origin(site.home):
            break
        seen = await site.see(seen.record.location)
    if why := unreadable(seen):
        raise WorkerError("home_page_failed", f"The home page {seen.url} cannot be read: {why}.")
    return seen
