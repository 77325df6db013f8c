"""Reading one HTML page: everything that the judgement needs, nothing fetched."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypedDict

from selectolax.lexbor import LexborHTMLParser, LexborNode

from hermes_fleet.crawling.addresses import normalise
from hermes_fleet.crawling.similarity import simhash
from hermes_fleet.crawling.structured_data import faults

SCRIPT_TYPES = {"", "text/javascript", "application/javascript", "module", "text/ecmascript"}
SILENT = ("script", "style", "noscript", "template")
MOST_LINKS = 5_000
JSON_LD = "script[type='application/ld+json' i]"
INSECURE = "img[src^='http:' i], script[src^='http:' i], iframe[src^='http:' i], link[rel=stylesheet][href^='http:' i]"
REFRESH = re.compile(
    r"^\s*([\d.]+)(?:\s*[;,]\s*|\s+)(?:url\s*=\s*)?['\"]?(.*?)['\"]?\s*$", re.IGNORECASE
)


class Content(TypedDict):
    """What is told of a page's text."""

    text_length: int
    digest: str
    simhash: int


@dataclass(frozen=True, slots=True)
class Page:
    """What one HTML document says. Links are normalised, canonicals are as written."""

    title: str = ""
    description: str = ""
    robots: tuple[str, ...] = ()  # contents of <meta name=robots|googlebot>
    canonicals: tuple[str, ...] = ()  # hrefs in <head>
    stray_canonicals: tuple[str, ...] = ()  # hrefs in <body>
    h1: tuple[str, ...] = ()
    hreflang: tuple[tuple[str, str], ...] = ()
    og: dict[str, str] = field(default_factory=dict[str, str])
    links: tuple[str, ...] = ()
    base: str = ""
    refresh: str | None = None
    refresh_at_once: bool = False  # which is a redirect to a search engine
    skipped: tuple[str, ...] = ()  # addresses of links marked nofollow
    frames: tuple[str, ...] = ()  # addresses of <frame> and <iframe>
    titles: int = 0  # <title>s in <head>
    images: int = 0
    images_without_alt: int = 0
    digest: str = ""  # of the text in <main>, else in <body>; empty without text
    images_without_size: int = 0  # of which neither width nor height is said: they shift the page
    data_faults: tuple[str, ...] = ()  # what is wrong with its structured data, in words
    simhash: int = 0  # of the same text as `digest`; 0 where it is short
    insecure: int = 0  # parts that a page at https:// loads from http://
    text_length: int = 0  # characters in <main>, else in <body>
    has_script: bool = False


def read(text: str, url: str) -> Page:
    """Read an HTML document found at `url`."""
    tree = LexborHTMLParser(text)
    base = _base(tree, url)
    metas = _metas(tree)
    refresh, at_once = _refresh(tree, base)
    links, skipped = _links(tree, base)
    images = tree.css("img")
    return Page(
        title=_text(tree.css_first("head title")),
        description=metas.get("description", [""])[0],
        robots=(*metas.get("robots", ()), *metas.get("googlebot", ())),
        canonicals=_canonicals(tree.head),
        stray_canonicals=_canonicals(tree.body),
        h1=tuple(text for node in tree.css("h1") if (text := _text(node))),
        hreflang=_hreflang(tree),
        og={name: values[0] for name, values in metas.items() if name.startswith("og:")},
        links=links,
        skipped=skipped,
        frames=_addresses(tree.css("frame[src], iframe[src]"), "src", base),
        base=base,
        refresh=refresh,
        refresh_at_once=at_once,
        titles=len(tree.css("head title")),
        images=len(images),
        images_without_alt=sum("alt" not in node.attributes for node in images),
        images_without_size=sum(
            not {"width", "height"} <= node.attributes.keys() for node in images
        ),
        data_faults=faults([node.text() for node in tree.css(JSON_LD)]),
        insecure=len(tree.css(INSECURE)) if url.startswith("https:") else 0,
        has_script=any(_runs(node) for node in tree.css("script")),
        **_content(tree),  # last: it takes the scripts out
    )


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    return (normalise(_attribute(node, "href"), url) if node else None) or url


def _metas(tree: LexborHTMLParser) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for node in tree.css("meta"):
        name = (_attribute(node, "name") or _attribute(node, "property")).strip().lower()
        if name:
            found.setdefault(name, []).append(_collapsed(_attribute(node, "content")))
    return found


def _canonicals(part: LexborNode | None) -> tuple[str, ...]:
    nodes = part.css("link[rel][href]") if part else []
    return tuple(_attribute(node, "href") for node in nodes if "canonical" in _rels(node))


def _hreflang(tree: LexborHTMLParser) -> tuple[tuple[str, str], ...]:
    nodes = tree.css("link[rel][hreflang]")
    return tuple(
        (_attribute(node, "hreflang"), _attribute(node, "href"))
        for node in nodes
        if "alternate" in _rels(node)
    )


def _links(tree: LexborHTMLParser, base: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Addresses of <a> and <area>, each once, in order: those that may be followed, and the others."""
    nodes = tree.css("a[href], area[href]")[:MOST_LINKS]
    marked, followed = list[LexborNode](), list[LexborNode]()
    for node in nodes:
        (marked if "nofollow" in _rels(node) else followed).append(node)
    return _addresses(followed, "href", base), _addresses(marked, "href", base)


def _addresses(nodes: Iterable[LexborNode], name: str, base: str) -> tuple[str, ...]:
    addresses = (normalise(_attribute(node, name), base) for node in nodes)
    return tuple(dict.fromkeys(address for address in addresses if address))


def _refresh(tree: LexborHTMLParser, base: str) -> tuple[str | None, bool]:
    """Where a meta refresh leads, and whether it does so without a delay."""
    for node in tree.css("meta[http-equiv]"):
        if _attribute(node, "http-equiv").strip().lower() == "refresh":
            found = REFRESH.match(_attribute(node, "content"))
            target = normalise(found.group(2), base) if found and found.group(2) else None
            return target, bool(found and target and not found.group(1).strip("0."))
    return None, False


def _runs(script: LexborNode) -> bool:
    """Whether a <script> is a program, not data such as JSON-LD."""
    return _attribute(script, "type").strip().lower() in SCRIPT_TYPES


def _content(tree: LexborHTMLParser) -> Content:
    """The text of <main>, else of <body>, in figures."""
    tree.strip_tags(list(SILENT))
    text = _text(tree.css_first("main") or tree.body)
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()
    return {"text_length": len(text), "digest": digest if text else "", "simhash": simhash(text)}


def _text(node: LexborNode | None) -> str:
    return _collapsed(node.text()) if node else ""


def _rels(node: LexborNode) -> list[str]:
    return _attribute(node, "rel").lower().split()


def _attribute(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""


def _collapsed(text: str) -> str:
    return " ".join(text.split())
