"""Links from a draft to pages of the site, each seen to answer 200 in this run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from hermes_fleet.content_generator.draft import Draft, Link
from hermes_fleet.content_generator.source import Source
from hermes_fleet.content_generator.text import TOKEN, cut, terms
from hermes_fleet.crawling.addresses import normalise, origin
from hermes_fleet.crawling.walk import Seen, Site

MOST_LINKS = 8
LONGEST_ANCHOR = 70


@dataclass(frozen=True, slots=True)
class Checked:
    """`section` is the heading of the section it belongs to; `in_text`: its words stand there."""

    url: str
    anchor: str
    section: str
    in_text: bool
    status: int = 200


@dataclass(slots=True)
class Links:
    """Good links, and proposed ones that are not (address to why)."""

    good: list[Checked] = field(default_factory=list[Checked])
    dropped: dict[str, str] = field(default_factory=dict[str, str])

    def payload(self, pages: int) -> dict[str, Any]:
        """The output of internal links: count, items, and among how many pages they were chosen."""
        basis = f"Chosen among {pages} pages read in this run; each returned 200."
        items = [asdict(each) for each in self.good]
        return {"count": len(items), "items": items, "complete": True, "basis": basis}


def proposals(draft: Draft | None, sources: Sequence[Source], topic: str) -> list[Link]:
    """What the draft itself proposes, then pages that share words with the topic or the draft."""
    about = set(terms(topic))
    subject = set(terms(draft.text)) if draft else about
    near = [page for page in sources if page.indexable and about & set(terms(page.subject))]
    more = [page for page in sources if page.indexable and set(terms(page.subject)) <= subject]
    own = [
        Link(anchor=cut(page.subject, LONGEST_ANCHOR), url=page.url)
        for page in dict.fromkeys((*near, *more))
        if terms(page.subject)
    ]
    return [*(draft.links if draft else ()), *own]


async def check(
    site: Site, found: Iterable[Link], draft: Draft | None, seen: Mapping[str, int]
) -> Links:
    """Fetch what was not seen in this run yet (address to status); at most MOST_LINKS are good."""
    links, known = Links(), dict(seen)
    for link in found:
        url = normalise(link.url, site.home) or link.url
        if len(links.good) == MOST_LINKS:
            break
        if url in links.dropped or any(url == each.url for each in links.good):
            continue
        if fault := await _fault(site, url, known):
            links.dropped[url] = fault
        else:
            links.good.append(placed(url, link.anchor, draft))
    return links


async def _fault(site: Site, url: str, known: dict[str, int]) -> str:
    """Why an address cannot be linked; empty when it can."""
    if origin(url) != origin(site.home):
        return "not a page of the site"
    if url not in known:
        page: Seen = await site.see(url)
        if page.record.error:
            return page.record.error
        known[url] = page.record.status
    return "" if known[url] == 200 else f"status {known[url]}"


def placed(url: str, anchor: str, draft: Draft | None) -> Checked:
    """In the section whose text holds the anchor's words, else beside the section nearest to them."""
    sections = draft.sections if draft else []
    wanted = _tokens(anchor)
    for section in sections:
        if wanted and wanted in _tokens(section.text):
            return Checked(url, anchor, section.heading, in_text=True)
    about = set(terms(anchor))
    near = max(sections, key=lambda each: len(about & set(terms(each.text))), default=None)
    return Checked(url, anchor, near.heading if near else "", in_text=False)


def _tokens(text: str) -> str:
    """Its words in small letters, each between blanks, so that whole words are compared."""
    return f" {' '.join(token.lower() for token in TOKEN.findall(text))} "
