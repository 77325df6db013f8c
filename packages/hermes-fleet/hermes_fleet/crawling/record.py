"""What is kept of one visited address: the answer without its body, and the page read."""

from dataclasses import dataclass

from w3lib.encoding import html_to_unicode

from hermes_fleet.crawling import page as pages
from hermes_fleet.crawling.fetch import Answer
from hermes_fleet.crawling.page import Page

# X-Robots-Tag may be meant for one crawler; only these names concern us.
OUR_NAMES = {"", "googlebot", "hermescrawler"}


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
        metas = self.page.robots if self.page else ()
        return any(_says_noindex(value) for value in (*metas, *_for_us(self.robots)))


def record(answer: Answer) -> Record:
    """Read an answer. Pages are read for every final status, redirects are not."""
    final_html = answer.is_html and not answer.redirects and not answer.error
    return Record(
        url=answer.url,
        status=answer.status,
        error=answer.error,
        html=answer.is_html,
        location=answer.location if answer.redirects else None,
        robots=answer.robots,
        canonical=answer.canonical,
        page=_page(answer) if final_html else None,
    )


def _page(answer: Answer) -> Page:
    _encoding, text = html_to_unicode(answer.content_type, answer.body, default_encoding="utf-8")
    return pages.read(text, answer.url)


def _for_us(headers: tuple[str, ...]) -> list[str]:
    """Directives of X-Robots-Tag headers without those for other crawlers."""
    split = (header.partition(":") for header in headers)
    named = ((name.strip().lower(), rest) if colon else ("", name) for name, colon, rest in split)
    return [value for name, value in named if name in OUR_NAMES]


def _says_noindex(value: str) -> bool:
    return bool({"noindex", "none"} & {each.strip().lower() for each in value.split(",")})
