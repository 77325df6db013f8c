"""The one table of problem codes: each has its HTTP status, or is one that no request meets."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import directory_bolt
import hermes
import hermes_base
from hermes_base import problems
from hermes_base.problems import STATUSES, Problem, RelayedProblem, not_found
from hermes_base.web.problems import status_of
from tests.support.copies import load_copy, replaced

CODE = Path(problems.__file__).read_text("utf-8")
PACKAGES = (hermes_base, hermes, directory_bolt)
RAISING = {"Problem", "not_found"}


def raised() -> Iterator[tuple[str, Path]]:
    """Every code that stands as a literal in the products, with its file."""
    for package in PACKAGES:
        for path in Path(str(package.__file__)).parent.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISING:
                    code = node.args[0] if node.args else None
                    if isinstance(code, ast.Constant):
                        yield str(code.value), path


def test_every_code_that_is_raised_is_in_the_table_and_the_other_way_round() -> None:
    found = {code for code, _ in raised()}
    assert found - STATUSES.keys() == set()
    assert STATUSES.keys() - found == {"relayed"}  # the base of RelayedProblem says it


def test_a_code_without_a_status_does_not_load(tmp_path: Path) -> None:
    code = replaced(r"^    \(410, Gone\),\n", CODE)
    with pytest.raises(ValueError, match=r"without a status: \['link_over', 'sign_in_over'\]"):
        load_copy(tmp_path, code)


def test_a_code_with_two_statuses_does_not_load(tmp_path: Path) -> None:
    code = replaced(r'(?<=^Gone = Literal\["link_over", "sign_in_over")', CODE, ', "internal"')
    with pytest.raises(ValueError, match="internal has two statuses: 410, 500"):
        load_copy(tmp_path, code)


def test_an_unlisted_code_cannot_be_raised() -> None:
    unlisted: Any = "moon_full"
    with pytest.raises(ValueError, match=r"moon_full is no problem code"):
        Problem(unlisted, "The moon is full.", "Wait.")
    unlisted = "unknown_moon"
    with pytest.raises(ValueError, match=r"unknown_moon is no problem code"):
        not_found(unlisted, 1, "Wait.")


def test_what_is_not_there_is_named_in_its_sentence() -> None:
    problem = not_found("unknown_dead_letter", 7, "Reload the page.")
    assert problem.message == "There is no dead letter 7."
    assert (problem.code, status_of(problem.code)) == ("unknown_dead_letter", 404)


def test_another_servers_code_is_passed_on_as_it_is() -> None:
    problem = RelayedProblem("of_a_newer_hermes", "No.", "Ask there.", field="url")
    assert (problem.code, str(problem), problem.hint) == ("of_a_newer_hermes", "No.", "Ask there.")
    assert problem.field == "url"


def test_what_no_request_should_meet_is_our_failure_where_one_does() -> None:
    assert STATUSES["schema_old"] is None
    assert status_of("schema_old") == 500
