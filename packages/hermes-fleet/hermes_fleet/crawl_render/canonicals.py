"""Canonical links: which count, and what is wrong with them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from hermes_fleet.crawling.addresses import normalise
from hermes_fleet.crawling.record import Record

Look = Callable[[str], Record | None]


@dataclass(frozen=True, order=True, slots=True)
class CanonicalError:
    """One mistake of one page. `target` is the address as it was resolved, or as written."""

    url: str
    type: str
    target: str | None


def effective(record: Record) -> list[str]:
    """The distinct canonicals that a search engine would see: in <head> and in the header."""
    return list(dict.fromkeys([*_in_html(record), *_in_header(record)]))


def indexable(record: Record) -> bool:
    """200, HTML, no noindex, and no canonical to anything but itself."""
    good = record.html and record.status == 200 and not record.noindex
    leads_on = record.page is not None and record.page.refresh_at_once
    return good and not leads_on and all(target == record.url for target in effective(record))


def errors(record: Record, look: Look) -> list[CanonicalError]:
    """All mistakes of a 200 page; `look` gives what is known of a target."""
    if not record.html or not record.good_page:
        return []
    found = [
        *_of_place(record),
        *_of_writing(record),
        *_of_number(record),
        *_of_targets(record, look),
    ]
    return [CanonicalError(record.url, kind, target) for kind, target in dict.fromkeys(found)]


def _of_place(record: Record) -> list[tuple[str, str | None]]:
    strays = record.page.stray_canonicals if record.page else ()
    return [("outside_head", _resolved(record, href) or href) for href in strays]


def _of_writing(record: Record) -> Iterable[tuple[str, str | None]]:
    for href in record.page.canonicals if record.page else ():
        resolved = _resolved(record, href)
        if resolved is None or not href.strip():
            yield "invalid", href
        elif not urlsplit(href.strip()).scheme:
            yield "relative", resolved


def _of_number(record: Record) -> Iterable[tuple[str, str | None]]:
    in_html, in_header = _in_html(record), _in_header(record)
    if len(in_html) > 1:
        yield "multiple", None
    if in_html and in_header and in_header[0] not in in_html:
        yield "header_html_mismatch", in_header[0]


def _of_targets(record: Record, look: Look) -> Iterable[tuple[str, str | None]]:
    for target in effective(record):
        if kind := _of_target(record.url, target, look):
            yield kind, target


def _of_target(url: str, target: str, look: Look) -> str | None:
    if target == url:
        return None
    if urlsplit(target).netloc != urlsplit(url).netloc:
        return "cross_host"
    known = look(target)
    return _of_answer(known) if known else None


def _of_answer(known: Record) -> str | None:
    """What is wrong with a canonical that leads to this answer."""
    if 300 <= known.status < 400:
        return "to_redirect"
    if known.status != 200:
        return "to_non_200"
    if known.noindex:
        return "to_noindex"
    return None if all(each == known.url for each in effective(known)) else "chain"


def _in_html(record: Record) -> list[str]:
    hrefs = record.page.canonicals if record.page else ()
    resolved = (_resolved(record, href) for href in hrefs if href.strip())
    return list(dict.fromkeys(address for address in resolved if address))


def _in_header(record: Record) -> list[str]:
    resolved = normalise(record.canonical, record.url) if record.canonical else None
    return [resolved] if resolved else []


def _resolved(record: Record, href: str) -> str | None:
    """The canonical's address; None for one such as `http://` or `htp:/x`."""
    return normalise(href, record.page.base if record.page else record.url)
