"""Reading one HTML page: everything that the judgement needs, nothing fetched."""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from hermes_fleet.crawling.addresses import normalise

SCRIPT_TYPES = {"", "text/javascript", "application/javascript", "module", "text/ecmascript"}
SILENT = ("script", "style", "noscript", "template")
MOST_LINKS = 5_000
REFRESH = re.compile(r"^\s*[\d.]+\s*[;,]\s*url\s*=\s*['\"]?(.*?)['\"]?\s*$", re.IGNORECASE)


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
    text_length: int = 0  # characters in <main>, else in <body>
    has_script: bool = False


def read(text: str, url: str) -> Page:
    """Read an HTML document found at `url`."""
    tree = LexborHTMLParser(text)
    base = _base(tree, url)
    metas = _metas(tree)
    return Page(
        title=_text(tree.css_first("head title")),
        description=metas.get("description", [""])[0],
        robots=(*metas.get("robots", ()), *metas.get("googlebot", ())),
        canonicals=_canonicals(tree.head),
        stray_canonicals=_canonicals(tree.body),
        h1=tuple(text for node in tree.css("h1") if (text := _text(node))),
        hreflang=_hreflang(tree),
        og={name: values[0] for name, values in metas.items() if name.startswith("og:")},
        links=_links(tree, base),
        base=base,
        refresh=_refresh(tree, base),
        has_script=any(_runs(node) for node in tree.css("script")),
        text_length=_text_length(tree),  # last: it takes the scripts out
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


def _links(tree: LexborHTMLParser, base: str) -> tuple[str, ...]:
    """Addresses of <a> and <area> that may be followed, each once, in order."""
    nodes = tree.css("a[href], area[href]")[:MOST_LINKS]
    followed = (node for node in nodes if "nofollow" not in _rels(node))
    addresses = (normalise(_attribute(node, "href"), base) for node in followed)
    return tuple(dict.fromkeys(address for address in addresses if address))


def _refresh(tree: LexborHTMLParser, base: str) -> str | None:
    for node in tree.css("meta[http-equiv]"):
        if _attribute(node, "http-equiv").strip().lower() == "refresh":
            target = REFRESH.match(_attribute(node, "content"))
            return normalise(target.group(1), base) if target else None
    return None


def _runs(script: LexborNode) -> bool:
    """Whether a <script> is a program, not data such as JSON-LD."""
    return _attribute(script, "type").strip().lower() in SCRIPT_TYPES


def _text_length(tree: LexborHTMLParser) -> int:
    tree.strip_tags(list(SILENT))
    return len(_text(tree.css_first("main") or tree.body))


def _text(node: LexborNode | None) -> str:
    return _collapsed(node.text()) if node else ""


def _rels(node: LexborNode) -> list[str]:
    return _attribute(node, "rel").lower().split()


def _attribute(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""


def _collapsed(text: str) -> str:
    return " ".join(text.split())
