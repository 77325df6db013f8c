"""A site with the faults of the world, and beside it the list of what is wrong, each with where it must stand.

A row of TRUTH is (fault, where in the result, what must be there). NOT_LOOKED_FOR names what is planted and is
not found, with the reason.
"""

from typing import Any

from aiohttp import web

from tests.hermes_fleet.websites import links, redirect

PARAGRAPH = " ".join(f"sentence{number} says something of its own" for number in range(40))
SEE = "https://schema.org"


def page(name: str, body: str = "", head: str | None = None, **headers: str) -> web.Response:
    """A page with a text of its own, so that only planted ones are alike."""
    own = " ".join(f"{name}-{number} tells of {name} and {number}" for number in range(40))
    title = (
        f"<title>{name}</title><meta name=description content='About {name}'>"
        if head is None
        else head
    )
    text = f"<!doctype html><html><head>{title}</head><body><main><h1>{name}</h1><p>{own}</p>{body}</main></body></html>"
    return web.Response(text=text, content_type="text/html", headers=headers)


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


PATHS = (
    "/missing-title", "/missing-description", "/no-h1", "/two-h1", "/long-title", "/long-description",
    "/same-title-1", "/same-title-2", "/two-titles", "/noindex", "/none", "/header-noindex", "/expired",
    "/canonical-elsewhere", "/canonical-dead", "/canonical-two", "/canonical-relative", "/canonical-body",
    "/canonical-redirect", "/canonical-noindex", "/refresh", "/gone", "/broken", "/forbidden", "/hop-1", "/loop-1",
    "/to-gone", "/no-alt", "/no-size", "/bad-json", "/no-type", "/no-context", "/product", "/faq", "/event",
    "/twin-1", "/twin-2", "/near-1", "/near-2", "/slash", "/slash/", "/q?a=1&b=2", "/q?b=2&a=1", "/Case", "/case",
    "/s?sid=1&p=1", "/s?sid=2&p=1", "/de", "/en", "/uk", "/packed", "/xhtml", "/untyped", "/framed", "/nofollow-page",
    "/soft-1", "/heavy", "/secure", "/deep-1", "/open/../closed",
)  # fmt: skip


def site() -> dict[str, web.Response]:
    """Answers by path."""
    near = PARAGRAPH.replace("sentence20", "phrase20")
    twin = web.Response(
        text=f"<title>Twin</title><body><p>{PARAGRAPH} twin</p>", content_type="text/html"
    )
    whole = [PARAGRAPH, near]
    pages: dict[str, web.Response] = {
        "/": page("home", links(*PATHS) + '<a rel="nofollow" href="/unfollowed">x</a>'),
        "/robots.txt": web.Response(text="\ufeffUser-agent: HermesCrawler/2.0\nDisallow: /closed\nSitemap: /sitemap.xml\n"),
        "/sitemap.xml": web.Response(
            text="<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{base}/orphan</loc></url></urlset>",
            content_type="application/xml",
        ),
        "/orphan": page("orphan"),
        "/missing-title": page("missing-title", head="<meta name=description content=x1>"),
        "/missing-description": page("missing-description", head="<title>no description</title>"),
        "/no-h1": web.Response(text=f"<title>no heading</title><p>no-h1 {PARAGRAPH[:300]}", content_type="text/html"),
        "/two-h1": page("two-h1", "<h1>again</h1>"),
        "/long-title": page("long-title", head=f"<title>{'long ' * 20}</title>"),
        "/long-description": page("long-d", head=f"<title>ld</title><meta name=description content='{'much ' * 50}'>"),
        "/same-title-1": page("same-1", head="<title>Same</title>"),
        "/same-title-2": page("same-2", head="<title>Same</title>"),
        "/two-titles": page("two-titles", head="<title>a1</title><title>b1</title>"),
        "/noindex": page("noindex", head="<title>n1</title><meta name=robots content=NOINDEX>"),
        "/none": page("none", head="<title>n2</title><meta name=googlebot content=none>"),
        "/header-noindex": page("header-noindex", **{"X-Robots-Tag": "otherbot: index, googlebot: noindex"}),
        "/expired": page("expired", **{"X-Robots-Tag": "unavailable_after: 25 Jun 2010 15:00:00 GMT"}),
        "/canonical-elsewhere": page("c-else", head="<title>c1</title><link rel=canonical href=/en>"),
        "/canonical-dead": page("c-dead", head="<title>c2</title><link rel=canonical href=/gone>"),
        "/canonical-two": page("c-two", head="<title>c3</title><link rel=canonical href=/en><link rel=canonical href=/de>"),
        "/canonical-relative": page("c-rel", head="<title>c4</title><link rel=canonical href=canonical-relative>"),
        "/canonical-body": page("c-body", "<link rel=canonical href=/canonical-body>", head="<title>c5</title>"),
        "/canonical-redirect": page("c-redirect", head="<title>c6</title><link rel=canonical href=/to-gone>"),
        "/canonical-noindex": page("c-noindex", head="<title>c7</title><link rel=canonical href=/noindex>"),
        "/refresh": page("refresh", head='<title>r1</title><meta http-equiv=refresh content="0; /refreshed">'),
        "/refreshed": page("refreshed"),
        "/gone": web.Response(status=410, text="gone", content_type="text/html"),
        "/broken": web.Response(status=500, text="oops", content_type="text/html"),
        "/forbidden": web.Response(status=403, text="no", content_type="text/html"),
        "/hop-1": redirect("/hop-2"), "/hop-2": redirect("/hop-3", 302), "/hop-3": redirect("/en"),
        "/loop-1": redirect("/loop-2"), "/loop-2": redirect("/loop-1"),
        "/to-gone": redirect("/vanished"),
        "/no-alt": page("no-alt", "<img src=/a.png width=1 height=1>"),
        "/no-size": page("no-size", "<img src=/b.png alt=b>"),
        "/bad-json": page("bad-json", ld("{nope")),
        "/no-type": page("no-type", ld('{"@context": "https://schema.org", "name": "x"}')),
        "/no-context": page("no-context", ld('{"@type": "Organization", "name": "x"}')),
        "/product": page("product", ld(f'{{"@context": "{SEE}", "@type": "Product", "name": "x"}}')),
        "/faq": page("faq", ld(f'{{"@context": "{SEE}", "@type": "FAQPage", "mainEntity": [{{"@type": "Question", "name": "x"}}]}}')),
        "/event": page("event", ld(f'{{"@context": "{SEE}", "@graph": [{{"@type": "Event", "name": "x", "location": "y"}}]}}')),
        "/twin-1": twin, "/twin-2": twin,
        "/near-1": web.Response(text=f"<title>Near</title><p>{whole[0]}", content_type="text/html"),
        "/near-2": web.Response(text=f"<title>Nearer</title><p>{whole[1]}", content_type="text/html"),
        "/slash": page("slash"), "/slash/": page("slash"),
        "/q?a=1&b=2": page("query"), "/q?b=2&a=1": page("query"),
        "/Case": page("case"), "/case": page("case"),
        "/s?sid=1&p=1": page("session"), "/s?sid=2&p=1": page("session"),
        "/de": page("de", head="<title>d1</title><link rel=alternate hreflang=en href=/en>"),
        "/en": page("en", head="<title>e1</title>"),
        "/uk": page("uk", head="<title>u1</title><link rel=alternate hreflang=en-UK href=/uk><link rel=alternate hreflang=fr href=/gone>"),
        "/packed": web.Response(body=b"BZh9", headers={"Content-Type": "text/html", "Content-Encoding": "bzip2"}),
        "/xhtml": web.Response(text='<html xmlns="http://www.w3.org/1999/xhtml"><body><a href="/from-xhtml">x</a></body></html>', content_type="application/xhtml+xml"),
        "/untyped": web.Response(body=b"<!doctype html><a href='/from-untyped'>x</a>", headers={"Content-Type": ""}),
        "/framed": page("framed", '<iframe src="/in-frame"></iframe>'),
        "/nofollow-page": page("nofollow", links("/behind"), "<title>nf</title><meta name=robots content=nofollow>"),
        "/heavy": page("heavy", f"<!--{'x' * 60_000}-->"),
        "/secure": page(
            "secure", **{"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
        ),
        "/closed": page("closed"), "/unfollowed": page("unfollowed"), "/behind": page("behind"),
        **{f"/deep-{n}": page(f"deep-{n}", links(f"/deep-{n + 1}")) for n in range(1, 6)}, "/deep-6": page("deep-6"),
        **{name: page(name.strip("/")) for name in ("/from-xhtml", "/from-untyped", "/in-frame")},
        "/soft-1": lost(),
        "/hermes-asks-for-a-page-that-is-not-there": lost(),
    }  # fmt: skip
    return pages


def lost() -> web.Response:
    """What this site says with status 200 of pages that are not there."""
    return page("not-here", "We could not find that page.")


class Told:
    """A result with the addresses as paths."""

    def __init__(self, result: dict[str, Any], base: str) -> None:
        self.outputs, self.metrics, self._base = result["outputs"], result["metrics"], base

    def path(self, url: str) -> str:
        return url.removeprefix(self._base)

    def output(self, name: str, key: str) -> dict[str, Any]:
        return {self.path(each["url"]): each[key] for each in self.outputs[name]["items"]}

    def metric(self, name: str, key: str = "") -> Any:
        items = self.metrics[name]["items"]
        return (
            {self.path(e["url"]): e[key] for e in items}
            if key
            else {self.path(each) for each in items}
        )

    def canonical(self, path: str) -> set[str]:
        found = self.outputs["canonical_errors"]["items"]
        return {each["type"] for each in found if self.path(each["url"]) == path}

    def hreflang(self, path: str) -> set[str]:
        found = self.metrics["hreflang_errors"]["items"]
        return {each["type"] for each in found if self.path(each["url"]) == path}

    def chain(self, path: str) -> Any:
        found = self.outputs["redirect_chains"]["items"]
        return next(
            ((len(c["hops"]), c["loop"]) for c in found if self.path(c["start"]) == path), None
        )

    def group(self, path: str, name: str = "duplicates") -> Any:
        groups = self.metrics[name]["items"]
        return next(
            (g.get("differ_by", "near") for g in groups if path in map(self.path, g["urls"])), None
        )

    def count(self, name: str) -> int:
        return self.outputs["meta_tags"]["counts"][name]
