"""Who wrote it, when, and who is behind the site."""

import json
import re
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import urlsplit

from hermes_fleet.content_qa.document import Document
from hermes_fleet.content_qa.finding import Finding, Site, when
from hermes_fleet.content_qa.place import words
from hermes_fleet.content_qa.rulebook import Rule

ARTICLE_FOLDERS = {
    "article",
    "articles",
    "blog",
    "guide",
    "guides",
    "insights",
    "magazine",
    "news",
    "posts",
}
ARTICLE_TYPES = {"Article", "BlogPosting", "NewsArticle", "TechArticle", "MedicalWebPage"}
AUTHOR = (
    "meta[name=author], [rel~=author], [itemprop=author], [class*=byline], [class*=author], address"
)
BYLINE = re.compile(
    r"\b(?:[Ww]ritten by|[Aa]uthor:|[Rr]eviewed by|[Aa]bout the author|By [A-Z]\S+ [A-Z])"
)
DATE = "time, meta[property='article:published_time'], meta[property='article:modified_time'], [itemprop=datePublished], [itemprop=dateModified]"
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATE_IN_WORDS = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? (?:{MONTHS}),? \d{{4}}|(?:{MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|(?:19|20)\d\d-\d\d-\d\d)\b"
)


def author_missing(document: Document, _site: Site, _rule: Rule) -> list[Finding] | None:
    """An article that nowhere names who wrote it."""
    if not is_article(document):
        return None
    named = document.raw.css_first(AUTHOR) or BYLINE.search(document.text)
    return when(not (named or _declared(document, "author")), "No author is named.")


def date_missing(document: Document, _site: Site, _rule: Rule) -> list[Finding] | None:
    """An article without a date, in markup or in words."""
    if not is_article(document):
        return None
    dated = document.raw.css_first(DATE) or DATE_IN_WORDS.search(document.text)
    declared = _declared(document, "datePublished") or _declared(document, "dateModified")
    return when(not (dated or declared), "No date is given.")


def about_missing(document: Document, _site: Site, rule: Rule) -> list[Finding] | None:
    """The home page has no link that the rule's patterns know."""
    message = "No link leads to a page about who is behind the site."
    return when(not _linked(document, rule), message) if document.home else None


def contact_missing(document: Document, _site: Site, rule: Rule) -> list[Finding] | None:
    """The home page has no link to a contact page, an email address or a telephone number."""
    message = "No link leads to a way to get in touch."
    return when(not _linked(document, rule), message) if document.home else None


def is_article(document: Document) -> bool:
    """By its own words (Open Graph, schema.org), or by the folder that it lies in."""
    if document.page.og.get("og:type") == "article":
        return True
    if any(ARTICLE_TYPES.intersection(_types(item)) for item in _items(document)):
        return True
    *folders, last = urlsplit(document.url).path.strip("/").split("/")
    return bool(ARTICLE_FOLDERS.intersection(folders)) and "page" not in folders and bool(last)


def _linked(document: Document, rule: Rule) -> bool:
    texts = ((node.attributes.get("href") or "", words(node)) for node in document.links)
    return any(rule.pattern.search(href) or rule.pattern.search(text) for href, text in texts)


def _declared(document: Document, name: str) -> bool:
    """Whether the page's structured data fills this property of an article."""
    return any(bool(item.get(name)) for item in _items(document))


def _items(document: Document) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD, those of a @graph included."""
    for node in document.raw.css("script[type='application/ld+json']"):
        try:
            yield from _objects(json.loads(node.text()))
        except (ValueError, RecursionError):
            continue


def _objects(found: Any) -> Iterator[dict[str, Any]]:
    if isinstance(found, list):
        for each in cast("list[Any]", found):
            yield from _objects(each)
    elif isinstance(found, dict):
        item = cast("dict[str, Any]", found)
        yield item
        yield from _objects(item.get("@graph", []))


def _types(item: dict[str, Any]) -> list[str]:
    kind = item.get("@type", [])
    return (
        [str(each) for each in cast("list[Any]", kind)] if isinstance(kind, list) else [str(kind)]
    )
