"""The small things of pages that Python draws: text is only ever text, however often it came."""

from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from hermes_base.web.html.formatting import as_json
from hermes_base.web.html.words import icon, state, when


def test_the_words_of_a_state_are_text_also_after_the_same_letters_came_as_markup() -> None:
    assert "<b>2 failed</b></span>" in state("failed", Markup("<b>2 failed</b>"))
    assert "&lt;b&gt;2 failed&lt;/b&gt;</span>" in state("failed", "<b>2 failed</b>")


def test_a_name_or_id_cannot_leave_its_attribute() -> None:
    drawn = state('x" onclick="y', "word", "tag", '"><script>')
    assert "<script" not in drawn
    assert 'data-state="x&#34; onclick=&#34;y"' in drawn
    assert "<script" not in icon('"><script>', '"><script>')


def test_what_goes_on_turns_and_what_is_over_stands_still() -> None:
    assert 'class="i spin"' in state("running", "Running")
    assert "spin" not in state("queued", "Waiting")
    assert 'data-s="passed" data-state="success"' in state("success", "Passed")


def test_a_time_says_how_long_ago_it_was_and_exactly_when() -> None:
    at = datetime(2026, 11, 21, 9, tzinfo=UTC)
    drawn = when(at, at + timedelta(hours=3))
    assert 'datetime="2026-11-21T09:00:00+00:00" title="2026-11-21 09:00:00 UTC"' in drawn
    assert drawn.endswith(">3 h ago</time>")


def test_json_of_any_size_of_number_is_written() -> None:
    assert as_json({"a": ["ü", 1]}) == '{\n  "a": [\n    "ü",\n    1\n  ]\n}'
    assert as_json({"a": 2**70}) == '{\n  "a": 1180591620717411303424\n}'
