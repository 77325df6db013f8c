"""How many http(s) cases of the URL standard's public test data our spelling of addresses gets right.

The data are urltestdata.json of github.com/web-platform-tests/wpt, kept outside of the repository.
Each case is an input and a base that give an address or must be refused. Counted are the cases whose
base is an http(s) address or missing, and those with another base that lead to one. The crawler's
own choices (`normalise` lists them) are applied to what the standard says, and counted apart.

    .venv/bin/python bench/urls.py FOLDER
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NotRequired, TypedDict
from urllib.parse import urlsplit

from hermes_fleet.crawling.addresses import LONGEST, normalise

WEB = ("http:", "https:")


class Case(TypedDict):
    """One case; `href` is missing where `failure` is true."""

    input: str
    base: NotRequired[str | None]
    href: NotRequired[str]
    failure: NotRequired[bool]


def main() -> None:
    """Count the cases by kind, and print those that differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where url-standard-cases.json is")
    text = (parser.parse_args().folder / "url-standard-cases.json").read_text("utf-8")
    right, of, chosen = Counter[str](), Counter[str](), 0
    for case in _cases(json.loads(text)):
        href = case.get("href", "")
        kind = "an address" if href.startswith(WEB) else "refused" if not href else "not http(s)"
        meant = _meant(href) if kind == "an address" else None
        given = normalise(case["input"], case.get("base") or "")
        of[kind] += 1
        right[kind] += given == meant
        chosen += given == meant and kind == "an address" and given != href
        if given != meant:
            print(
                f"{kind}: {case['input']!r} at {case.get('base')!r} gives {given!r}, not {meant!r}"
            )
    for kind, count in of.items():
        print(f"must be {kind}: {right[kind]}/{count}")
    print(f"together: {right.total()}/{of.total()}, {chosen} of them after our own choices")


def _cases(rows: list[str | Case]) -> Iterator[Case]:
    for row in rows:
        if isinstance(row, str):
            continue  # a remark
        base = row.get("base") or ""
        if row.get("href", "").startswith(WEB) or not base or base.startswith(WEB):
            yield row


def _meant(href: str) -> str | None:
    """What the standard says, after the crawler's choices."""
    parts = urlsplit(href)
    bare = href.partition("#")[0].replace(parts.netloc, parts.netloc.rpartition("@")[2], 1)
    return bare if len(bare) <= LONGEST else None


if __name__ == "__main__":
    main()
