"""Every text that a reader meets, as a gettext template: `make messages` writes build/messages.pot.

Templates need no marks. A text is what stands between two tags of the page's structure or between two
statements of the template; what is inserted, and tags within a sentence, are numbered places that a translator
moves: "Showing the first {0} of {1}.". Texts in attributes, literals that are words, data files and messages in the
code are read, too.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "build" / "messages.pot"
DATA = (
    "catalog",
    "reasons",
    "causes",
    "event_words",
    "reason_texts",
    "audit_actions",
    "code_words",
)
RAISED = {"Problem", "WorkerError", "Missing", "Failure", "Explained", "not_found", "refused", "failed",
          "passed", "skipped"}  # fmt: skip
NAMED = {"message", "hint", "detail", "next_step", "step", "text", "label", "words", "note"}

UNREAD = re.compile(r"\{#.*?#\}|<(script|style|svg|pre)\b.*?</\1>", re.DOTALL)
STATEMENT = re.compile(r"\{%.*?%\}", re.DOTALL)
INLINE = r"</?(?:a|abbr|b|code|em|i|kbd|small|span|strong|time)\b(?:[^>{]|\{\{.*?\}\}|\{%.*?%\})*>"
PLACE = re.compile(rf"\{{\{{.*?\}}\}}|{INLINE}", re.DOTALL)
TAG = re.compile(r"<(?:[^>{]|\{\{.*?\}\}|\{%.*?%\})*>", re.DOTALL)
END = re.compile(rf"{TAG.pattern}|\x00", re.DOTALL)
ATTRIBUTE = re.compile(
    r'\b(?:aria-label|title|placeholder|alt)="((?:[^"{]|\{\{.*?\}\})*)"', re.DOTALL
)
EXPRESSION = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}", re.DOTALL)
LITERAL = re.compile(r'(==|!=|in|equalto",|not in)?\s*"((?:[^"\\]|\\.)*)"')
WORDS = re.compile(r"^[A-Z][a-z]+(?: |[.?!]?$)|[a-z,] [a-zA-Z]+")
NUMBERED = re.compile(r"\{\d+\}")
LETTERS = re.compile(r"[A-Za-z]{2}")


@dataclass(frozen=True)
class Message:
    """A text and the line that it begins on."""

    text: str
    line: int


def of_template(source: str) -> Iterator[Message]:
    """The texts of a Jinja template of HTML."""
    source = UNREAD.sub(lambda found: "<hr>" + "\n" * found[0].count("\n"), source)
    for found in ATTRIBUTE.finditer(source):
        yield from _numbered(found[1], _line(source, found.start(1)))
    yield from _literals(source)
    bare = STATEMENT.sub(lambda found: "\x00" + "\n" * found[0].count("\n"), source)
    kept = PLACE.sub(lambda found: found[0].replace("<", "\x01").replace(">", "\x02"), bare)
    ends = [(found.start(), found.end()) for found in END.finditer(kept)]
    begins = [0, *(end for _, end in ends)]
    for begin, end in zip(begins, [*(start for start, _ in ends), len(kept)], strict=True):
        text = kept[begin:end].replace("\x01", "<").replace("\x02", ">")
        yield from _numbered(text, _line(kept, begin))


def _numbered(text: str, line: int) -> Iterator[Message]:
    """The text with numbered places, without those at its ends; nothing where no words are left."""
    places = iter(range(10_000))
    numbered = PLACE.sub(lambda _: f"{{{next(places)}}}", text)
    words = " ".join(numbered.split())
    while words != (words := re.sub(r"^\{\d+\} ?|[ ]?\{\d+\}$", "", words)):
        pass
    if LETTERS.search(NUMBERED.sub("", words)):
        yield Message(_counted_anew(words), line)


def _counted_anew(words: str) -> str:
    names = list(dict.fromkeys(NUMBERED.findall(words)))
    return NUMBERED.sub(lambda found: f"{{{names.index(found[0])}}}", words)


def _literals(source: str) -> Iterator[Message]:
    """Words in expressions, such as an argument of a macro; what is compared is a code."""
    for found in EXPRESSION.finditer(source):
        for literal in LITERAL.finditer(found[1] or found[2]):
            text = literal[2].strip()
            if not literal[1] and WORDS.search(text) and not text.startswith(("/", "#", ".")):
                yield Message(text, _line(source, found.start()))


def _line(source: str, at: int) -> int:
    return source.count("\n", 0, at) + 1


def of_data(source: str) -> Iterator[Message]:
    """The sentences and labels of a data file."""
    for text in _texts(tomllib.loads(source)):
        yield Message(text, 1)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inside in cast("dict[str, Any]", value).values():
            yield from _texts(inside)
    elif isinstance(value, list):
        for inside in cast("list[Any]", value):
            yield from _texts(inside)
    elif isinstance(value, str) and WORDS.search(value):
        yield value


def of_code(source: str) -> Iterator[Message]:
    """The messages of a module: what it raises or reports, and what it names like a text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in RAISED:
            for given in (*node.args, *(each.value for each in node.keywords)):
                yield from _written(given)
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in NAMED:
            yield from _written(node.value)


def _written(node: ast.expr) -> Iterator[Message]:
    text = ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    elif isinstance(node, ast.JoinedStr):
        places = iter(range(1000))
        parts = (
            str(part.value) if isinstance(part, ast.Constant) else f"{{{next(places)}}}"
            for part in node.values
        )
        text = "".join(parts)
    elif isinstance(node, ast.IfExp):
        yield from _written(node.body)
        yield from _written(node.orelse)
    if " " in text and LETTERS.search(NUMBERED.sub("", text)):
        yield Message(text, node.lineno)


def catalog() -> Catalog:
    """All texts of the product, each with the places where it stands."""
    found = Catalog(project="Hermes", header_comment="# Texts of Hermes and Directory-Bolt.")
    packages = ROOT / "packages"
    readers = {".html": of_template, ".toml": of_data, ".py": of_code}
    for path in sorted(packages.rglob("*")):
        wanted = path.suffix != ".toml" or path.stem in DATA
        if path.suffix in readers and wanted and "hermes_sandbox" not in path.parts:
            for message in readers[path.suffix](path.read_text("utf-8")):
                place = str(path.relative_to(packages))
                found.add(message.text, locations=[(place, message.line)])
    return found


def main() -> int:
    """Write the template; say how many texts it holds."""
    TARGET.parent.mkdir(exist_ok=True)
    found = catalog()
    with TARGET.open("wb") as file:
        write_po(file, found, sort_by_file=True, width=100)
    print(f"{len(found)} texts in {TARGET.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
