"""Changes in an HTML file."""

from collections.abc import Callable
from html import escape, unescape

from hermes_fleet.site_executor.change import Change, UnfitError, require_before, same
from hermes_fleet.site_executor.html_source import Tag, indent_of, tags_of
from hermes_fleet.site_executor.splices import Splice, spliced


def edited(text: str, change: Change) -> str:
    """The file with the change made; UnfitError says why it does not fit."""
    edit = EDITS.get(change.kind)
    if edit is None:
        raise UnfitError(f"A {change.kind} is not changed in an HTML file.")
    return spliced(text, edit(text, tags_of(text), change))


def _title(text: str, tags: list[Tag], change: Change) -> list[Splice]:
    new = escape(change.after, quote=False)
    head = _head(tags)
    opening = next((tag for tag in head if tag.name == "title" and not tag.closing), None)
    if opening is None:
        require_before(None, change)
        place = next((tag for tag in head if tag.name == "head" and not tag.closing), None)
        if place is None:
            raise UnfitError("The file has no <head> in which a title could stand.")
        return [Splice(place.end, place.end, f"{indent_of(text, place.start)}<title>{new}</title>")]
    end = next(
        (t.start for t in tags if t.closing and t.name == "title" and t.start >= opening.end), None
    )
    if end is None:
        raise UnfitError("The <title> is not closed.")
    require_before(unescape(text[opening.end : end]), change)
    return [Splice(opening.end, end, new)]


def _description(text: str, tags: list[Tag], change: Change) -> list[Splice]:
    found = [t for t in _head(tags) if t.name == "meta" and t.words("name") == ["description"]]
    return _in_head(text, tags, change, found, "content", '<meta name="description" content="{}">')


def _canonical(text: str, tags: list[Tag], change: Change) -> list[Splice]:
    found = [t for t in _head(tags) if t.name == "link" and "canonical" in t.words("rel")]
    return _in_head(text, tags, change, found, "href", '<link rel="canonical" href="{}">')


def _in_head(
    text: str, tags: list[Tag], change: Change, found: list[Tag], name: str, form: str
) -> list[Splice]:
    """The value of the one element found, or a new element after the title."""
    if len(found) > 1:
        raise UnfitError(f"The page has {len(found)} elements for its {change.kind}.")
    if found and (attribute := found[0].attributes.get(name)) is not None:
        require_before(attribute.value, change)
        return [attribute.becoming(change.after)]
    if found:
        raise UnfitError(f"The element for the {change.kind} has no {name}.")
    require_before(None, change)
    titles = [tag for tag in _head(tags) if tag.name == "title"]
    if len(titles) < 2 or not titles[1].closing:
        raise UnfitError(f"The file has no <title> after which the {change.kind} could stand.")
    new = form.format(escape(change.after))
    return [Splice(titles[1].end, titles[1].end, indent_of(text, titles[0].start) + new)]


def _alt(_text: str, tags: list[Tag], change: Change) -> list[Splice]:
    """Every image of this address that has the approved text."""
    images = [t for t in tags if t.name == "img" and t.value("src") == change.target]
    fitting = [tag for tag in images if same(tag.value("alt"), change.before)]
    if not fitting:
        raise UnfitError(f"No image {change.target} with that alternative text is on the page.")
    return [_with_alt(tag, change.after) for tag in fitting]


def _with_alt(tag: Tag, text: str) -> Splice:
    found = tag.attributes.get("alt")
    if found is not None and found.end > found.start:
        return found.becoming(text)
    if found is not None:  # `alt` without a value
        return Splice(found.end, found.end, f'="{escape(text)}"')
    source = tag.attributes["src"]
    return Splice(source.end, source.end, f' alt="{escape(text)}"')


def _link(_text: str, tags: list[Tag], change: Change) -> list[Splice]:
    require_before(change.target, change)
    links = [t for t in tags if t.name in ("a", "area") and not t.closing]
    found = [t.attributes["href"] for t in links if t.value("href") == change.target]
    if not found:
        raise UnfitError(f"No link to {change.target} is on the page.")
    return [each.becoming(change.after) for each in found]


def _head(tags: list[Tag]) -> list[Tag]:
    """The tags before <body>, without what stands inside an <svg>."""
    found, drawing = list[Tag](), False
    for tag in tags:
        if tag.name == "body":
            break
        if tag.name == "svg":
            drawing = not tag.closing
        elif not drawing:
            found.append(tag)
    return found


EDITS: dict[str, Callable[[str, list[Tag], Change], list[Splice]]] = {
    "title": _title,
    "description": _description,
    "canonical": _canonical,
    "alt": _alt,
    "link": _link,
}
