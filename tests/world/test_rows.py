"""The rows themselves: a mark that is not true fails, a row without source or reason is refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from tests.world.rows import Marked, Row, hold

OPEN = Marked(holds=False, issue=17, seen="success: lcp")
TRUE: dict[str, Any] = {
    "id": "some_row",
    "why": "It is worth a row.",
    "source": "own: thought out here",
}


def test_a_row_that_holds_fails_as_soon_as_something_is_broken() -> None:
    hold(Marked(), "as promised")
    with pytest.raises(AssertionError, match="lcp delivered"):
        hold(Marked(), "failed: nothing", "lcp delivered")


def test_a_mark_fails_as_soon_as_its_row_holds() -> None:
    hold(OPEN, "success: lcp", "lcp not believed")
    with pytest.raises(AssertionError, match="holds now"):
        hold(OPEN, "failed: nothing")


def test_a_mark_fails_where_something_else_is_seen() -> None:
    with pytest.raises(AssertionError, match="in another way"):
        hold(OPEN, "partial: lcp, cls", "lcp not believed")


@pytest.mark.parametrize(
    "wrong",
    [
        {"holds": False},
        {"holds": False, "issue": 17},
        {"holds": False, "seen": "success: lcp"},
        {"issue": 17, "seen": "success: lcp"},
        {"holds": False, "issue": 3, "seen": "an issue that is not among the open ones"},
        {"why": "no sentence"},
        {"source": "somewhere"},
        {"unknown": 1},
    ],
)
def test_a_row_that_is_not_whole_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Row.model_validate(TRUE | wrong)
