"""Endless spaces: addresses that lead from one to the next without end, such as calendars."""

from collections import Counter
from urllib.parse import parse_qsl, urlsplit

LEAST_ADDRESSES = 100  # of one pattern, before it can be called a trap
LEAST_DEPTH = 30  # clicks from the home page: people do not follow so far, and sites do not need it


class Traps:
    """Which patterns of addresses have no end. A pattern is a path and the names in its query."""

    def __init__(self) -> None:
        self.left_out: Counter[str] = Counter()
        """How many addresses of a pattern were left out."""
        self._known: Counter[str] = Counter()

    def holds(self, url: str, depth: int) -> bool:
        """Take note of a new address; whether it lies in a trap and is better left out."""
        if "?" not in url:
            return False
        pattern = pattern_of(url)
        self._known[pattern] += 1
        if depth > LEAST_DEPTH and self._known[pattern] > LEAST_ADDRESSES:
            self.left_out[pattern] += 1
            return True
        return False


def pattern_of(url: str) -> str:
    """`http://site.test/month?m=*&y=*` of an address with these names in its query."""
    parts = urlsplit(url)
    names = sorted({name for name, _value in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{parts.scheme}://{parts.netloc}{parts.path}?{'&'.join(f'{name}=*' for name in names)}"
