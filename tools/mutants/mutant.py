"""A mutant: one module with one small fault, which some test should see."""

import ast
import difflib
from dataclasses import dataclass

from tools.mutants.places import Place, edits
from tools.mutants.source import Edit, Source


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one file of the repository; `path` is relative to its root, `number` counts lines from 1."""

    path: str
    place: Place
    edit: Edit
    number: int
    line: str
    becomes: str

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What names it while its line stays as it is, wherever that line moves in its function."""
        return self.path, self.place.function, self.edit.operator, self.line, self.becomes

    def diff(self, content: bytes) -> str:
        """The change as a unified diff of the file."""
        before, after = content.decode(), self.edit.applied(content).decode()
        lines = difflib.unified_diff(
            before.splitlines(), after.splitlines(), self.path, self.path, lineterm=""
        )
        return "\n".join(lines)


def mutants_of(path: str, content: bytes) -> list[Mutant]:
    """Every change of a module; some do not compile, which `stands` says of one at a time."""
    source = Source(content)
    return [_named(path, source, place, edit) for place, edit in edits(source)]


def stands(mutant: Mutant, content: bytes) -> bool:
    """Whether a mutant is a module of Python and another one than `content`."""
    try:
        changed = ast.parse(mutant.edit.applied(content))
    except (SyntaxError, ValueError):
        return False
    return ast.dump(changed) != ast.dump(ast.parse(content))


def _named(path: str, source: Source, place: Place, edit: Edit) -> Mutant:
    content = source.content
    start = content.rfind(b"\n", 0, edit.start) + 1
    end = content.find(b"\n", edit.end)
    end = len(content) if end < 0 else end
    before = content[start:end]
    after = content[start : edit.start] + edit.text + content[edit.end : end]
    return Mutant(path, place, edit, source.line_of(edit.start), _flat(before), _flat(after))


def _flat(text: bytes) -> str:
    return " ".join(text.decode().split())
