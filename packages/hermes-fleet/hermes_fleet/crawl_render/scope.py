"""How much and how fast: what smoke and full mean."""

from dataclasses import dataclass
from typing import Literal

from hermes_egress.addresses import is_private_literal
from hermes_fleet.crawl_render.survey import Bounds
from hermes_fleet.crawling.addresses import host

PUBLIC_SECONDS_APART = 0.2  # at most five requests a second to a site of the public web


@dataclass(frozen=True)
class CrawlScope:
    """The bounds and the pace of one crawl."""

    bounds: Bounds
    at_once: int
    apart: float  # seconds between the starts of two requests
    most_sitemaps: int
    most_probes: int
    most_renderings: int
    longest_pause: float  # seconds that Retry-After may hold us


def scope_of(
    mode: Literal["smoke", "full"] | str,
    home: str,
    max_urls: int | None = None,
    render_limit: int | None = None,
) -> CrawlScope:
    """The scope of a mode; figures out of range are taken to the nearest allowed one."""
    near = is_private_literal(host(home))
    apart = 0.0 if near else PUBLIC_SECONDS_APART
    if mode == "smoke":
        bounds = Bounds(_within(max_urls, 10, 25, default=10), max_depth=2, spread=True)
        renderings = _within(render_limit, 0, 10, default=2)
        return CrawlScope(bounds, 4, apart, 3, 5, renderings, longest_pause=3)
    bounds = Bounds(_within(max_urls, 1, 5000, default=900))
    renderings = _within(render_limit, 0, 500, default=20)
    return CrawlScope(bounds, 8 if near else 5, apart, 50, 200, renderings, longest_pause=60)


def _within(asked: int | None, least: int, most: int, default: int) -> int:
    return default if asked is None else max(least, min(asked, most))
