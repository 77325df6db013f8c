"""Nothing in tests/ depends on luck: ports asked for and bound later, sleeps before "not", times compared with "<"."""

import ast
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests import ROOT

FILES = sorted(path for path in (ROOT / "tests").rglob("*.py"))
CLOCKS = {"monotonic", "perf_counter", "time"}
SLEEPS = {"sleep", "wait_for_timeout"}


def called(node: ast.AST) -> str:
    """The last name of what is called; "" for anything but a call."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def is_sleep(statement: ast.stmt) -> bool:
    """Whether a statement waits for a fixed time that is not nothing."""
    node = statement.value if isinstance(statement, ast.Expr) else None
    node = node.value if isinstance(node, ast.Await) else node
    if not isinstance(node, ast.Call) or called(node) not in SLEEPS or not node.args:
        return False
    return isinstance(node.args[0], ast.Constant) and node.args[0].value != 0


def is_negative(statement: ast.stmt) -> bool:
    """Whether an assert says that something is not so."""
    if not isinstance(statement, ast.Assert):
        return False
    inner = [*ast.walk(statement.test)]
    return any(isinstance(each, ast.Not | ast.NotIn | ast.NotEq) for each in inner)


def bodies(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    """Every list of statements."""
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            if isinstance(found := getattr(node, name, None), list):
                yield found


def sleeps_before_not(tree: ast.AST) -> Iterator[int]:
    """A fixed wait and then "not": it passes where the machine is slow."""
    for body in bodies(tree):
        for first, second in pairwise(body):
            if is_sleep(first) and is_negative(second):
                yield first.lineno


def reads_clock(node: ast.AST) -> bool:
    """Whether a difference with a clock of this machine is taken in here."""
    return any(
        isinstance(each, ast.BinOp) and isinstance(each.op, ast.Sub) and called(each.left) in CLOCKS
        for each in ast.walk(node)
    )


def measured(tree: ast.AST) -> set[str]:
    """Names that hold a difference of two readings of a clock."""
    assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    targets = [each.targets[0] for each in assigned if reads_clock(each.value)]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def upper_limits(tree: ast.AST) -> Iterator[int]:
    """Seconds that passed compared with "<": it fails where the machine is busy."""
    names = measured(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assert):
            continue
        for each in ast.walk(node.test):
            if isinstance(each, ast.Compare) and limits_above(each, names):
                yield each.lineno


def limits_above(node: ast.Compare, names: set[str]) -> bool:
    """Whether a time stands on the smaller side of a comparison."""
    sides = [node.left, *node.comparators]
    for operator, small, great in zip(node.ops, sides, sides[1:], strict=False):
        if isinstance(operator, ast.Gt | ast.GtE):
            small, great = great, small  # noqa: PLW2901  # read from right to left
        elif not isinstance(operator, ast.Lt | ast.LtE):
            continue
        if reads_clock(small) or (isinstance(small, ast.Name) and small.id in names):
            return True
    return False


def ports_asked_for(tree: ast.AST) -> Iterator[int]:
    """A block that binds any free port, keeps its number and lets the port go."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.arg):
            name = node.id if isinstance(node, ast.Name) else node.arg
            if name in ("unused_port", "unused_tcp_port", "unused_udp_port", "free_port"):
                yield node.lineno
        if isinstance(node, ast.With) and any(binds(each.context_expr) for each in node.items):
            last = node.body[-1]
            value = last.value if isinstance(last, ast.Assign | ast.Return) else None
            if value is not None and any(called(each) == "getsockname" for each in ast.walk(value)):
                yield node.lineno


def binds(node: ast.expr) -> bool:
    """Whether a socket is made here."""
    return called(node) in ("socket", "create_server", "listen")


def lines(kind: str, text: str) -> list[int]:
    """Where a file, or a text, has one of the three kinds."""
    tree = ast.parse(text)
    kinds = {"port": ports_asked_for, "sleep": sleeps_before_not, "limit": upper_limits}
    return sorted(set(kinds[kind](tree)))


@pytest.mark.parametrize("kind", ["port", "sleep", "limit"])
def test_no_test_depends_on_luck(kind: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in FILES
        for line in lines(kind, path.read_text("utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("port", "with socket.socket() as s:\n    s.bind((h, 0))\n    port = s.getsockname()[1]"),
        ("port", "with listen('', 0) as s:\n    port = s.getsockname()[1]\nserve(port)"),
        ("port", "port = unused_port()"),
        ("sleep", "async def f():\n    await asyncio.sleep(0.1)\n    assert not seen"),
        ("sleep", "time.sleep(1)\nassert 'x' not in text"),
        ("limit", "assert time.monotonic() - began < 5"),
        ("limit", "took = loop.time() - began\nassert 5 > took"),
        ("limit", "assert 0.1 <= perf_counter() - began < 2"),
    ],
)
def test_the_guard_sees_each_kind(kind: str, text: str) -> None:
    assert lines(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("port", "with socket.socket() as s:\n    s.bind((h, 0))\n    ask(s.getsockname()[1])"),
        ("sleep", "async def f():\n    await asyncio.sleep(0)\n    assert not seen"),
        ("limit", "assert time.monotonic() - began >= 0.3"),
    ],
)
def test_the_guard_leaves_what_is_right_alone(kind: str, text: str) -> None:
    assert lines(kind, text) == []
