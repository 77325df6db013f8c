"""The lines, groups and rules of a robots.txt, as the reference parser takes them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

LONGEST_LINE = 2083 * 8 - 1  # characters; the reference cuts a line there
ENDS = re.compile(r"\r\n|\n|\r")
KEYS = {
    "agent": ("user-agent", "useragent", "user agent"),
    "allow": ("allow",),
    "disallow": ("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"),
    "sitemap": ("sitemap", "site-map"),
    "delay": ("crawl-delay",),
}
"""What a line says -> the beginnings of keys that say it; the misspellings are the reference's own."""
TOKEN = re.compile(r"[A-Za-z_-]*")
ENCODED = re.compile(r"%[0-9a-fA-F]{2}")
ASCII = "".join(map(chr, range(33, 127)))
INDEX = "/index.htm"


@dataclass(frozen=True, slots=True)
class Line:
    """One line that says something: one of KEYS, and its value as written."""

    says: str
    value: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One allow or disallow. `pieces` are the parts of its pattern between stars."""

    allow: bool
    pieces: tuple[str, ...]
    to_the_end: bool  # whether the pattern ends with `$`
    length: int  # of the pattern: the longest decides

    def covers(self, path: str) -> bool:
        """Whether a path begins as the pattern says. Takes one pass over the path, whatever its stars."""
        first, *more = self.pieces
        if not path.startswith(first):
            return False
        if not more:
            return len(path) == len(first) or not self.to_the_end
        at, last = len(first), more.pop() if self.to_the_end else ""
        for piece in more:
            at = path.find(piece, at) + len(piece)
            if at < len(piece):
                return False
        return path.endswith(last) and len(path) - len(last) >= at


@dataclass(slots=True)
class Group:
    """The lines under one or more user-agent lines, as far as one agent is concerned."""

    is_named: bool = False
    is_for_all: bool = False
    rules: list[Rule] = field(default_factory=list[Rule])
    delay: float = 0.0


def lines_of(text: str) -> Iterator[Line]:
    """The lines that say something, in order. Others, comments and empty ones do not count."""
    for written in ENDS.split(text):
        key, value = _parted(written[:LONGEST_LINE].partition("#")[0].strip())
        for says, beginnings in KEYS.items():
            if key.lower().startswith(beginnings):
                yield Line(says, value)


def groups_of(lines: Iterable[Line], agent: str) -> list[Group]:
    """The groups of a file. Neighbouring user-agent lines begin one; only a rule stands between."""
    groups, ruled = list[Group](), True
    for line in lines:
        if line.says == "agent":
            if ruled:
                groups.append(Group())
            ruled = False
            _name(groups[-1], line.value, agent)
        elif groups and line.says in {"allow", "disallow"}:
            ruled = True
            groups[-1].rules.extend(_rules(line))
        elif groups and line.says == "delay":
            groups[-1].delay = groups[-1].delay or _seconds(line.value)
    return groups


def sitemaps_of(lines: Iterable[Line]) -> list[str]:
    """The addresses of sitemaps, as written."""
    return [line.value for line in lines if line.says == "sitemap" and line.value]


def _parted(line: str) -> tuple[str, str]:
    """Key and value; a colon may be missing where there are two words."""
    key, colon, value = line.partition(":")
    if colon:
        return key.strip(), value.strip()
    words = line.split()
    return (words[0], words[1]) if len(words) == 2 else ("", "")


def _name(group: Group, value: str, agent: str) -> None:
    """Whom a user-agent line is for: the letters that it begins with, whatever version follows."""
    if value == "*" or (value[:1] == "*" and value[1].isspace()):
        group.is_for_all = True
    found = TOKEN.match(value)
    group.is_named |= bool(agent) and found is not None and found.group().lower() == agent.lower()


def _rules(line: Line) -> Iterator[Rule]:
    """The rule of a line. A rule that allows a folder's index page allows the folder's address too."""
    if not line.value:
        return
    allow, pattern = line.says == "allow", _escaped(line.value)
    yield _rule(allow, pattern)
    folder, slash, page = pattern.rpartition("/")
    if allow and f"{slash}{page}".startswith(INDEX):
        yield _rule(allow, f"{folder}/$")


def _rule(allow: bool, pattern: str) -> Rule:
    bare = pattern.removesuffix("$")
    return Rule(allow, tuple(bare.split("*")), bare != pattern, len(pattern))


def _escaped(value: str) -> str:
    """A pattern in the spelling of addresses: letters that are not ASCII encoded, capitals in codes."""
    return ENCODED.sub(lambda code: code.group().upper(), quote(value, safe=ASCII))


def _seconds(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return 0.0
