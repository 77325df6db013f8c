"""What the kit takes for a mark of made-up data, the control room takes for one too."""

import pytest

from hermes.core.truth.markers import marker_of, may_be_marked
from hermes_worker.conformance.delivery import MADE_UP


@pytest.mark.parametrize(("name", "word"), MADE_UP)
def test_a_mark_that_the_kit_knows_is_known_to_the_control_room(
    name: str, word: str | bool
) -> None:
    """Neither may import the other, so the shorter list of the kit is held to the table of the control room."""
    assert may_be_marked({name: word})
    assert marker_of({name: word})
