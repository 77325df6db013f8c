"""Pages that say "not here" with status 200, found by asking for an address that cannot be there."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from hermes_fleet.crawling.record import Record
from hermes_fleet.crawling.similarity import alike

NOWHERE = "/hermes-asks-for-a-page-that-is-not-there"


def nowhere(home: str) -> str:
    """The address that is asked for."""
    return urlsplit(home)._replace(path=NOWHERE, query="", fragment="").geturl()


def like_nothing(probe: Record | None, records: Mapping[str, Record], home: str) -> set[str]:
    """Pages with the text that the site answers for what is not there; none where it answers properly.

    The home page is not one of them: a site may well show it for everything.
    """
    lost = probe.good_page if probe else None
    if lost is None:
        return set()
    pages = {url: page for url, each in records.items() if url != home and (page := each.good_page)}
    return {
        url
        for url, page in pages.items()
        if (page.digest and page.digest == lost.digest) or alike(page.simhash, lost.simhash)
    }
