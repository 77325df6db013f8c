"""What is kept of one visited address: the answer without its body, and the page read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from w3lib.encoding import html_to_unicode

from hermes_fleet.crawling import page as pages
from hermes_fleet.crawling.fetch import Answer
from hermes_fleet.crawling.page import Page

# X-Robots-Tag may be meant for one crawler; only these names concern us.
OUR_NAMES = {"", "googlebot", "hermescrawler"}
DIRECTIVES = {"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"}
"""Directives of robots headers with a colon of their own; before other colons a crawler is named."""
NAME = re.compile(r"[\w-]+")
UNAVAILABLE = re.compile(r"unavailable_after\s*:\s*([^,]*(?:,\s*\d[^,]*)?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Record:
    """One address, once visited. Status 0 means that nothing answered; `error` says why."""

    url: str
    status: int
    error: str | None = None
    html: bool = False
    location: str | None = None
    robots: tuple[str, ...] = ()
    canonical: str | None = None
    page: Page | None = None
    cut: bool = False  # whether the page was longer than what was read
    lacks: tuple[str, ...] = ()  # security headers that it does not carry
    seconds: float = 0.0  # from the request to the last byte that was read
    size: int = 0  # bytes of the document, unpacked

    @property
    def redirects(self) -> bool:
        return 300 <= self.status < 400 and self.location is not None

    @property
    def counts_as_page(self) -> bool:
        """Whether it is a final answer in HTML, whatever its status."""
        return self.html and not 300 <= self.status < 400

    @property
    def good_page(self) -> Page | None:
        """The page of a 200 answer in HTML."""
        return self.page if self.status == 200 else None

    @property
    def noindex(self) -> bool:
        """Whether the page or its headers keep it out of the index, by now."""
        return bool({"noindex", "none"} & self._directives) or any(map(_is_over, self._texts))

    @property
    def nofollow(self) -> bool:
        """Whether the page or its headers ask to follow none of its links."""
        return bool({"nofollow", "none"} & self._directives)

    @property
    def _texts(self) -> list[str]:
        metas = self.page.robots if self.page else ()
        return [*metas, *_for_us(self.robots)]

    @property
    def _directives(self) -> set[str]:
        return {each.strip().lower() for text in self._texts for each in text.split(",")}


def record(answer: Answer) -> Record:
    """Read an answer. Pages are read for every final status, redirects are not."""
    html = answer.is_html and not answer.error
    final_html = html and not answer.redirects
    return Record(
        url=answer.url,
        status=answer.status,
        error=answer.error,
        html=html,
        location=answer.location if answer.redirects else None,
        robots=answer.robots,
        canonical=answer.canonical,
        page=_page(answer) if final_html else None,
        cut=answer.cut,
        lacks=answer.lacks if final_html else (),
        seconds=answer.seconds,
        size=len(answer.body),
    )


def _page(answer: Answer) -> Page:
    _encoding, text = html_to_unicode(answer.content_type, answer.body, default_encoding="utf-8")
    return pages.read(text, answer.url)


def _for_us(headers: tuple[str, ...]) -> list[str]:
    """Directives of X-Robots-Tag headers without those for other crawlers.

    A crawler's name before a colon holds for what follows, until another is named.
    """
    return [",".join(part for name, part in _named(each) if name in OUR_NAMES) for each in headers]


def _named(header: str) -> Iterator[tuple[str, str]]:
    """The parts of a header between commas, each with the crawler that it is for."""
    name = ""
    for part in header.split(","):
        before, colon, rest = part.partition(":")
        lowered = before.strip().lower()
        if colon and NAME.fullmatch(lowered) and lowered not in DIRECTIVES:
            name = lowered
            yield name, rest
        else:
            yield name, part


def _is_over(text: str) -> bool:
    """Whether an `unavailable_after` lies in the past. Dates that cannot be read do not count."""
    when = UNAVAILABLE.search(text)
    try:
        date = _date(when.group(1).strip()) if when else None
    except ValueError:
        return False
    return date is not None and date < datetime.now(UTC)


def _date(text: str) -> datetime:
    """A date as search engines take it: ISO 8601, RFC 822 or RFC 850."""
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        date = parsedate_to_datetime(text)
    return date if date.tzinfo else date.replace(tzinfo=UTC)
