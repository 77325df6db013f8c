"""How the crawler is named in robots.txt, and which Crawl-delay it keeps."""

from hermes_egress.robots import Robots

AGENT = "HermesCrawler"
USER_AGENT = "HermesCrawler/1.0"
LONGEST_DELAY = 10.0  # seconds; a longer Crawl-delay is cut, and the cut is reported


def kept_delay(robots: Robots) -> float:
    """The Crawl-delay that is kept, in seconds: what was asked, at most LONGEST_DELAY."""
    return min(robots.delay, LONGEST_DELAY)
