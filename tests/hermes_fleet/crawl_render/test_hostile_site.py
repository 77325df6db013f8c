"""A site with 60 faults: each is found where the list of truth says, or named as not looked for."""

from collections.abc import Callable
from typing import Any

from tests.hermes_fleet.crawl_render.hostile import Told, site
from tests.hermes_fleet.websites import Crawler, Website

Row = tuple[str, Callable[[Told], Any], Any]
ROOT = "/"
TRUTH: list[Row] = [
    ("a page without a title", lambda t: t.count("missing_title"), 3),
    ("pages without a description", lambda t: t.output("meta_tags", "description")["/missing-description"], ""),
    ("a page without a heading", lambda t: t.output("meta_tags", "h1")["/no-h1"], []),
    ("a page with two headings", lambda t: t.count("multiple_h1"), 1),
    ("a title that is too long", lambda t: t.count("long_title"), 1),
    ("a description that is too long", lambda t: t.count("long_description"), 1),
    ("two pages with one title", lambda t: t.output("meta_tags", "title")["/same-title-1"], "Same"),
    ("a page with two titles", lambda t: t.metrics["parts"]["several_titles"], 1),
    ("noindex in capitals", lambda t: "/noindex" in t.metric("not_indexable", "why"), True),
    ("none for one crawler", lambda t: "/none" in t.metric("not_indexable", "why"), True),
    ("noindex in a header for us beside another's", lambda t: "/header-noindex" in t.metric("not_indexable", "why"), True),
    ("a page whose date has passed", lambda t: "/expired" in t.metric("not_indexable", "why"), True),
    ("a canonical elsewhere", lambda t: "/canonical-elsewhere" in t.metric("not_indexable", "why"), True),
    ("a canonical to a dead page", lambda t: t.canonical("/canonical-dead"), {"relative", "to_non_200"}),
    ("two canonicals", lambda t: "multiple" in t.canonical("/canonical-two"), True),
    ("a relative canonical", lambda t: t.canonical("/canonical-relative"), {"relative"}),
    ("a canonical in the body", lambda t: "outside_head" in t.canonical("/canonical-body"), True),
    ("a canonical that redirects", lambda t: t.canonical("/canonical-redirect"), {"relative", "to_redirect"}),
    ("a canonical to noindex", lambda t: t.canonical("/canonical-noindex"), {"relative", "to_noindex"}),
    ("a meta refresh at once", lambda t: "/refresh" in t.metric("not_indexable", "why"), True),
    ("the target of the refresh", lambda t: "/refreshed" in t.output("meta_tags", "title"), True),
    ("a page that is gone", lambda t: t.output("non_200_urls", "status")["/gone"], 410),
    ("a page that fails", lambda t: t.output("non_200_urls", "status")["/broken"], 500),
    ("a page that is refused", lambda t: t.output("non_200_urls", "status")["/forbidden"], 403),
    ("a chain of three redirects", lambda t: t.chain("/hop-1"), (3, False)),
    ("a loop of redirects", lambda t: t.chain("/loop-1"), (2, True)),
    ("a redirect to a dead page", lambda t: [t.path(u) for u in t.output("non_200_urls", "referrers")["/vanished"]], [ROOT]),
    ("links that are broken", lambda t: {"/gone", "/broken", "/vanished"} <= t.metric("broken_links"), True),
    ("an image without a text", lambda t: t.metrics["parts"]["images_without_alt"], 1),
    ("an image without a size", lambda t: t.metrics["parts"]["images_without_size"], 1),
    ("data that is no JSON", lambda t: t.metric("structured_data", "faults")["/bad-json"], ["is not JSON"]),
    ("data without a type", lambda t: t.metric("structured_data", "faults")["/no-type"], ["has no @type"]),
    ("data without a context", lambda t: t.metric("structured_data", "faults")["/no-context"], ["has no @context of schema.org"]),
    ("a product without an offer", lambda t: t.metric("structured_data", "faults")["/product"], ["Product has no offers or review or aggregateRating"]),
    ("a question without an answer", lambda t: t.metric("structured_data", "faults")["/faq"], ["Question has no acceptedAnswer or suggestedAnswer"]),
    ("an event without a date, in a graph", lambda t: t.metric("structured_data", "faults")["/event"], ["Event has no startDate"]),
    ("two pages with one text", lambda t: t.group("/twin-1"), "address"),
    ("two pages with almost one text", lambda t: t.group("/near-1", "near_duplicates"), "near"),
    ("a page with and without a slash", lambda t: t.group("/slash"), "slash"),
    ("a query in two orders", lambda t: t.group("/q?a=1&b=2"), "query order"),
    ("an address in two cases", lambda t: t.group("/Case"), "case"),
    ("an address with two sessions", lambda t: t.group("/s?p=1&sid=1") or t.group("/s?sid=1&p=1"), "session"),
    ("a language version that does not return", lambda t: t.hreflang("/de"), {"no_return_link"}),
    ("a country that is none", lambda t: "invalid_code" in t.hreflang("/uk"), True),
    ("a language version that is gone", lambda t: "to_non_200" in t.hreflang("/uk"), True),
    ("an encoding nobody reads", lambda t: t.metric("unread", "why")["/packed"], "unknown_content_encoding"),
    ("links of an XHTML page", lambda t: "/from-xhtml" in t.output("meta_tags", "title"), True),
    ("links of a page without a type", lambda t: "/from-untyped" in t.output("meta_tags", "title"), True),
    ("a page in a frame", lambda t: "/in-frame" in t.output("meta_tags", "title"), True),
    ("links of a page that says nofollow", lambda t: "/behind" in t.metric("not_followed"), True),
    ("a link that says nofollow", lambda t: "/unfollowed" in t.metric("not_followed"), True),
    ("a page that says 200 and is not there", lambda t: t.metric("soft_404"), {"/soft-1"}),
    ("and is not indexable", lambda t: "/soft-1" in t.metric("not_indexable", "why"), True),
    ("a page that is heavy", lambda t: t.path(t.metrics["heaviest"][0]["url"]), "/heavy"),
    ("pages without security headers", lambda t: "X-Frame-Options" in t.metrics["security_headers"], True),
    ("and one that has them", lambda t: len(t.outputs["meta_tags"]["items"]) - t.metrics["security_headers"]["X-Content-Type-Options"], 1),
    ("a page six clicks away", lambda t: max(map(int, t.metrics["depths"])), 6),
    ("the end of a row of links gathers its weight", lambda t: t.path(t.metrics["link_scores"]["items"][0]["url"]), "/deep-6"),
    ("a page that nothing links to", lambda t: [t.path(u) for u in t.outputs["orphan_pages"]["items"]], ["/orphan"]),
    ("a page that robots.txt closes, reached by dots, in a file with a mark", lambda t: t.metric("blocked_by_robots"), {"/closed"}),
]  # fmt: skip
NOT_LOOKED_FOR = {
    "weight of images and scripts": "only documents are fetched; Core Web Vitals measures what a page loads",
    "spelling and grammar": "Content QA reads texts",
    "certificates that end soon": "a certificate that is refused is told, its end is not looked at",
}


async def test_every_fault_of_the_list_is_found_where_it_belongs(
    website: Website, crawler: Crawler
) -> None:
    website.pages = dict(site())
    sitemap = site()["/sitemap.xml"]
    sitemap.text = (sitemap.text or "").replace("{base}", website.base)
    website.pages["/sitemap.xml"] = sitemap
    told = Told(await crawler.crawl(website.base), website.base)
    wrong: dict[str, Any] = {}
    for fault, where, expected in TRUTH:
        try:
            found = where(told)
        except (KeyError, IndexError, ValueError) as missing:
            found = repr(missing)
        if found != expected:
            wrong[fault] = (found, expected)
    assert wrong == {}
    assert len(TRUTH) >= 60
    assert website.hits["/closed"] == 0
