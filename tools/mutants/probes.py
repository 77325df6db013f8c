"""Modules with a probe at the beginning of every block, for runs of right code: which test comes by where.

A trace function would be called for everything that Python calls, four times the time of a whole file of tests;
a probe costs the adding of a text to a set, in our own modules alone.
"""

import ast
import builtins
import sys
from collections.abc import Sequence
from importlib.machinery import FileFinder, SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

NAME = "__passed_by__"


def block_line(block: Sequence[ast.stmt]) -> int:
    """The line that names a block of statements."""
    return block[0].lineno


def listen(seen: set[str]) -> None:
    """Let all probes add to this set from now on."""
    setattr(builtins, NAME, seen.add)


def install(packages: str, compiled: Path) -> None:
    """Import modules below `packages` with probes from now on; `compiled` is where Python keeps their bytes."""
    listen(set())
    sys.pycache_prefix = str(compiled)

    class Probing(SourceFileLoader):
        def source_to_code(self, data: Any, path: Any, **rest: int) -> CodeType:
            tree = with_probes(ast.parse(data), str(path).removeprefix(packages))
            return compile(tree, path, "exec", dont_inherit=True)

    ours = FileFinder.path_hook((Probing, [".py"]))

    def hook(path: str) -> Any:
        if not path.startswith(packages):
            raise ImportError(path)
        return ours(path)

    sys.path_hooks.insert(0, hook)
    sys.path_importer_cache.clear()


def with_probes(tree: ast.Module, path: str) -> ast.Module:
    """A probe in every block of every function, behind its docstring."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            _probe(node, path)
    return ast.fix_missing_locations(tree)


def _probe(node: ast.AST, path: str) -> None:
    """Probe the blocks of a function; what is defined inside has its turn of its own."""
    for name, block in ast.iter_fields(node):
        if name in ("handlers", "cases"):
            for part in block:
                _probe(part, path)
        if not isinstance(block, list) or not block or not isinstance(block[0], ast.stmt):
            continue
        for statement in block:
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                _probe(statement, path)
        block.insert(
            _behind_docstring(node, name, block), _call(f"{path}:{block_line(block)}", block)
        )


def _behind_docstring(node: ast.AST, name: str, block: Sequence[ast.stmt]) -> int:
    function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    first = block[0]
    says = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return int(function and name == "body" and says)


def _call(text: str, block: Sequence[ast.stmt]) -> ast.stmt:
    called = ast.Call(ast.Name(NAME, ast.Load()), [ast.Constant(text)], [])
    return ast.copy_location(ast.Expr(called), block[0])
