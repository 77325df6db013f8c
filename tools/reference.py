"""Writes docs/reference/ from the code: settings, reasons, problems, events, commands, API.

.venv/bin/python tools/reference.py [--check]   # --check writes nothing and exits 1 where a page is old
"""

import argparse
import ast
import inspect
import sys
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import typer
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.fields import FieldInfo

from directory_bolt.core.orders.event_words import words_of
from directory_bolt.core.orders.events import EVENTS
from hermes.core.dialects.library import shipped
from hermes.core.dialects.pages import page
from hermes.wiring.application import ROUTES
from hermes.wiring.program import app as command
from hermes_base.problems import STATUSES
from hermes_base.reasons import Reason, Speaker
from hermes_base.settings import Settings
from hermes_base.web.routing import needs_of

PLACE = Path(__file__).parents[1] / "docs" / "reference"
SPEAKERS: dict[Speaker, str] = {
    "worker": "Hermes, and a worker of its run",
    "provider": "Hermes, and a worker of one output",
    "hermes": "Hermes",
}
NOTE = "*Written by `make reference` from the code; change it there.*"


def pages() -> dict[str, str]:
    """Every page of the reference by file name."""
    return {
        "settings.md": settings(),
        "reasons.md": reasons(),
        "problems.md": problems(),
        "events.md": events(),
        "commands.md": commands(),
        "api.md": api(),
        "dialects.md": dialects(),
    }


def settings() -> str:
    """Every setting: variable, default, what it is for."""
    said = _attribute_docs(Settings)
    rows = (
        (f"`HERMES_{name.upper()}`", _default(field), said.get(name, ""))
        for name, field in Settings.model_fields.items()
    )
    intro = "Each is a variable of the environment; with `_FILE` behind its name it names a file that holds the value."
    return _page("Settings", intro, ("variable", "default", "what it is"), rows)


def reasons() -> str:
    """Every reason why a run is not a success, and who may say it."""
    rows = (
        (
            f"`{reason}`",
            reason.label,
            reason.cause,
            reason.next_step,
            SPEAKERS[reason.said_by],
            reason.stage,
            "yes" if reason.passes else "",
        )
        for reason in Reason
    )
    intro = (
        "The closed list of reasons why a run is not a success. A status request that fails for one "
        "that may pass is asked again."
    )
    head = ("reason", "label", "cause", "next step", "who may say it", "stage", "may pass")
    return _page("Reasons", intro, head, rows)


def problems() -> str:
    """Every problem code with its HTTP status."""
    rows = ((f"`{code}`", str(status or "")) for code, status in sorted(STATUSES.items()))
    intro = (
        "Codes of `application/problem+json` (RFC 9457). Programs may rely on them. Those without a "
        "status are said by commands alone."
    )
    return _page("Problems", intro, ("code", "HTTP status"), rows)


def events() -> str:
    """Every event of `queue_history`."""
    rows = ((f"`{event}`", words_of(event, {})[1]) for event in EVENTS)
    intro = "What `queue_history` records of an order, in the field `event`."
    return _page("Events of an order", intro, ("event", "as people read it"), rows)


def commands() -> str:
    """Every command with its arguments and options, as `--help` says it."""
    rows = list(_commands(typer.main.get_command(command), ("hermes",)))
    lines = ["# Commands", NOTE, ""]
    for words, found in rows:
        lines += [f"## {' '.join(words)}", found.help or found.short_help or "", ""]
        options = [row for parameter in found.params if (row := _parameter(parameter))]
        if options:
            lines += [*_table(("argument or option", "default", "what it is"), options), ""]
    return "\n".join(lines).rstrip() + "\n"


def _commands(found: Any, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command below a group, by its words. Typer brings its own click, so nothing is typed here."""
    children: dict[str, Any] = getattr(found, "commands", {})
    for name, child in sorted(children.items()):
        yield from _commands(child, (*words, name))
    if not children and not found.hidden:
        yield words, found


def _parameter(parameter: Any) -> tuple[str, str, str] | None:
    if getattr(parameter, "hidden", False) or parameter.name == "help":
        return None
    is_argument = parameter.param_type_name == "argument"
    names: list[str] = [parameter.name.upper()] if is_argument else parameter.opts
    default = parameter.default
    shown = "" if default in (None, "", False) or callable(default) else f"`{default}`"
    return ", ".join(f"`{name}`" for name in names), shown, parameter.help or ""


def dialects() -> str:
    """Every dialect that ships with Hermes, as its file says it."""
    intro = "How workers of other APIs speak. [Dialects](../dialects.md) says how to use, change and write one."
    sections = [page(dialect) for dialect in shipped().values()]
    return "\n".join([f"# Dialects\n\n{intro}\n{NOTE}\n", *sections])


def api() -> str:
    """Every route of the JSON API with the role that it needs."""
    app = FastAPI(routes=ROUTES.api.routes, openapi_url=None)
    document: dict[str, Any] = get_openapi(title="Hermes", version="", routes=app.routes)
    needs = needs_of(app.routes)
    rows: list[tuple[str, str, str]] = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            role = needs[f"{method.upper()} {path}"].role or "everybody"
            summary = operation.get("description") or operation.get("summary", "")
            rows.append((f"`{method.upper()} {path}`", role, summary.split("\n\n")[0]))
    intro = "The document itself, with shapes and examples, is served at `/openapi.json`."
    return _page("API", intro, ("route", "role", "what it does"), sorted(rows))


def _page(title: str, intro: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join([f"# {title}", intro, NOTE, "", *_table(head, rows)]) + "\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    cells = [[" ".join(cell.split()).replace("|", r"\|") for cell in row] for row in rows]
    return [f"| {' | '.join(row)} |" for row in ([*head], ["---"] * len(head), *cells)]


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return "see the text"
    value = field.default
    shown = getattr(value, "get_secret_value", lambda: value)()
    return (
        ""
        if shown in (None, "")
        else f"`{str(shown).lower() if isinstance(shown, bool) else shown}`"
    )


def _attribute_docs(kind: type) -> dict[str, str]:
    """The string under each annotated attribute of a class, which Python itself forgets."""
    body = ast.parse(inspect.getsource(kind)).body[0]
    assert isinstance(body, ast.ClassDef)  # noqa: S101  # the source of a class
    found: dict[str, str] = {}
    for one, following in pairwise(body.body):
        match one, following:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(
                value=ast.Constant(value=str(text))
            ):
                found[name] = text
            case _:
                pass
    return found


def main() -> None:
    """Write the pages, or say which are old."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    only_check = parser.parse_args().check
    PLACE.mkdir(parents=True, exist_ok=True)
    texts = pages()
    old = [name for name, text in texts.items() if _read(PLACE / name) != text]
    if only_check:
        sys.exit(f"Old: {', '.join(old)}. Run: make reference" if old else 0)
    for name in old:
        (PLACE / name).write_text(texts[name], "utf-8")


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


if __name__ == "__main__":
    main()
