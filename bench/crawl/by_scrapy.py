"""Scrapy, set up for speed and for the same work: robots.txt obeyed, no pauses, no cookies, no console.

by_scrapy.py SITE AT_ONCE
"""
# pyright: basic, reportMissingImports=false
# Scrapy lives in .venv-bench, where the type checker does not look.

import sys

from scrapy import Spider
from scrapy.crawler import CrawlerProcess
from stopwatch import Stopwatch

READ = list[dict]()


class Pages(Spider):
    """Every page of one site."""

    name = "pages"

    def __init__(self, site: str) -> None:
        super().__init__()
        self.start_urls = [site]
        self.allowed_domains = [site.partition("//")[2].partition(":")[0].strip("/")]

    def parse(self, response):
        if not response.headers.get("Content-Type", b"").startswith(b"text/html"):
            return
        READ.append(
            {
                "url": response.url,
                "title": response.css("title::text").get(""),
                "description": response.css("meta[name=description]::attr(content)").get(""),
                "canonical": response.css("link[rel=canonical]::attr(href)").get(""),
                "h1": response.css("h1::text").getall(),
            }
        )
        yield from response.follow_all(css="a[href]")


def main() -> None:
    site, at_once = sys.argv[1], int(sys.argv[2])
    process = CrawlerProcess(
        {
            "ROBOTSTXT_OBEY": True,
            "CONCURRENT_REQUESTS": at_once,
            "CONCURRENT_REQUESTS_PER_DOMAIN": at_once,
            "DOWNLOAD_DELAY": 0,
            "ASYNCIO_EVENT_LOOP": "uvloop.Loop",
            "COOKIES_ENABLED": False,
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "RETRY_ENABLED": False,
        }
    )
    process.crawl(Pages, site=site)
    watch = Stopwatch()
    process.start()
    watch.stop()
    watch.tell(each["url"] for each in READ)


if __name__ == "__main__":
    main()
