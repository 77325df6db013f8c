"""Findings in what the technical crawler delivers."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, cast

from hermes_fleet.seo_kbase.findings.finding import (
    Finding,
    Outputs,
    Severity,
    count,
    number,
    places,
    rows,
)

Row = dict[str, Any]
METAS: dict[str, tuple[Severity, str, Callable[[Row], bool] | None]] = {
    "missing_title": ("critical", "pages without a title", lambda row: not row.get("title")),
    "missing_description": (
        "major",
        "pages without a meta description",
        lambda row: not row.get("description"),
    ),
    "missing_h1": ("major", "pages without a main heading", lambda row: not row.get("h1")),
    "multiple_h1": (
        "minor",
        "pages with several main headings",
        lambda row: len(row.get("h1") or ()) > 1,
    ),
    "long_title": ("minor", "pages with a title over 60 characters", None),
    "long_description": ("minor", "pages with a description over 160 characters", None),
    "duplicate_titles": ("major", "pages that share their title with another", None),
    "duplicate_descriptions": ("minor", "pages that share their description with another", None),
}
CANONICALS = {
    "multiple": "pages with several canonical links",
    "relative": "pages with a relative canonical link",
    "outside_head": "pages with a canonical link outside the head",
    "invalid": "pages with a canonical link that is not a valid address",
    "to_non_200": "canonical links to a page that does not return 200",
    "to_redirect": "canonical links to a redirect",
    "to_noindex": "canonical links to a page with noindex",
    "cross_host": "canonical links to another host",
    "chain": "canonical links to a page that names another",
    "header_html_mismatch": "pages whose header and HTML name different canonicals",
}
STATUSES: dict[str, tuple[Severity, str]] = {
    "server_error": ("critical", "addresses that return a server error"),
    "unreachable": ("critical", "addresses that do not respond"),
    "not_found": ("major", "addresses that return 404 or 410"),
    "forbidden": ("major", "addresses that return 401 or 403"),
    "rate_limited": ("major", "addresses that return 429"),
    "redirect": ("minor", "addresses that redirect"),
}
CHAINS: dict[str, tuple[Severity, str]] = {
    "loop": ("critical", "redirect loops"),
    "chain": ("major", "redirect chains of two or more hops"),
}
KEYS = frozenset(
    [f"crawl_render.meta_tags.{kind}" for kind in METAS]
    + [f"crawl_render.canonical_errors.{kind}" for kind in CANONICALS]
    + [f"crawl_render.non_200_urls.{kind}" for kind in STATUSES]
    + [f"crawl_render.redirect_chains.{kind}" for kind in CHAINS]
    + ["crawl_render.orphan_pages", "crawl_render.render_failures", "crawl_render.indexable_pages"]
)


def findings(outputs: Outputs) -> Iterator[Finding]:
    """What the crawl says that needs doing."""
    yield from _metas(outputs.get("meta_tags"))
    yield from _grouped("canonical_errors", outputs, _canonical)
    yield from _grouped("non_200_urls", outputs, _status)
    yield from _grouped("redirect_chains", outputs, _chain)
    yield from _orphans(outputs.get("orphan_pages"))
    yield from _unrendered(outputs.get("render_failures"))
    yield from _not_indexable(outputs)


def _metas(value: Any) -> Iterator[Finding]:
    counts = cast("Row", value).get("counts") if isinstance(value, dict) else None
    by_kind = cast("Row", counts) if isinstance(counts, dict) else {}
    for kind, (severity, words, concerns) in METAS.items():
        if amount := number(by_kind.get(kind)):
            where = [row for row in rows(value) if concerns and concerns(row)]
            key = f"crawl_render.meta_tags.{kind}"
            yield Finding(key, amount, f"{amount:g} {words}", severity, places(where, "url"))


def _grouped(
    output: str, outputs: Outputs, kind_of: Callable[[Row], tuple[str, Severity, str] | None]
) -> Iterator[Finding]:
    """One finding for each kind of row."""
    found, words = defaultdict[str, list[Row]](list), dict[str, tuple[Severity, str]]()
    for row in rows(outputs.get(output)):
        if kind := kind_of(row):
            found[kind[0]].append(row)
            words[kind[0]] = kind[1:]
    for kind, there in found.items():
        severity, message = words[kind]
        where = places(there, "url", "start")
        key = f"crawl_render.{output}.{kind}"
        yield Finding(key, len(there), f"{len(there)} {message}", severity, where)


def _canonical(row: Row) -> tuple[str, Severity, str] | None:
    kind = str(row.get("type"))
    return (kind, "major", CANONICALS[kind]) if kind in CANONICALS else None


def _status(row: Row) -> tuple[str, Severity, str] | None:
    status = number(row.get("status"))
    if status is None or status == 200:
        return None
    exact = {0: "unreachable", 401: "forbidden", 403: "forbidden", 429: "rate_limited"}
    rest = {3: "redirect", 4: "not_found", 5: "server_error"}
    kind = exact.get(int(status)) or rest.get(int(status) // 100)
    return (kind, *STATUSES[kind]) if kind else None


def _chain(row: Row) -> tuple[str, Severity, str]:
    kind = "loop" if row.get("loop") is True else "chain"
    return (kind, *CHAINS[kind])


def _orphans(value: Any) -> Iterator[Finding]:
    if amount := count(value):
        items = cast("Row", value).get("items") if isinstance(value, dict) else value
        listed = cast("list[Any]", items) if isinstance(items, list) else []
        where = places([{"url": each} for each in listed], "url")
        message = f"{amount} sitemap pages that no page links to"
        yield Finding("crawl_render.orphan_pages", amount, message, "major", where)


def _unrendered(value: Any) -> Iterator[Finding]:
    if amount := count(value):
        message = f"{amount} pages whose content is missing after rendering"
        where = places(rows(value), "url")
        yield Finding("crawl_render.render_failures", amount, message, "critical", where)


def _not_indexable(outputs: Outputs) -> Iterator[Finding]:
    """All pages have to be known and fewer of them indexable."""
    pages, good = (number(outputs.get(name)) for name in ("pages_crawled", "indexable_pages"))
    if pages is not None and good is not None and good < pages:
        message = f"{pages - good:g} of {pages:g} pages that cannot be indexed"
        yield Finding("crawl_render.indexable_pages", pages - good, message, "major")
