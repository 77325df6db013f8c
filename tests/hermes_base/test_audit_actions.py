"""The words of the audit log."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from hermes_base.audit_actions import LABELS, label

CONTROL = Path(__file__).parents[2] / "packages" / "hermes-control"


def actions(tree: ast.AST) -> Iterator[str]:
    """What a module records, as regular expressions: an inserted value stands for any word."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if ast.unparse(call.func) == "audit.record":
            yield from patterns(call.args[2], tree)


def patterns(given: ast.expr, tree: ast.AST) -> Iterator[str]:
    if isinstance(given, ast.Constant):
        yield re.escape(str(given.value))
    elif isinstance(given, ast.JoinedStr):
        yield "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[a-z_]+"
            for part in given.values
        )
    elif isinstance(given, ast.IfExp):
        yield from patterns(given.body, tree)
        yield from patterns(given.orelse, tree)
    else:
        assert isinstance(given, ast.Name), ast.unparse(given)
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == given.id:
                yield from patterns(node.value, tree)


def recorded() -> set[str]:
    files = [path for path in CONTROL.rglob("*.py") if "audit.record(" in path.read_text("utf-8")]
    return {each for path in files for each in actions(ast.parse(path.read_text("utf-8")))}


def test_every_action_that_is_recorded_has_its_words() -> None:
    found = recorded()
    assert len(found) > 30
    unnamed = {each for each in found if not any(re.fullmatch(each, name) for name in LABELS)}
    assert not unnamed, "add them to hermes_base/audit_actions.toml"


def test_no_words_stand_for_an_action_that_nobody_records() -> None:
    found = recorded()
    assert not {name for name in LABELS if not any(re.fullmatch(each, name) for each in found)}


def test_an_action_of_another_version_is_shown_as_it_is_stored() -> None:
    assert (label("smoke_all_started"), label("moon_landed")) == (
        "Ran all smoke tests",
        "Moon landed",
    )
