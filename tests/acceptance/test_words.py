"""One language: no house word and no stored code where a reader meets words."""

import ast
import asyncio
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
import typer
from selectolax.lexbor import LexborHTMLParser

from hermes.wiring.program import app
from tests.acceptance.screens.screens import screens
from tests.hermes.cli.test_command_line import run_command
from tests.support.served import Served

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"(?<![\w./:@#=&?-])[a-z]+(?:_[a-z0-9]+)+(?![\w./:@=-])")
"""A name of the code in a text: `worker_failed`. Names in addresses and settings are none."""
UNREAD = "script, style, code, pre, kbd, textarea, svg, .mono, .slug"
"""Where names of the code are meant to stand as they are, or nothing is read."""
TYPED = frozenset({"base_url", "api_key", "read_back"})
"""Names that readers type themselves, into a secret."""
SHOWN = ("title", "aria-label", "placeholder", "alt", "data-confirm")
MESSAGES = {"Problem", "WorkerError", "Missing", "Failure", "Explained", "not_found", "refused", "failed",
            "passed", "skipped", "failure"}  # fmt: skip
NAMES = {"message", "hint", "detail", "next_step", "step"}
SENTENCE = re.compile(r"[A-Z][a-z]* .*[.!?:]$")
PACKAGES = ("hermes-control", "hermes-fleet", "hermes-worker")


@dataclass(frozen=True)
class HouseWord:
    found: re.Pattern[str]
    say: str
    not_on: tuple[str, ...]


HOUSE_WORDS = [
    HouseWord(re.compile(each["found"]), each["say"], tuple(each.get("not_on", ())))
    for each in tomllib.loads(Path(__file__).with_name("house_words.toml").read_text("utf-8"))[
        "words"
    ]
]


def house_words(place: str, text: str) -> list[str]:
    """Every house word of a text, with what surrounds it and what to say instead."""
    return [
        f"{place}: ...{text[max(0, hit.start() - 40) : hit.end() + 40]}... say: {word.say}"
        for word in HOUSE_WORDS
        if place not in word.not_on
        for hit in word.found.finditer(text)
    ]


def codes(place: str, text: str) -> list[str]:
    """Every name of the code in a text that words should stand for."""
    return [f"{place}: {hit[0]}" for hit in CODE.finditer(text) if hit[0] not in TYPED]


def read(html: str) -> str:
    """What somebody reads or hears of a page."""
    tree = LexborHTMLParser(html)
    spoken = [
        str(node.attributes.get(name))
        for node in tree.css("[" + "], [".join(SHOWN) + "]")
        for name in SHOWN
        if node.attributes.get(name)
    ]
    for node in tree.css(UNREAD):
        node.decompose()
    body = tree.body
    assert body is not None
    return " ".join(" ".join((body.text(separator=" "), *spoken)).split())


def test_a_house_word_and_a_code_are_found_where_a_reader_meets_them() -> None:
    page = '<body><p title="Ask our vault">84 % <code>dns_error</code> worker_failed</p></body>'
    found = " ".join(house_words("page", read(page)))
    assert "Hermes; who acts" in found
    assert "84%" in found
    assert codes("page", read(page)) == ["page: worker_failed"]


async def test_no_page_speaks_in_house_words_or_in_codes(served: Served) -> None:
    asked = await screens(served)
    faults: list[str] = []
    user = await served.user("reader@example.com")
    async with served.browsing() as stranger, served.browsing(user) as inside:
        for screen in asked:
            http = stranger if screen.stranger else inside
            async with http.get(screen.path) as answer:
                text = read(await answer.text())
            faults += house_words(screen.template, text) + codes(screen.template, text)
    assert not faults, "\n".join(sorted(set(faults)))


async def test_no_description_of_the_api_speaks_in_house_words(served: Served) -> None:
    async with served.http.get("/openapi.json") as answer:
        document = await answer.json()
    faults = [fault for text in _described(document) for fault in house_words("API", text)]
    assert not faults, "\n".join(sorted(set(faults)))


def _described(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inside in cast("dict[str, Any]", value).items():
            if name in ("summary", "description") and isinstance(inside, str):
                yield inside
            else:
                yield from _described(inside)
    elif isinstance(value, list):
        for inside in cast("list[Any]", value):
            yield from _described(inside)


def test_no_help_of_a_command_speaks_in_house_words() -> None:
    program = typer.main.get_command(app)
    faults = [fault for text in _helps(program, "hermes") for fault in house_words("help", text)]
    assert not faults, "\n".join(faults)


def _helps(command: Any, name: str) -> Iterator[str]:
    """The help of a command and of those below it. `command` is of the click that typer carries."""
    context = typer.Context(command, info_name=name)
    yield command.get_help(context)
    for inside in getattr(command, "commands", {}).values():
        yield from _helps(inside, f"{name} {inside.name}")


PRINTED = (
    ["services"],
    ["runs"],
    ["schedules", "list"],
    ["users", "list"],
    ["doctor"],
    ["test", "connections", "--no-wait"],
    ["test", "smoke", "--service", "no-such-service"],
    ["schedules", "add", "61 * * * *"],
    ["users", "add", "nobody"],
    ["no-such-command"],
)
"""Commands that print what people read, and refusals of each kind."""


async def test_no_command_prints_house_words_or_codes(
    served: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await screens(served)  # runs of every kind, so that there is something to print
    for name, value in (("URL", served.url), ("TOKEN", served.token), ("HOME", str(tmp_path))):
        monkeypatch.setenv(f"HERMES_{name}", value)
    monkeypatch.setenv("HERMES_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")
    monkeypatch.setenv("COLUMNS", "400")
    slugs = {service.slug for service in served.room.catalog}
    faults: list[str] = []
    for words in PRINTED:
        done = await asyncio.to_thread(run_command, monkeypatch, *words)
        place, text = " ".join(words), f"{done.out} {done.err}"
        assert text.strip(), place
        found = [each for each in codes(place, text) if each.rpartition(" ")[2] not in slugs]
        faults += house_words(place, text) + found
    assert not faults, "\n".join(faults)


def test_no_sentence_of_the_data_files_speaks_in_house_words() -> None:
    files = [
        path
        for name in ("catalog.toml", "reasons.toml", "causes.toml", "event_words.toml",
                     "reason_texts.toml", "audit_actions.toml", "code_words.toml")
        for path in (ROOT / "packages").rglob(name)
    ]  # fmt: skip
    assert len(files) >= 7
    faults = [
        fault
        for path in files
        for text in _texts(tomllib.loads(path.read_text("utf-8")))
        for fault in house_words(path.name, text)
    ]
    assert not faults, "\n".join(faults)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inside in cast("dict[str, Any]", value).values():
            yield from _texts(inside)
    elif isinstance(value, list):
        for inside in cast("list[Any]", value):
            yield from _texts(inside)
    elif isinstance(value, str) and " " in value:
        yield value


def test_no_message_in_the_code_speaks_in_house_words() -> None:
    faults: list[str] = []
    for package in PACKAGES:
        for path in sorted((ROOT / "packages" / package).rglob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            place = str(path.relative_to(ROOT / "packages"))
            faults += [fault for text in _messages(tree) for fault in house_words(place, text)]
    assert not faults, "\n".join(sorted(set(faults)))


def _messages(tree: ast.AST) -> Iterator[str]:
    """Texts in what is raised or returned to readers, in what is named like a message, and every sentence."""
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in MESSAGES:
            for given in (*node.args, *(each.value for each in node.keywords)):
                yield from _written(given)
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in NAMES:
            yield from _written(node.value)
        elif isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant)
            and id(node) not in prose
            and SENTENCE.match(str(node.value))
        ):
            yield from _written(node)


def _written(node: ast.expr) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value:
            yield part.value
