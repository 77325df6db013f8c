"""hreflang: whether the language versions that pages name exist, and name each other."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hermes_fleet.crawling.addresses import normalise
from hermes_fleet.crawling.record import Record

CODE = re.compile(r"x-default|[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?", re.IGNORECASE)
NO_REGIONS = {"uk", "eu", "la"}  # often written for GB, Europe and Latin America


@dataclass(frozen=True, order=True, slots=True)
class AlternateError:
    """One mistake: `type` is invalid_code, to_non_200, to_noindex or no_return_link."""

    url: str
    type: str
    lang: str
    target: str


def errors(records: Mapping[str, Record]) -> list[AlternateError]:
    """All mistakes of the pages that were read; targets that were not visited are not judged."""
    named = {url: dict(_targets(record)) for url, record in records.items() if record.good_page}
    return sorted(
        AlternateError(url, kind, lang, target)
        for url, targets in named.items()
        for target, lang in targets.items()
        for kind in _kinds(url, target, lang, records, named)
    )


def _targets(record: Record) -> Iterator[tuple[str, str]]:
    for lang, href in record.page.hreflang if record.page else ():
        if target := normalise(href, record.page.base if record.page else record.url):
            yield target, lang


def _kinds(
    url: str,
    target: str,
    lang: str,
    records: Mapping[str, Record],
    named: Mapping[str, Mapping[str, str]],
) -> Iterable[str]:
    if not is_code(lang):
        yield "invalid_code"
    there = records.get(target)
    if there is None:
        return
    if there.status != 200:
        yield "to_non_200"
    elif there.noindex:
        yield "to_noindex"
    elif target != url and url not in named.get(target, {}):
        yield "no_return_link"


def is_code(lang: str) -> bool:
    """Whether it is a language, with a script or region if wished, or x-default."""
    region = lang.rpartition("-")[2].lower() if "-" in lang else ""
    return bool(CODE.fullmatch(lang)) and region not in NO_REGIONS
