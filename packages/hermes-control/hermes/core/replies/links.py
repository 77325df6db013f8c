"""Addresses that a worker names in its answer: where to ask for a job, and where its result stands."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

STATUS_URL_NAMES = ("status_url", "statusUrl", "poll_url", "pollUrl")
RESULT_URL_NAMES = ("result_url", "resultUrl", "results_url", "resultsUrl")

Fields = Mapping[str, Any]


def status_addresses(places: Iterable[Fields]) -> Iterator[str]:
    """Addresses that an answer names for asking about the job."""
    return _addresses(places, STATUS_URL_NAMES, ("status", "self"))


def result_addresses(places: Iterable[Fields]) -> Iterator[str]:
    """Addresses that an answer names for its result."""
    return _addresses(places, RESULT_URL_NAMES, ("result", "results"))


def _addresses(
    places: Iterable[Fields], names: tuple[str, ...], relations: tuple[str, ...]
) -> Iterator[str]:
    for place in places:
        found = [place.get(name) for name in names]
        links = {**_links(place.get("_links")), **_links(place.get("links"))}
        found += [links.get(relation) for relation in relations]
        yield from (address for address in found if isinstance(address, str) and address.strip())


def _links(value: Any) -> dict[str, Any]:
    """`{relation: address}` of `{status: "..."}`, `{status: {href}}` and `[{rel, href}]`."""
    if isinstance(value, dict):
        links = cast("dict[str, Any]", value)
        return {relation: _href(link) for relation, link in links.items()}
    if isinstance(value, list):
        entries = [
            cast("dict[str, Any]", e) for e in cast("list[Any]", value) if isinstance(e, dict)
        ]
        return {str(e.get("rel", "")): e.get("href") for e in entries}
    return {}


def _href(link: Any) -> Any:
    return cast("dict[str, Any]", link).get("href") if isinstance(link, dict) else link
