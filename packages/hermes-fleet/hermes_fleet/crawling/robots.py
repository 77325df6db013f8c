"""robots.txt by RFC 9309: what may be fetched, how fast, and which sitemaps it names."""

from protego import Protego

AGENT = "HermesCrawler"
USER_AGENT = "HermesCrawler/1.0"
LONGEST_DELAY = 10.0  # seconds; a longer Crawl-delay is cut, and the cut is reported
MOST_BYTES = 512_000  # RFC 9309 2.5 asks for at least 500 KiB


class Robots:
    """The rules of one site; an empty text allows everything."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self._rules = Protego.parse(text)

    def allows(self, url: str) -> bool:
        return bool(self._rules.can_fetch(url, AGENT))

    @property
    def asked_delay(self) -> float:
        """The Crawl-delay asked of us, in seconds; 0 when none."""
        return float(self._rules.crawl_delay(AGENT) or 0)

    @property
    def delay(self) -> float:
        """The Crawl-delay that is kept, in seconds: what was asked, at most LONGEST_DELAY."""
        return min(self.asked_delay, LONGEST_DELAY)

    @property
    def sitemaps(self) -> list[str]:
        return list(self._rules.sitemaps)
