"""Every public report is held by a test that there is, or says which issue will hold it, and why nothing tries it."""

import ast
from functools import cache

import pytest

from tests import ROOT
from tests.world.foreign import shapes
from tests.world.reports import Report, reports
from tests.world.rows import HERE, Marked
from tests.world.test_answers import HONEST, LIES
from tests.world.test_crawled_pages import ROWS as CRAWLED
from tests.world.test_forms_in_a_browser import ROWS as FORMS

REPORTS = reports()
EACH = pytest.mark.parametrize("report", REPORTS, ids=lambda report: f"{report.number:02}")
TRIALS = HERE / "test_report_trials.py"


@cache
def functions(file: str) -> frozenset[str]:
    """The functions of a file, by reading it."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


@cache
def places() -> dict[str, Marked]:
    """Every row of this place, as reports name it."""
    found: dict[str, Marked] = {f"pages/crawled:{row.id}": row for row in CRAWLED}
    found |= {f"pages/forms:{row.id}": row for row in FORMS}
    found |= {f"answers:{row.id}": row for row in HONEST + LIES}
    for name, shape in shapes().items():
        found |= {f"foreign_apis/{name}:{life.name}": life for life in shape.lives}
    return found


@EACH
def test_the_tests_that_hold_a_report_are_there(report: Report) -> None:
    for node in report.tests:
        file, _, name = node.partition("::")
        assert name.startswith("test_"), node
        assert name in functions(file), node
    if report.trial:
        assert f"test_{report.trial}" in functions(str(TRIALS.relative_to(ROOT)))


@EACH
def test_a_report_holds_exactly_when_its_rows_do(report: Report) -> None:
    open_rows = [name for name in report.rows if not places()[name].holds]
    if report.rows and not report.trial:
        assert report.seen == ", ".join(open_rows)
    assert report.holds or not report.tests, "a report that tests hold is held"


@EACH
def test_a_report_is_held_by_something_or_says_why_not(report: Report) -> None:
    tried = bool(report.tests or report.rows or report.trial)
    assert tried != bool(report.untried)
    assert tried or not report.holds


def test_trials_and_reports_belong_together() -> None:
    named = {f"test_{report.trial}" for report in REPORTS if report.trial}
    written = {n for n in functions(str(TRIALS.relative_to(ROOT))) if n.startswith("test_")}
    assert named == written


def test_all_eighty_nine_are_there_once() -> None:
    numbers = [report.number for report in REPORTS]
    assert len(set(numbers)) == len(numbers)
    assert set(range(1, 90)) <= set(numbers)
