"""Structured data in JSON-LD: whether it can be read, and whether it holds what its type needs.

Source: developers.google.com/search/docs/appearance/structured-data, required properties.
"""

import json
from collections.abc import Iterator
from typing import Any, cast

MOST_FAULTS = 20  # of one page
NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "Article": (("headline",),), "NewsArticle": (("headline",),), "BlogPosting": (("headline",),),
    "Product": (("name",), ("offers", "review", "aggregateRating")),
    "Offer": (("price", "priceSpecification"),),
    "FAQPage": (("mainEntity",),), "Question": (("name",), ("acceptedAnswer", "suggestedAnswer")),
    "BreadcrumbList": (("itemListElement",),), "ItemList": (("itemListElement",),),
    "Organization": (("name",),), "LocalBusiness": (("name",), ("address",)), "Dentist": (("name",), ("address",)),
    "Event": (("name",), ("startDate",), ("location",)), "Recipe": (("name",), ("image",)),
    "VideoObject": (("name",), ("thumbnailUrl",), ("uploadDate",)), "JobPosting": (("title",), ("datePosted",)),
    "Review": (("itemReviewed",), ("author",)), "AggregateRating": (("ratingValue",), ("reviewCount", "ratingCount")),
}  # fmt: skip
"""By type: properties of which one each must be there. A review inside another thing is of that thing."""
INSIDE = {"Review": {"itemReviewed"}}


def faults(blocks: list[str]) -> tuple[str, ...]:
    """What is wrong with the blocks of one page, in sentences."""
    return tuple(fault for block in blocks for fault in _of_block(block))[:MOST_FAULTS]


def _of_block(text: str) -> Iterator[str]:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        yield "is not JSON"
        return
    things = cast("list[Any]", found) if isinstance(found, list) else [found]
    for thing in things:
        if not isinstance(thing, dict):
            yield "holds something that is no object"
            continue
        fields = cast("dict[str, Any]", thing)
        if "schema.org" not in str(fields.get("@context", "")):
            yield "has no @context of schema.org"
        if "@type" not in fields and "@graph" not in fields:
            yield "has no @type"
        yield from _of_thing(fields, inside=False)


def _of_thing(fields: dict[str, Any], *, inside: bool) -> Iterator[str]:
    given: Any = fields.get("@type")
    names = cast("list[Any]", given) if isinstance(given, list) else [given]
    is_reference = set(fields) <= {"@id", "@type", "@context"}
    for name in () if is_reference else map(str, names):
        for choice in NEEDED.get(name, ()):
            lacking = not any(_is_said(fields.get(each)) for each in choice)
            if lacking and not (inside and INSIDE.get(name, set()).issuperset(choice)):
                yield f"{name} has no {' or '.join(choice)}"
    for value in fields.values():
        for each in cast("list[Any]", value) if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield from _of_thing(cast("dict[str, Any]", each), inside=True)


def _is_said(value: Any) -> bool:
    return value is not None and value not in ("", [], {})
