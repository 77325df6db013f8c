"""Which files of tests are near a module: those that import it, those that lie as it lies, then who reaches it."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

TREES = ("hermes-control", "hermes-fleet", "hermes-sandbox", "hermes-worker")
SLOW = ("tests/acceptance", "tests/official", "tests/directory_bolt/engines", "tests/tools")
"""The whole system, other environments, and this tool: none of them is run beside a mutant."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Imports:
    """What a file imports at its top or where it is run, and inside each fixture of a conftest."""

    modules: frozenset[str]
    asked: frozenset[str]
    fixtures: dict[str, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Neighbourhood:
    """The imports of a tree of this repository."""

    root: Path

    @cached_property
    def modules(self) -> dict[str, str]:
        """Every module of packages and tests with its path, relative to the root."""
        places = [self.root / "packages" / tree for tree in TREES]
        found = {
            _module(file.relative_to(place)): file.relative_to(self.root).as_posix()
            for place in places
            for file in place.rglob("*.py")
        }
        tests = (self.root / "tests").rglob("*.py")
        return found | {
            _module(file.relative_to(self.root)): file.relative_to(self.root).as_posix()
            for file in tests
        }

    @cached_property
    def imports(self) -> dict[str, Imports]:
        """What each file imports, by its path."""
        return {
            path: _imports(ast.parse((self.root / path).read_bytes()), self.modules)
            for path in self.modules.values()
        }

    @cached_property
    def tests(self) -> list[str]:
        """Every file of tests that is run beside a mutant."""
        names = [path for path in self.modules.values() if path.startswith("tests/")]
        return sorted(
            path
            for path in names
            if Path(path).name.startswith("test_") and not path.startswith(SLOW)
        )

    def near(self, path: str) -> list[str]:
        """Files that import a module themselves or lie as it lies, the nearest and shortest first."""
        return [test for rank, test in self._ranked(path) if rank < 2]

    def far(self, path: str) -> list[str]:
        """All other files, those that reach the module over fewer imports first."""
        return [test for rank, test in self._ranked(path) if rank >= 2]

    def imports_itself(self, test: str, path: str) -> bool:
        """Whether a file of tests names the module in an import of its own."""
        return any(self.modules[name] == path for name in self.imports[test].modules)

    def users(self, path: str) -> list[str]:
        """The modules of the packages that import a module themselves."""
        return [
            user
            for user, imports in self.imports.items()
            if user.startswith("packages/")
            and any(self.modules[name] == path for name in imports.modules)
        ]

    def _ranked(self, path: str) -> list[tuple[float, str]]:
        mirror = self._mirror(path)
        stem = Path(path).stem
        ranked: list[tuple[float, int, str]] = []
        for test in self.tests:
            steps = self._steps(test).get(path)
            lies = Path(test).parent == mirror
            named = lies and (stem in Path(test).stem or Path(path).parent.name in Path(test).stem)
            rank = (
                0.0
                if steps == 0 or named
                else 1.0
                if lies
                else 2.0 + (100 if steps is None else steps)
            )
            ranked.append((rank, (self.root / test).stat().st_size, test))
        return [(rank, test) for rank, _, test in sorted(ranked)]

    def _mirror(self, path: str) -> Path:
        """The deepest folder of tests that lies as the module's package lies."""
        folder = Path("tests", *Path(path).parts[2:-1])
        while not any((self.root / folder).glob("test_*.py")) and folder.parts[1:]:
            folder = folder.parent
        return folder if folder.parts[1:] else Path("nowhere")

    def _steps(self, test: str) -> dict[str, int]:
        """How many imports lie between a file of tests and each module that it reaches."""
        if test not in self._reached:
            self._reached[test] = self._walk(test)
        return self._reached[test]

    @cached_property
    def _reached(self) -> dict[str, dict[str, int]]:
        return {}

    def _walk(self, test: str) -> dict[str, int]:
        edge = [self.modules[name] for name in self.imports[test].modules]
        steps = dict.fromkeys(edge, 0)
        through = [self.modules[name] for name in self._by_fixtures(test)]
        reached = 0
        while edge or through:
            reached += 1
            found = {self.modules[name] for path in edge for name in self.imports[path].modules}
            edge = [path for path in (*found, *through) if path not in steps]
            through = []
            steps |= dict.fromkeys(edge, reached)
        return steps

    def _by_fixtures(self, test: str) -> Iterator[str]:
        """What the fixtures import that a file asks for by name, in the conftests above it."""
        known: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        for folder in reversed(Path(test).parents):
            known |= self.imports.get((folder / "conftest.py").as_posix(), _NOTHING).fixtures
        known |= self.imports[test].fixtures
        waiting, seen = set(self.imports[test].asked), set[str]()
        while waiting:
            name = waiting.pop()
            if name in known and name not in seen:
                seen.add(name)
                yield from known[name][0]
                waiting |= known[name][1]


_NOTHING = Imports(frozenset(), frozenset())


def _module(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(tree: ast.Module, modules: dict[str, str]) -> Imports:
    functions = [node for node in tree.body if isinstance(node, Function)]
    fixtures = {
        node.name: (frozenset(_named(ast.walk(node), modules)), frozenset(_asked([node])))
        for node in functions
    }
    everything = [node for node in ast.walk(tree) if not isinstance(node, ast.arg)]
    return Imports(
        frozenset(_named(everything, modules)), frozenset(_asked(ast.walk(tree))), fixtures
    )


def _named(nodes: Iterable[ast.AST], modules: dict[str, str]) -> Iterator[str]:
    """The modules of ours that imports name; a name that is a module itself counts for its package too."""
    for node in nodes:
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name for name in inside if name in modules] or [node.module]
        yield from (name for name in names if name in modules)


def _asked(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Function):
            yield from (argument.arg for argument in node.args.args)
