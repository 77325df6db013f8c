"""Which pages a search engine may show, and why it may not show the others."""

from hermes_fleet.crawl_render.canonicals import effective
from hermes_fleet.crawling.record import Record


def obstacle(record: Record) -> str | None:
    """Why a page is kept out of search results, in words; None when nothing keeps it out.

    An address that is no page, or does not answer with 200, is left to other findings: give only
    pages of 200.
    """
    page = record.good_page
    if page is None:
        return "It does not return a page."
    if record.noindex:
        return "Its robots meta tag or X-Robots-Tag says noindex, or its date of expiry has passed."
    if page.refresh_at_once and page.refresh != record.url:
        return f"It leads on to {page.refresh} at once by meta refresh."
    others = [target for target in effective(record) if target != record.url]
    return f"Its canonical is {others[0]}." if others else None
