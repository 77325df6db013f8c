"""Pages that are the same: equal text, or addresses that differ only in how they are written."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from hermes_fleet.crawling import similarity
from hermes_fleet.crawling.record import Record

LEAST_TEXT = 50  # characters; shorter texts are equal by chance
SESSIONS = {"sid", "sessionid", "session_id", "phpsessid", "jsessionid", "aspsessionid"}
Group = dict[str, Any]


def groups(records: Iterable[Record]) -> list[Group]:
    """Groups of pages with the same text: their addresses, and by what these differ."""
    found: dict[str, list[str]] = {}
    for record in records:
        page = record.good_page
        if page and page.digest and page.text_length >= LEAST_TEXT:
            found.setdefault(page.digest, []).append(record.url)
    same = [sorted(urls) for urls in found.values() if len(urls) > 1]
    return [{"urls": urls, "differ_by": difference(urls)} for urls in sorted(same)]


def near(records: Iterable[Record]) -> list[list[str]]:
    """Groups of pages whose texts are almost the same; groups of wholly equal ones are left to `groups`."""
    pages = {each.url: page for each in records if (page := each.good_page)}
    alike = similarity.groups({url: page.simhash for url, page in pages.items()})
    return [urls for urls in alike if len({pages[url].digest for url in urls}) > 1]


def difference(urls: list[str]) -> str:
    """What the addresses of one text differ by; "address" when they have nothing in common."""
    for name, spelling in SPELLINGS.items():
        if len({spelling(url) for url in urls}) == 1:
            return name
    return "address"


def _without_slash(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(path=parts.path.rstrip("/")).geturl()


def _sorted_query(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(query=urlencode(sorted(parse_qsl(parts.query, True)))).geturl()


def _without_session(url: str) -> str:
    parts = urlsplit(url)
    kept = [each for each in parse_qsl(parts.query, True) if each[0].lower() not in SESSIONS]
    path = parts.path.partition(";jsessionid=")[0]
    return parts._replace(path=path, query=urlencode(kept)).geturl()


def _without_query(url: str) -> str:
    return urlsplit(url)._replace(query="").geturl()


SPELLINGS = {
    "case": str.lower,
    "slash": _without_slash,
    "query order": _sorted_query,
    "session": _without_session,
    "query": _without_query,
}
