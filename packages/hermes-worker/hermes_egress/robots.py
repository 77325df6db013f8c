"""robots.txt by RFC 9309: what one agent may fetch, how fast, and which sitemaps are named."""

from typing import Self

from protego import Protego

MOST_BYTES = 512_000  # RFC 9309 2.5 asks for at least 500 KiB
BYTE_ORDER_MARK = "\ufeff"  # by which Windows editors begin a file; the parser would trip over it


class Robots:
    """The rules of one site for one agent, such as "HermesCrawler"; an empty text allows everything."""

    def __init__(self, text: str, agent: str) -> None:
        self.text = text.removeprefix(BYTE_ORDER_MARK)
        self._agent = agent
        self._rules = Protego.parse(self.text)

    @classmethod
    def answered(cls, status: int, body: bytes, agent: str) -> Self:
        """The rules in an answer of HTTP: those of a 200, else none.

        Of the body, MOST_BYTES count. An answer of 500 or more is the caller's to judge before: it
        forbids everything for now.
        """
        text = body[:MOST_BYTES].decode("utf-8", "replace") if status == 200 else ""
        return cls(text, agent)

    def allows(self, url: str) -> bool:
        """Whether the agent may fetch an address."""
        return bool(self._rules.can_fetch(url, self._agent))

    @property
    def delay(self) -> float:
        """The Crawl-delay asked of the agent, in seconds; 0 when none."""
        return float(self._rules.crawl_delay(self._agent) or 0)

    @property
    def sitemaps(self) -> list[str]:
        """The addresses of sitemaps, as written."""
        return list(self._rules.sitemaps)
