"""Whole crawls over real HTTP: of small sites with a known truth, through the worker's contract."""

import asyncio
import gzip
from typing import Any

import pytest
from aiohttp import web

from tests.hermes_fleet.websites import PROSE, Crawler, Website, html, links, redirect, served


def urls(output: dict[str, Any], base: str) -> list[str]:
    return [item["url"].removeprefix(base) for item in output["items"]]


async def test_a_site_never_seen_is_crawled_whole(website: Website, crawler: Crawler) -> None:
    website.pages = {
        "/": html(links("/about", "/old", "/gone", "/price.pdf", "mailto:a@b.test", "/#top")),
        "/about": html(links("/", "../about#team"), "<title>About</title>"),
        "/old": redirect("/about"),
        "/price.pdf": web.Response(body=b"%PDF", content_type="application/pdf"),
        "/hidden": html(head='<meta name="robots" content="noindex">'),
        "/robots.txt": web.Response(text=f"Sitemap: {website.base}/sitemap.xml"),
        "/sitemap.xml": sitemap(website, "/", "/hidden"),
    }
    outputs = (await crawler.crawl(website.base))["outputs"]
    assert (outputs["pages_crawled"], outputs["indexable_pages"]) == (3, 2)
    assert urls(outputs["non_200_urls"], website.base) == ["/gone", "/old"]
    assert outputs["orphan_pages"] == {
        "count": 1, "items": [f"{website.base}/hidden"], "complete": True,
    }  # fmt: skip
    assert outputs["redirect_chains"]["count"] == 0
    assert outputs["meta_tags"]["counts"]["missing_title"] == 1
    assert len(outputs["meta_tags"]["items"]) == 3


def sitemap(website: Website, *paths: str, wrap: str = "urlset") -> web.Response:
    found = "".join(f"<url><loc>{website.base}{path}</loc></url>" for path in paths)
    return web.Response(text=f"<{wrap}>{found}</{wrap}>", content_type="application/xml")


async def test_every_output_says_that_it_was_measured(website: Website, crawler: Crawler) -> None:
    website.pages = {"/": html()}
    result = await crawler.crawl(website.base)
    assert set(result["provenance"].values()) == {"measured"}
    assert result["provenance"].keys() == result["outputs"].keys()


async def test_sitemap_indexes_and_gzipped_sitemaps_are_read(
    website: Website, crawler: Crawler
) -> None:
    packed = gzip.compress(f"<urlset><loc>{website.base}/b</loc></urlset>".encode())
    website.pages = {
        "/": html(),
        "/sitemap.xml": sitemap(website, "/one.xml", "/two.xml.gz", wrap="sitemapindex"),
        "/one.xml": sitemap(website, "/a"),
        "/two.xml.gz": web.Response(body=packed, content_type="application/gzip"),
        "/a": html(),
        "/b": html(),
    }
    orphans = (await crawler.crawl(website.base))["outputs"]["orphan_pages"]["items"]
    assert orphans == [f"{website.base}/a", f"{website.base}/b"]


async def test_sitemaps_left_unread_make_the_lists_incomplete(
    website: Website, crawler: Crawler
) -> None:
    names = [f"/{n}.xml" for n in range(5)]
    website.pages = {name: sitemap(website, "/") for name in names}
    website.pages |= {"/": html(), "/sitemap.xml": sitemap(website, *names, wrap="sitemapindex")}
    result = await crawler.crawl(website.base, "smoke")
    assert len(result["metrics"]["sitemaps"]) == 3
    assert result["outputs"]["orphan_pages"]["complete"] is False


async def test_redirect_chains_and_loops_are_told_hop_by_hop(
    website: Website, crawler: Crawler
) -> None:
    website.pages = {
        "/": html(links("/1", "/round", "/once")),
        "/1": redirect("/2", 302),
        "/2": redirect("/3"),
        "/3": html(),
        "/round": redirect("/about-turn"),
        "/about-turn": redirect("/round"),
        "/once": redirect("/3"),
    }
    base = website.base
    chains = (await crawler.crawl(base))["outputs"]["redirect_chains"]["items"]
    assert chains == [
        {
            "start": f"{base}/1",
            "hops": [{"url": f"{base}/1", "status": 302}, {"url": f"{base}/2", "status": 301}],
            "final": f"{base}/3",
            "final_status": 200,
            "loop": False,
        },
        {
            "start": f"{base}/round",
            "hops": [
                {"url": f"{base}/round", "status": 301},
                {"url": f"{base}/about-turn", "status": 301},
            ],
            "final": f"{base}/round",
            "final_status": None,
            "loop": True,
        },
    ]


async def test_endless_redirects_end(website: Website, crawler: Crawler) -> None:
    async def further(request: web.Request) -> web.Response:
        return redirect(f"/r?{int(request.query_string) + 1}")

    website.pages = {"/": html(links("/r?0")), **{f"/r?{n}": further for n in range(100)}}
    outputs = (await crawler.crawl(website.base))["outputs"]
    assert len(outputs["redirect_chains"]["items"][0]["hops"]) == 11
    assert not outputs["redirect_chains"]["complete"]


async def test_a_canonical_target_that_nothing_links_is_looked_at_but_not_counted(
    website: Website, crawler: Crawler
) -> None:
    website.pages = {"/": html(head=f'<link rel="canonical" href="{website.base}/gone">')}
    outputs = (await crawler.crawl(website.base))["outputs"]
    assert [error["type"] for error in outputs["canonical_errors"]["items"]] == ["to_non_200"]
    assert outputs["non_200_urls"]["count"] == 0


async def test_a_page_that_never_answers_has_status_zero_and_a_reason(
    website: Website, crawler: Crawler
) -> None:
    async def hang_up(request: web.Request) -> web.Response:
        assert request.transport
        request.transport.abort()
        return html()

    website.pages = {"/": html(links("/silent")), "/silent": hang_up}
    result = await crawler.crawl(website.base)
    assert result["outputs"]["non_200_urls"]["items"] == [
        {
            "url": f"{website.base}/silent",
            "status": 0,
            "error": "connection_lost",
            "referrers": [f"{website.base}/"],
        }
    ]
    assert result["metrics"]["broken_links"]["items"] == [f"{website.base}/silent"]


async def test_links_to_what_does_not_answer_or_answers_with_an_error_are_broken(
    website: Website, crawler: Crawler
) -> None:
    async def hang_up(request: web.Request) -> web.Response:
        assert request.transport
        request.transport.abort()
        return html()

    website.pages = {
        "/": html(links("/a", "/silent", "/moved", *(f"/{status}" for status in (204, 400, 410)))),
        "/a": html(),
        "/silent": hang_up,
        "/moved": redirect("/a"),
        **{f"/{status}": web.Response(status=status) for status in (204, 400, 410)},
    }
    broken = (await crawler.crawl(website.base))["metrics"]["broken_links"]
    assert broken["items"] == [f"{website.base}/{path}" for path in ("400", "410", "silent")]
    assert broken["count"] == 3


async def test_a_smoke_crawl_takes_one_page_of_each_template_and_says_what_it_cannot_know(
    website: Website, crawler: Crawler
) -> None:
    services = [f"/services/{n}" for n in range(20)]
    posts = [f"/blog/{n}" for n in range(20)]
    places = [f"/locations/{n}" for n in range(3)]
    website.pages = {path: html() for path in (*services, *posts, *places)}
    website.pages["/"] = html(links(*services, *posts))
    website.pages["/sitemap.xml"] = sitemap(website, *places)
    outputs = (await crawler.crawl(website.base, "smoke"))["outputs"]
    assert outputs["pages_crawled"] == 10
    for template in ("/services/", "/blog/", "/locations/"):
        assert sum(path.startswith(template) for path in website.hits) == 3
    assert outputs["orphan_pages"]["complete"] is False
    assert "10 URLs visited" in outputs["orphan_pages"]["basis"]


async def test_a_full_crawl_stops_at_max_urls_and_says_so(
    website: Website, crawler: Crawler
) -> None:
    website.pages = {"/": html(links(*(f"/{n}" for n in range(30))))}
    result = await crawler.crawl(website.base, max_urls=7)
    assert result["metrics"]["urls_visited"] == 7
    assert result["outputs"]["non_200_urls"]["complete"] is False


@pytest.mark.parametrize(
    ("pages", "code"),
    [
        ({"/": web.Response(text="{}", content_type="application/json")}, "not_html"),
        ({"/": web.Response(status=500)}, "home_page_failed"),
        ({}, "home_page_failed"),
        ({"/": redirect("http://other.test/")}, "site_redirects_away"),
        ({"/": redirect("/")}, "site_redirects_endlessly"),
    ],
)
async def test_a_home_page_that_cannot_be_read_is_a_failure_with_its_code(
    website: Website, crawler: Crawler, pages: dict[str, Any], code: str
) -> None:
    website.pages = pages
    assert (await crawler.failure(website.base))["code"] == code


async def test_an_unreachable_site_is_a_failure_with_its_code(crawler: Crawler) -> None:
    async with served(Website()) as gone:
        base = gone.base
    assert (await crawler.failure(base))["code"] == "site_unreachable"
    assert (await crawler.failure("http://no-such-name.invalid"))["code"] == "site_unreachable"
    assert (await crawler.failure("ftp://site.test"))["code"] == "invalid_site"


async def test_a_site_without_valid_tls_is_a_failure_with_its_code(
    website: Website, crawler: Crawler
) -> None:
    secure = website.base.replace("http:", "https:")
    assert (await crawler.failure(secure))["code"] == "tls_error"


async def test_a_site_that_moved_within_its_name_is_adopted(
    website: Website, crawler: Crawler
) -> None:
    website.pages = {"/": html(links("/a")), "/a": html()}
    async with served(Website({"/": redirect(f"{website.base}/")})) as before:
        result = await crawler.crawl(before.base)
    assert result["metrics"]["adopted_from"] == before.base
    assert result["outputs"]["pages_crawled"] == 2


async def test_progress_counts_pages_of_those_known_and_has_no_early_eta(
    website: Website, crawler: Crawler
) -> None:
    gate = asyncio.Event()

    async def slow(_request: web.Request) -> web.Response:
        await gate.wait()
        return html()

    website.pages = {"/": html(links("/gone", *(f"/{n}" for n in range(10))))}
    website.pages |= {f"/{n}": slow for n in range(10)}
    job = await crawler.start(website.base)
    status = await crawler.until(
        job, lambda now: now["progress"] is not None and now["progress"]["done"] >= 2
    )
    progress = status["progress"]
    assert (progress["done"], progress["total"], progress["unit"]) == (2, 12, "pages")
    assert (status["phase"], progress["eta_s"], progress["queued"]) == ("crawling", None, 10)
    assert progress["findings"] == {"non_200_urls": 1}
    assert progress["latest"] == [{"type": "non_200_urls", "url": f"{website.base}/gone"}]
    gate.set()
    assert (await crawler.outcome(job))["status"] == "completed"


async def test_a_cancelled_crawl_stops_asking(website: Website, crawler: Crawler) -> None:
    never = asyncio.Event()

    async def slow(_request: web.Request) -> web.Response:
        await never.wait()
        return html()

    website.pages = {"/": html(links(*(f"/{n}" for n in range(100))))}
    website.pages |= {f"/{n}": slow for n in range(100)}
    job = await crawler.start(website.base)
    await crawler.until(job, lambda _now: sum(website.hits.values()) >= 8)
    await crawler.ask("POST", f"/cancel?jobId={job}")
    assert (await crawler.outcome(job))["status"] == "cancelled"
    assert sum(website.hits.values()) <= 12
    never.set()


async def test_titles_and_descriptions_are_counted_by_their_faults(
    website: Website, crawler: Crawler
) -> None:
    def meta(title: str, description: str) -> str:
        return f'<title>{title}</title><meta name="description" content="{description}">'

    website.pages = {
        "/": html(links("/a", "/b", "/c") + "<h1>One</h1><h1>Two</h1>", meta("Same", "Said")),
        "/a": html("<h1>A</h1>", meta("Same", "Said")),
        "/b": html("<h1>B</h1>", meta("t" * 61, "d" * 161)),
        "/c": html(head=""),
    }
    assert (await crawler.crawl(website.base))["outputs"]["meta_tags"]["counts"] == {
        "missing_title": 1,
        "missing_description": 1,
        "missing_h1": 1,
        "multiple_h1": 1,
        "long_title": 1,
        "long_description": 1,
        "duplicate_titles": 2,
        "duplicate_descriptions": 2,
    }


async def test_without_a_browser_render_failures_are_missing_and_never_empty(
    website: Website, crawler: Crawler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HERMES_BROWSER", "/no/such/browser")
    website.pages = {"/": html("<script>1</script>")}
    result = await crawler.crawl(website.base, render="auto")
    assert "render_failures" not in result["outputs"]
    assert result["missing"]["render_failures"]["reason"] == "no_browser"
    assert "hermes browser install" in result["missing"]["render_failures"]["message"]
    assert "browser" in (await crawler.ask("GET", "/health"))["not_ready"]


SCRIPTS = {
    "/arrives": f"<script>document.querySelector('main').textContent = `{PROSE}`</script>",
    "/arrives-late": f"<script>fetch('/data').then(() => document.querySelector('main').textContent = `{PROSE}`)</script>",
    "/stays-empty": "<script>let x = 1</script>",
    "/throws": "<script>throw new Error('no such thing')</script>",
    "/throws-elsewhere": "<script src='http://other.test/lib.js'></script><script>lib()</script>",
}


@pytest.mark.browser
async def test_a_browser_tells_pages_that_render_from_pages_that_do_not(
    website: Website, crawler: Crawler
) -> None:
    async def late(_request: web.Request) -> web.Response:
        await asyncio.sleep(0.2)  # the lateness is what is tested
        return web.Response(text="data")

    website.pages = {"/": html(links(*SCRIPTS)), "/data": late}
    website.pages |= {
        path: web.Response(text=f"<main></main>{script}", content_type="text/html")
        for path, script in SCRIPTS.items()
    }
    result = await crawler.crawl(website.base, render="auto")
    failures = result["outputs"]["render_failures"]
    assert urls(failures, website.base) == ["/stays-empty", "/throws"]
    assert failures["items"][1]["reason"] == "script error: no such thing"
    assert failures["complete"] is False
    assert failures["basis"].endswith("1 of them could not be judged.")


@pytest.mark.browser
async def test_a_page_in_an_endless_script_does_not_hold_the_crawl(
    website: Website, crawler: Crawler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hermes_fleet.crawl_render.render.PAGE_SECONDS", 1.0)
    website.pages = {
        "/": web.Response(
            text=f"<main></main><script>while(1);</script>{links('/ok')}", content_type="text/html"
        ),
        "/ok": html("<script>1</script>"),
    }
    failures = (await crawler.crawl(website.base, render="auto"))["outputs"]["render_failures"]
    assert (failures["count"], failures["complete"]) == (0, False)


@pytest.mark.browser
async def test_the_browser_cannot_leave_the_site_even_by_redirects(
    website: Website, crawler: Crawler
) -> None:
    async with served(Website({"/secret.js": web.Response(text="1")})) as private:
        elsewhere = private.base.replace("127.0.0.1", "localhost")
        website.pages = {
            "/": html(
                f"<script src='{elsewhere}/secret.js'></script><script src='/jump.js'></script>"
            ),
            "/jump.js": redirect(f"{elsewhere}/secret.js"),
        }
        await crawler.crawl(website.base, render="auto")
        assert website.hits["/jump.js"] == 1
        assert not private.hits
