"""Crawlee, set up for speed and for the same work: robots.txt obeyed, all in memory, nothing logged.

by_crawlee.py SITE AT_ONCE [soup]
"""
# pyright: basic, reportMissingImports=false
# Crawlee lives in .venv-bench, where the type checker does not look.

import logging
import sys
from datetime import timedelta

import uvloop
from crawlee import ConcurrencySettings
from crawlee.crawlers import BeautifulSoupCrawler, ParselCrawler
from crawlee.storage_clients import MemoryStorageClient
from stopwatch import Stopwatch

READ = list[dict]()


def options(at_once: int) -> dict:
    """For both crawlers alike."""
    fixed = ConcurrencySettings(
        min_concurrency=at_once, max_concurrency=at_once, desired_concurrency=at_once
    )
    return {
        "concurrency_settings": fixed,
        "respect_robots_txt_file": True,
        "storage_client": MemoryStorageClient(),
        "use_session_pool": False,
        "retry_on_blocked": False,
        "max_request_retries": 0,
        "configure_logging": False,
        "status_message_logging_interval": timedelta(hours=1),
    }


async def by_parsel(site: str, at_once: int) -> Stopwatch:
    crawler = ParselCrawler(**options(at_once))

    @crawler.router.default_handler
    async def page(context) -> None:
        found = context.selector
        READ.append(
            {
                "url": context.request.url,
                "title": found.css("title::text").get(""),
                "description": found.css("meta[name=description]::attr(content)").get(""),
                "canonical": found.css("link[rel=canonical]::attr(href)").get(""),
                "h1": found.css("h1::text").getall(),
            }
        )
        await context.enqueue_links()

    watch = Stopwatch()
    await crawler.run([site])
    watch.stop()
    return watch


async def by_soup(site: str, at_once: int) -> Stopwatch:
    crawler = BeautifulSoupCrawler(**options(at_once), parser="lxml")

    @crawler.router.default_handler
    async def page(context) -> None:
        soup = context.soup
        READ.append(
            {
                "url": context.request.url,
                "title": soup.title and soup.title.string,
                "description": soup.select_one("meta[name=description]"),
                "canonical": soup.select_one("link[rel=canonical]"),
                "h1": [each.get_text() for each in soup.select("h1")],
            }
        )
        await context.enqueue_links()

    watch = Stopwatch()
    await crawler.run([site])
    watch.stop()
    return watch


def main() -> None:
    logging.disable(logging.CRITICAL)
    site, at_once, soup = sys.argv[1], int(sys.argv[2]), "soup" in sys.argv[3:]
    watch = uvloop.run((by_soup if soup else by_parsel)(site, at_once))
    watch.tell(each["url"] for each in READ)


if __name__ == "__main__":
    main()
