"""Where a module may be changed: everything that decides, nothing that only speaks.

Left alone: docstrings, log lines, annotations, decorators, what a `raise` says, asserts, names with two underscores,
and the expressions inside f-strings, whose places Python 3.11 does not know.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.mutants import operators
from tools.mutants.probes import block_line
from tools.mutants.source import Edit, Source
from tools.mutants.statements import is_statement, sql_edits

LOGS = {"log", "logger", "logging", "structlog"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Place:
    """The innermost function around a change, '' for the module; `line` names the block in it."""

    function: str = ""
    line: int | None = None

    def inside(self, node: Function | ast.ClassDef) -> "Place":
        """The place inside a function or class of this place; what a call does not give counts as inside."""
        name = f"{self.function}.{node.name}".lstrip(".")
        return Place(name, self.line if isinstance(node, ast.ClassDef) else block_line(node.body))

    def block(self, statements: Sequence[ast.stmt]) -> "Place":
        """The place inside a block of this place; blocks at the top of a module are run when it is imported."""
        return self if self.line is None else Place(self.function, block_line(statements))


def edits(source: Source) -> Iterator[tuple[Place, Edit]]:
    """Every change of a module with its place, in the order of the syntax tree."""
    for node in source.tree.body:
        yield from _visit(source, node, Place())


def _visit(source: Source, node: ast.AST, place: Place) -> Iterator[tuple[Place, Edit]]:
    if _speaks(node):
        return
    if isinstance(node, Function | ast.ClassDef):
        place = place.inside(node)
    for edit in _edits(source, node, place):
        yield place, edit
    for child, where in _children(node, place):
        yield from _visit(source, child, where)


def _speaks(node: ast.AST) -> bool:
    """Whether nothing inside a node decides anything."""
    match node:
        case ast.Raise() | ast.Assert() | ast.JoinedStr() | ast.Import() | ast.ImportFrom():
            return not isinstance(node, ast.JoinedStr)
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Call(func=func):
            return _root(func) in LOGS
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name.startswith("__")
        case _:
            return False


def _children(node: ast.AST, place: Place) -> Iterator[tuple[ast.AST, Place]]:
    """What is visited inside a node, each in the block that it stands in."""
    match node:
        case ast.JoinedStr():
            return
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from ((default, place) for default in _defaults(node))
            yield from ((statement, place) for statement in node.body)
        case ast.ClassDef():
            yield from ((statement, place) for statement in node.body)
        case ast.AnnAssign(value=value):
            if value is not None:
                yield value, place
        case _:
            yield from _inside(node, place)


def _defaults(node: Function) -> list[ast.expr]:
    return [*node.args.defaults, *(default for default in node.args.kw_defaults if default)]


def _inside(node: ast.AST, place: Place) -> Iterator[tuple[ast.AST, Place]]:
    for _, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            yield value, place
        elif isinstance(value, list) and value:
            where = place.block(value) if isinstance(value[0], ast.stmt) else place
            yield from ((child, where) for child in value if isinstance(child, ast.AST))


def _edits(source: Source, node: ast.AST, place: Place) -> Iterator[Edit]:
    match node:
        case ast.stmt() | ast.comprehension():
            yield from _of_statement(source, node)
        case ast.Set() | ast.Tuple() | ast.List() | ast.Dict():
            yield from _of_table(source, node, place)
        case ast.BinOp() if place.function:  # at the top of a module `|` joins types
            yield from operators.calculate(source, node)
        case ast.Constant() | ast.JoinedStr():
            yield from _of_literal(source, node)
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp() | ast.Call() | ast.IfExp():
            yield from _of_expression(source, node, place)
        case _:
            return


def _of_statement(source: Source, node: ast.stmt | ast.comprehension) -> Iterator[Edit]:
    match node:
        case ast.Return():
            yield from operators.answer(source, node)
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.AugAssign():
            if not _logs(node):
                yield from operators.statement(source, node)
        case ast.If(test=test):
            yield from operators.condition(source, test)
        case ast.While(test=test):
            yield from operators.condition(source, test, loop=True)
        case ast.comprehension(ifs=tests):
            for test in tests:
                yield from operators.condition(source, test)
        case _:
            return


def _of_expression(source: Source, node: ast.expr, place: Place) -> Iterator[Edit]:
    match node:
        case ast.Compare():
            yield from operators.compare(source, node)
            for side in node.comparators:
                if isinstance(side, ast.Tuple | ast.List) and place.function:
                    yield from operators.table(source, side)
        case ast.BoolOp():
            yield from operators.combine(source, node)
        case ast.UnaryOp():
            yield from operators.negate(source, node)
        case ast.Call():
            yield from operators.call(source, node)
        case ast.IfExp(test=test):
            yield from operators.condition(source, test)
        case _:
            return


def _of_table(source: Source, node: ast.expr, place: Place) -> Iterator[Edit]:
    """Sets and mappings everywhere; a tuple or list in a function is more often a shape than a table."""
    if isinstance(node, ast.Dict):
        yield from operators.mapping(source, node)
    elif isinstance(node, ast.Set) or (
        isinstance(node, ast.Tuple | ast.List) and place.line is None
    ):
        yield from operators.table(source, node)


def _of_literal(source: Source, node: ast.Constant | ast.JoinedStr) -> Iterator[Edit]:
    """The changes of a number or a truth, or of the statement that a text is."""
    if isinstance(node, ast.Constant) and not isinstance(node.value, str):
        yield from operators.constant(source, node)
        return
    start, text = source.start(node), source.text(node)
    if is_statement(text):
        for edit in sql_edits(text):
            yield Edit(start + edit.start, start + edit.end, edit.text, edit.operator)


def _logs(node: ast.Expr | ast.AugAssign) -> bool:
    value = node.value.value if isinstance(node.value, ast.Await) else node.value
    return isinstance(value, ast.Call) and _root(value.func) in LOGS


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node.id if isinstance(node, ast.Name) else ""
