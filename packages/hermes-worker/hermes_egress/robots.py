"""robots.txt by RFC 9309, read as the reference parser reads it (github.com/google/robotstxt).

What the file asks of one agent: which addresses it may fetch, how fast, and which sitemaps it names.
Where the reference reads wider than the RFC (misspelt keys, a missing colon), so does this.
"""

import codecs
import math
import re
from typing import Self

from hermes_egress.robots_lines import Rule, groups_of, lines_of, sitemaps_of

MOST_BYTES = 512_000  # RFC 9309 2.5 asks for at least 500 KiB
BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # by which Windows editors begin a file
PATH = re.compile(r"[^/?;#]*//[^/?;#]*([^#]*)")
PERCENT = "robots-percent"


class Robots:
    """The rules of one site for one agent, such as "HermesCrawler"; an empty text allows everything.

    The agent is named without its version. Groups for it are taken together; those for `*` count
    only where no group names it.
    """

    def __init__(self, text: str, agent: str) -> None:
        self.text = text.removeprefix("\ufeff")
        lines = list(lines_of(self.text))
        groups = groups_of(lines, agent)
        named = [group for group in groups if group.is_named]
        self._groups = named or [group for group in groups if group.is_for_all]
        self._rules = [rule for group in self._groups for rule in group.rules]
        self.sitemaps = sitemaps_of(lines)

    @classmethod
    def answered(cls, status: int, body: bytes, agent: str) -> Self:
        """The rules in an answer of HTTP: those of a 2xx, else none.

        Of the body, MOST_BYTES count. An answer that `is_closed` is the caller's to judge before.
        """
        text = _decoded(body[:MOST_BYTES]) if 200 <= status < 300 else ""
        return cls(text, agent)

    def allows(self, url: str) -> bool:
        """Whether the agent may fetch an absolute address: the longest rule decides, allow at a tie."""
        path = path_of(url)
        allowed, closed = _longest(self._rules, path, True), _longest(self._rules, path, False)
        return closed <= allowed

    @property
    def delay(self) -> float:
        """The Crawl-delay asked of the agent, in seconds; 0 when none. It is no part of the RFC."""
        delays = (group.delay for group in self._groups)
        return next((each for each in delays if each > 0 and math.isfinite(each)), 0.0)


def is_closed(status: int) -> bool:
    """Whether an answer for robots.txt forbids the whole site for now.

    RFC 9309 2.3.1.4: a server in trouble. Google counts 429 among these, and so do we: the server
    asks for fewer requests, which is no leave to make thousands.
    """
    return status == 429 or status >= 500


def path_of(url: str) -> str:
    """What rules are compared with: path, parameters and query of an address, without its fragment."""
    found = PATH.match(url)
    path = found.group(1) if found else url.partition("#")[0]
    return path if path.startswith("/") else f"/{path}"


def _longest(rules: list[Rule], path: str, allow: bool) -> int:
    """The length of the longest rule of one kind that covers a path; 0 when none does."""
    fitting = (rule.length for rule in rules if rule.allow is allow and rule.covers(path))
    return max(fitting, default=0)


def _decoded(body: bytes) -> str:
    """The text; a mark at its begin, whole or torn, is no part of it.

    Bytes that are not UTF-8 become what a rule would make of them: their percent-encoded form.
    """
    mark = 0
    while mark < len(BYTE_ORDER_MARK) and body[mark : mark + 1] == BYTE_ORDER_MARK[mark : mark + 1]:
        mark += 1
    return body[mark:].decode("utf-8", PERCENT)


def _percent(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    encoded = "".join(f"%{byte:02X}" for byte in error.object[error.start : error.end])
    return encoded, error.end


codecs.register_error(PERCENT, _percent)
