"""Shapes of pages that the competitors share."""

from collections.abc import Sequence
from typing import Any

from hermes_sandbox.network.words import TREATMENT
from hermes_sandbox.site.business import capital
from hermes_sandbox.site.chrome import Frame, crumbs
from hermes_sandbox.site.model import Link, Page, Section
from hermes_sandbox.site.prose import paragraphs

ASPECTS = ("{}: what it costs", "{}: step by step", "{}: results and care", "Before you book {}")


def page(
    frame: Frame,
    path: str,
    heading: str,
    *sections: Section,
    parent: Link | None = None,
    **more: Any,
) -> Page:
    """A page with a title, a description and one h1."""
    return Page(
        path=path,
        title=more.pop("title", f"{heading} | {frame.name}"),
        description=f"{heading}: told by {frame.name} in plain words, with prices and names.",
        headings=(heading,),
        sections=sections,
        crumbs=() if path == "/" else crumbs(*([parent] if parent else [])),
        **more,
    )


def text(
    frame: Frame, path: str, heading: str, bank: Sequence[str], least: int = 120, **facts: str
) -> Section:
    """A section of at least `least` words."""
    given = {"name": frame.name, "price": "120", "minutes": "45", **facts}
    return Section(heading, paragraphs(f"{frame.name}{path}{heading}", bank, least, **given))


def index(frame: Frame, path: str, heading: str, lead: Section, links: Sequence[Link]) -> Page:
    """A page that lists its children."""
    return page(frame, path, heading, lead, Section("All at a glance", links=tuple(links)))


def stronghold(frame: Frame, path: str, keyword: str, parent: Link, data: str) -> Page:
    """A page written for one phrase: in title, h1, every h2 and nearly every sentence."""
    name = capital(keyword)
    sections = [
        text(frame, path, aspect.format(name), TREATMENT, 90, keyword=keyword) for aspect in ASPECTS
    ]
    title = f"{name}: {keyword} prices, steps and results | {frame.name}"
    return page(frame, path, f"{name} explained", *sections, parent=parent, data=data, title=title)
