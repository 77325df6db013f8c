"""schema.org data of the competitors' pages, as JSON-LD text."""

import json
from collections.abc import Sequence
from typing import Any


def typed(kind: str, **fields: Any) -> str:
    """One thing of a schema.org type."""
    return json.dumps({"@context": "https://schema.org", "@type": kind, **fields})


def faq(questions: Sequence[tuple[str, str]]) -> str:
    """A FAQPage of (question, answer)."""
    entries = [
        {"@type": "Question", "name": asked, "acceptedAnswer": {"@type": "Answer", "text": answer}}
        for asked, answer in questions
    ]
    return typed("FAQPage", mainEntity=entries)


def priced(kind: str, name: str, price: int) -> str:
    """A thing with an offer in US dollars."""
    offer = {"@type": "Offer", "price": price, "priceCurrency": "USD"}
    return typed(kind, name=name, offers=offer)


def item_list(names: Sequence[str]) -> str:
    """An ItemList in order."""
    entries = [
        {"@type": "ListItem", "position": place, "name": name}
        for place, name in enumerate(names, start=1)
    ]
    return typed("ItemList", itemListElement=entries)


def how_to(name: str, steps: Sequence[str]) -> str:
    """A HowTo with its steps."""
    return typed("HowTo", name=name, step=[{"@type": "HowToStep", "text": text} for text in steps])
