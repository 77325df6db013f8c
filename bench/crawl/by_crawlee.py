"""Crawlee, set up for speed and for the same work: robots.txt obeyed, all in memory, nothing logged.

by_crawlee.py SITE AT_ONCE [soup]    prints {"seconds", "urls", "memory_mb"}
"""
# pyright: basic, reportMissingImports=false
# Crawlee lives in .venv-bench, where the type checker does not look.

import json
import logging
import resource
import sys
import time
from datetime import timedelta

import uvloop
from crawlee import ConcurrencySettings
from crawlee.crawlers import BeautifulSoupCrawler, ParselCrawler
from crawlee.storage_clients import MemoryStorageClient

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


async def by_parsel(site: str, at_once: int) -> float:
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

    began = time.perf_counter()
    await crawler.run([site])
    return time.perf_counter() - began


async def by_soup(site: str, at_once: int) -> float:
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

    began = time.perf_counter()
    await crawler.run([site])
    return time.perf_counter() - began


def main() -> None:
    logging.disable(logging.CRITICAL)
    site, at_once, soup = sys.argv[1], int(sys.argv[2]), "soup" in sys.argv[3:]
    seconds = uvloop.run((by_soup if soup else by_parsel)(site, at_once))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    urls = [each["url"] for each in READ]
    print(json.dumps({"seconds": seconds, "urls": urls, "memory_mb": memory}))


if __name__ == "__main__":
    main()
