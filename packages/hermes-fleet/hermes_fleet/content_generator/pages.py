"""Which pages of the site are read: the home page, then those nearest to the topic."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from hermes_fleet.content_generator.source import Source, read
from hermes_fleet.crawling.addresses import origin
from hermes_fleet.crawling.choice import Choice, choose, unreadable
from hermes_fleet.crawling.walk import Seen, Site
from hermes_fleet.searching.nearest import order
from hermes_worker import WorkerError

Progress = Callable[[int], Awaitable[None]]


@dataclass(slots=True)
class Material:
    """Pages that can be used, every status seen (by address), and asked pages that gave nothing."""

    home: str
    sources: list[Source] = field(default_factory=list[Source])
    statuses: dict[str, int] = field(default_factory=dict[str, int])
    unread: dict[str, str] = field(default_factory=dict[str, str])


async def gather(site: Site, topic: str, most: int, progress: Progress) -> Material:
    """At most `most` pages in the language of the site. WorkerError `no_outputs` when there is none."""
    listed = [url for url in await site.listed() if origin(url) == origin(site.home)]
    if listed:
        near = order(listed, [topic] if topic else [])
        pages = await site.see_all(list(dict.fromkeys([site.home, *near]))[:most])
        choice = _sorted(pages, site.home)
    else:
        choice = await choose(site, (), most, progress=progress)
    if not choice.pages:
        url, why = next(iter(choice.unread.items()), (site.home, "no page was found"))
        raise WorkerError("no_outputs", f"No page of the site could be read. {url}: {why}.")
    await progress(len(choice.pages))
    return _material(choice)


def _sorted(pages: list[Seen], home: str) -> Choice:
    choice = Choice("the home page and pages near the topic", home)
    for seen in pages:
        if why := unreadable(seen):
            choice.unread[seen.url] = why
        else:
            choice.pages.append(seen)
    return choice


def _material(choice: Choice) -> Material:
    """Pages in another language than the first one are left out."""
    sources = [read(seen) for seen in choice.pages]
    language = sources[0].language
    return Material(
        home=choice.home,
        sources=[each for each in sources if not language or each.language in ("", language)],
        statuses={seen.url: seen.record.status for seen in choice.pages},
        unread=choice.unread,
    )
