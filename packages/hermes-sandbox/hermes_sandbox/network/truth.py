"""What a faultless reader finds on the network, worked out from its model: no HTTP, no crawler.

A page is one that a polite crawler reaches and that answers 200. Words and phrases are counted in the
text of <main>: headings, paragraphs and link texts (not the texts of pictures).
"""

from typing import Any
from urllib.parse import urldefrag, urlsplit

from hermes_sandbox.network.built import Network
from hermes_sandbox.network.keywords import KEYWORDS, LEADERS
from hermes_sandbox.network.reading import Text, schema_types
from hermes_sandbox.site.model import Page, Redirect
from hermes_sandbox.site.truth import Walk

Found = dict[str, Any]


def truth(network: Network) -> Found:
    """Pages and phrases of every site, the links between them, and what the demo site lacks."""
    walks = {name: Walk(site) for name, site in network.sites.items()}
    sites = {name: _site(name, walk) for name, walk in walks.items()}
    demo = sites["demo"]
    return {
        "edition": network.edition,
        "keywords": list(KEYWORDS),
        "keyword_leaders": {k: network.sites[name].base_url for k, name in LEADERS.items()},
        "sites": list(sites.values()),
        "links": [link for walk in walks.values() for link in _links(walk, walks)],
        "lacking_at_demo": {
            site["url"]: {kind: sorted(set(site[kind]) - set(demo[kind])) for kind in COMPARED}
            for site in sites.values()
            if site is not demo
        },
    }


COMPARED = ("templates", "schema_types")


def _site(name: str, walk: Walk) -> Found:
    texts = {url: Text.of(page) for url, page in sorted(walk.good.items())}
    pages = [_page(url, walk.good[url], text) for url, text in texts.items()]
    return {
        "url": walk.site.base_url,
        "name": walk.site.frame.name,
        "role": "demo" if name == "demo" else "competitor",
        "pages": pages,
        "templates": _counted([page["template"] for page in pages]),
        "schema_types": _counted([kind for page in pages for kind in set(page["schema_types"])]),
        "keywords": {keyword: _coverage(keyword, texts) for keyword in KEYWORDS},
    }


def _page(url: str, page: Page, text: Text) -> Found:
    return {
        "url": url,
        "template": _template(url),
        "title": page.title or "",
        "outline": [list(heading) for heading in text.outline],
        "words": len(text.main.split()),
        "schema_types": schema_types(page),
    }


def _template(url: str) -> str:
    """`/blog/a-title` -> `/blog/*`, `/` -> `/`."""
    folder, _, last = urlsplit(url).path.rstrip("/").rpartition("/")
    return f"{folder}/*" if last else "/"


def _counted(names: list[str]) -> dict[str, int]:
    return {name: names.count(name) for name in sorted(set(names))}


def _coverage(keyword: str, texts: dict[str, Text]) -> Found:
    """Where the phrase stands, and how often in all."""
    return {
        "in_title": [url for url, text in texts.items() if text.mentions(keyword, text.title)],
        "in_headings": [
            url for url, text in texts.items() if text.mentions(keyword, text.headings)
        ],
        "in_text": [url for url, text in texts.items() if text.mentions(keyword, text.main)],
        "mentions": sum(text.mentions(keyword, text.main) for text in texts.values()),
    }


def _links(walk: Walk, walks: dict[str, Walk]) -> list[Found]:
    """Links of a site's pages to other sites of the network, one for each page and target."""
    found: dict[tuple[str, str], Found] = {}
    for url, page in sorted(walk.good.items()):
        for link in (link for section in page.sections for link in section.links):
            target = urldefrag(link.href).url
            other = next(
                (w for w in walks.values() if target.startswith(f"{w.site.base_url}/")), walk
            )
            if other is not walk:
                found.setdefault((url, target), _link(url, target, link.text, link.rel, other))
    return list(found.values())


def _link(url: str, target: str, anchor: str, rel: str, other: Walk) -> Found:
    answers = other.at(target)
    status = answers.status if isinstance(answers, Page | Redirect) else 200
    return {"source": url, "target": target, "anchor": anchor, "rel": rel, "target_status": status}
