"""Changes inside SQL: most guards of this product stand in statements, where no operator of Python reaches them.

A statement is looked at as the text of its literal, quotes and pieces of implicit concatenation included.
"""

import re
from collections.abc import Iterator

from tools.mutants.source import Edit

STATEMENT = re.compile(
    rb"\bselect\b[^?!]*\bfrom\b|\binsert into\b|\bupdate \w+|\bdelete from\b|^\W*(?:where|and|or) [\w.]+ (?:[<=>]|is |in )",
    re.DOTALL,
)
CONDITION = re.compile(rb"(?<![\w.])(where|and|or|having|when|on)\s+(?!conflict\b)")
END = re.compile(
    rb"(?:and|or|order by|group by|limit|returning|for update|for share|for no key|union|having|left|join|inner|"
    rb"cross|when|then|where|set|from|do update|do nothing)\b"
)
BETWEEN = re.compile(rb"\bbetween\s+\S+\s*$")
COMPARISONS = {
    b"<=": b"<",
    b">=": b">",
    b"<>": b"=",
    b"<": b"<=",
    b">": b">=",
    b"=": b"<>",
    b"is not null": b"is null",
    b"is null": b"is not null",
    b"not in": b"in",
}
COMPARISON = re.compile(rb"(?<=[\s)])(<=|>=|<>|<|>|=|is not null|is null|not in)(?=[\s)\"]|$)")
TURNS = (
    (re.compile(rb"\bleast\("), b"greatest(", "SQL least for greatest"),
    (re.compile(rb"\bgreatest\("), b"least(", "SQL least for greatest"),
    (re.compile(rb"\bmin\("), b"max(", "SQL min for max"),
    (re.compile(rb"\bmax\("), b"min(", "SQL min for max"),
    (re.compile(rb" desc\b"), b"", "SQL order turned"),
    (re.compile(rb" for update(?: of \w+)?(?: skip locked)?"), b"", "SQL lock dropped"),
)
COALESCE = re.compile(rb"\bcoalesce\(([\w.]+), ([^(),]+)\)")


def is_statement(text: bytes) -> bool:
    """Whether a literal reads as SQL in the lower case that this repository writes it in."""
    return STATEMENT.search(text) is not None


def sql_edits(text: bytes) -> Iterator[Edit]:
    """Every change of a statement; offsets count from the beginning of `text`."""
    for word, start, end in _conditions(text):
        yield from _dropped(text, word, start, end)
        for found in COMPARISON.finditer(text, start, end):
            swapped = COMPARISONS[found[1]]
            yield Edit(found.start(1), found.end(1), swapped, "SQL comparison swapped")
    for pattern, becomes, operator in TURNS:
        for found in pattern.finditer(text):
            yield Edit(found.start(), found.end(), becomes, operator)
    for found in COALESCE.finditer(text):
        yield Edit(found.start(), found.end(), found[2], "SQL coalesce dropped")


def _dropped(text: bytes, word: bytes, start: int, end: int) -> Iterator[Edit]:
    """A condition that always holds; one with a parameter stays written, for PostgreSQL to know its type."""
    condition = text[start:end]
    if word in (b"when", b"on") or not condition:
        return
    if word == b"or":
        yield Edit(start, end, b"(" + condition + b") is null and false", "SQL condition dropped")
    else:
        becomes = (
            b"(" + condition + b" or true)" if b"$" in condition or b"{" in condition else b"true"
        )
        yield Edit(start, end, becomes, "SQL condition dropped")


def _conditions(text: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Each condition with the word before it, but the upper end of a `between`."""
    for found in CONDITION.finditer(text):
        before = text[max(0, found.start() - 60) : found.start()]
        if found[1] == b"and" and BETWEEN.search(before):
            continue
        yield found[1], found.end(), _end(text, found.end())


def _end(text: bytes, at: int) -> int:
    """Where a condition ends: before the next word of the statement, a closing bracket or a quote."""
    depth = 0
    for place in range(at, len(text)):
        byte = text[place : place + 1]
        if byte in b"([":
            depth += 1
        elif depth and byte in b")]":
            depth -= 1
        elif not depth and (byte in b')",;' or _is_next(text, at, place)):
            return at + len(text[at:place].rstrip())
    return at + len(text[at:].rstrip(b'" \n'))


def _is_next(text: bytes, at: int, place: int) -> bool:
    """Whether a word that ends the condition begins here; the `and` of a `between` does not."""
    if not text[place - 1 : place].isspace() or not (found := END.match(text, place)):
        return False
    return found[0] != b"and" or not BETWEEN.search(text, at, place)
