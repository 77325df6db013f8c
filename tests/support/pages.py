"""What of the application is a page for people: found in its routes, so that none is forgotten."""

import re
from collections.abc import Iterable, Mapping

NO_PAGES = ("/api/", "/static", "/openapi.json", "/health", "/metrics")
NOT_FOR_EYES = {"/staff/evidence/{name}": "files", "/orders/{token}/live": "a stream"}
FILES = (".csv", ".pdf")
"""Ends of addresses that answer with a file to keep."""
PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


def pages_of(places: Iterable[str]) -> list[str]:
    """The templates of those `METHOD /path/{template}` that answer GET with a page."""
    paths = [place.removeprefix("GET ") for place in places if place.startswith("GET ")]
    seen = [p for p in paths if not p.startswith(NO_PAGES) and not p.endswith(FILES)]
    return [p for p in seen if p not in NOT_FOR_EYES]


def filled(template: str, values: Mapping[str, str]) -> str:
    """The path of a template. A KeyError names a parameter that nobody has given a value."""
    return PARAMETER.sub(lambda found: values[found[1]], template)
