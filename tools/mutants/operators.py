"""The changes of Python: each function gives the edits of one node; `places.py` decides which nodes are asked."""

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tools.mutants.source import Edit, Source

COMPARISONS: dict[type[ast.cmpop], tuple[bytes, bytes]] = {
    ast.Lt: (rb"<", b"<="),
    ast.LtE: (rb"<=", b"<"),
    ast.Gt: (rb">", b">="),
    ast.GtE: (rb">=", b">"),
    ast.Eq: (rb"==", b"!="),
    ast.NotEq: (rb"!=", b"=="),
    ast.In: (rb"in\b", b"not in"),
    ast.NotIn: (rb"not\s+in\b", b"in"),
    ast.Is: (rb"is\b", b"is not"),
    ast.IsNot: (rb"is\s+not\b", b"is"),
}
ARITHMETIC: dict[type[ast.operator], tuple[bytes, bytes]] = {
    ast.Add: (rb"\+", b"-"),
    ast.Sub: (rb"-", b"+"),
    ast.Mult: (rb"\*", b"/"),
    ast.Div: (rb"/", b"*"),
    ast.FloorDiv: (rb"//", b"*"),
    ast.Mod: (rb"%", b"*"),
    ast.BitOr: (rb"\|", b"&"),
    ast.BitAnd: (rb"&", b"|"),
}
WORDS = {"description", "title", "summary", "examples", "help", "metavar", "message", "hint"}


def compare(source: Source, node: ast.Compare) -> Iterator[Edit]:
    """`<` for `<=`, `==` for `!=`, `in` for `not in`, `is` for `is not`, and back."""
    for (left, right), operator in zip(
        pairwise([node.left, *node.comparators]), node.ops, strict=True
    ):
        pattern, becomes = COMPARISONS[type(operator)]
        yield from _between(source, left, right, pattern, becomes, "comparison swapped")


def combine(source: Source, node: ast.BoolOp) -> Iterator[Edit]:
    """`and` for `or` and back, and each operand but the first left out."""
    word, other = (b"and", b"or") if isinstance(node.op, ast.And) else (b"or", b"and")
    for left, right in pairwise(node.values):
        yield from _between(source, left, right, rb"\b" + word + rb"\b", other, "and for or")
        yield Edit(source.end(left), source.end(right), b"", "operand dropped")


def negate(source: Source, node: ast.UnaryOp) -> Iterator[Edit]:
    """`not` left out."""
    found = re.compile(rb"not\b\s*").match(source.content, source.start(node))
    if isinstance(node.op, ast.Not) and found:
        yield Edit(found.start(), found.end(), b"", "not dropped")


def constant(source: Source, node: ast.Constant) -> Iterator[Edit]:
    """A number one more and one less; True for False and back."""
    start, end = source.start(node), source.end(node)
    if isinstance(node.value, bool):
        yield Edit(start, end, str(not node.value).encode(), "True for False")
    elif isinstance(node.value, int | float):
        for step in (1, -1):
            yield Edit(start, end, repr(node.value + step).encode(), "number off by one")


def answer(source: Source, node: ast.Return) -> Iterator[Edit]:
    """`return None` for any other answer but True and False, which are turned."""
    if node.value is None or (
        isinstance(node.value, ast.Constant) and node.value.value in (None, True, False)
    ):
        return
    yield Edit(source.start(node), source.end(node), b"return None", "nothing returned")


def calculate(source: Source, node: ast.BinOp) -> Iterator[Edit]:
    """`+` for `-`, `*` for `/` and back; texts that are put together stay."""
    texts = (node.left, node.right)
    if type(node.op) not in ARITHMETIC or any(_is_text(side) for side in texts):
        return
    pattern, becomes = ARITHMETIC[type(node.op)]
    yield from _between(source, node.left, node.right, pattern, becomes, "arithmetic")


def statement(source: Source, node: ast.Expr | ast.AugAssign) -> Iterator[Edit]:
    """A call whose answer nobody reads, awaited or not, or a count, left out."""
    awaited = isinstance(node, ast.Expr) and isinstance(node.value, ast.Await)
    if awaited or isinstance(node, ast.AugAssign) or isinstance(node.value, ast.Call):
        operator = "await dropped" if awaited else "statement dropped"
        yield Edit(source.start(node), source.end(node), b"pass", operator)


def condition(source: Source, test: ast.expr, *, loop: bool = False) -> Iterator[Edit]:
    """A condition that always holds, and one that never does; a loop is not made endless."""
    if isinstance(test, ast.Constant):
        return
    for becomes in (b"False",) if loop else (b"True", b"False"):
        yield Edit(
            source.start(test), source.end(test), becomes, f"condition is {becomes.decode()}"
        )


def call(source: Source, node: ast.Call) -> Iterator[Edit]:
    """`min` for `max` and back; a keyword argument left out, but words for people."""
    swap = {"min": b"max", "max": b"min"}
    if isinstance(node.func, ast.Name) and node.func.id in swap:
        yield Edit(
            source.start(node.func), source.end(node.func), swap[node.func.id], "min for max"
        )
    everything = sorted([*node.args, *node.keywords], key=source.start)
    for place, keyword in enumerate(everything):
        if isinstance(keyword, ast.keyword) and keyword.arg and keyword.arg not in WORDS:
            yield _without(source, everything, place, "argument dropped")


def table(source: Source, node: ast.Set | ast.Tuple | ast.List) -> Iterator[Edit]:
    """A set, tuple or list with one element less, never empty."""
    if len(node.elts) < 2 or isinstance(getattr(node, "ctx", None), ast.Store):
        return
    for place, element in enumerate(node.elts):
        if isinstance(element, ast.Starred):
            continue
        if len(node.elts) == 2 and place == 0 and isinstance(node, ast.Tuple):
            kept = node.elts[1]
            comma = b"" if _comma_follows(source, kept) else b","
            start = source.start(element)
            yield Edit(start, source.end(kept), source.text(kept) + comma, "element dropped")
        else:
            yield _without(source, node.elts, place, "element dropped")


def mapping(source: Source, node: ast.Dict) -> Iterator[Edit]:
    """A mapping with one entry less, never empty."""
    keys = [key for key in node.keys if key is not None]
    if len(keys) < 2 or len(keys) < len(node.keys):
        return
    for place, key in enumerate(keys):
        if place + 1 < len(keys):
            yield Edit(source.start(key), source.start(keys[place + 1]), b"", "element dropped")
        else:
            start, end = source.end(node.values[place - 1]), source.end(node.values[place])
            yield Edit(start, end, b"", "element dropped")


def _without(
    source: Source, nodes: Sequence[ast.expr | ast.keyword], place: int, operator: str
) -> Edit:
    """One of several nodes with commas between them left out; a tuple keeps its comma."""
    node = nodes[place]
    if place + 1 < len(nodes):
        return Edit(source.start(node), source.start(nodes[place + 1]), b"", operator)
    if place == 0:
        return Edit(source.start(node), source.end(node), b"", operator)
    comma = b"" if _comma_follows(source, node) else b","
    return Edit(source.end(nodes[place - 1]), source.end(node), comma, operator)


def _comma_follows(source: Source, node: ast.expr | ast.keyword) -> bool:
    return source.content[source.end(node) :].lstrip().startswith(b",")


def _between(
    source: Source, left: ast.expr, right: ast.expr, pattern: bytes, becomes: bytes, operator: str
) -> Iterator[Edit]:
    """The operator between two nodes; brackets and comments may stand there too."""
    found = re.compile(pattern).search(source.content, source.end(left), source.start(right))
    if found:
        yield Edit(found.start(), found.end(), becomes, operator)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    )
