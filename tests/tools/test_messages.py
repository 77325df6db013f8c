"""The texts that `make messages` finds for translators."""

import io

import pytest
from babel.messages.pofile import read_po, write_po

from tools.messages import catalog, of_code, of_data, of_template


def texts(source: str) -> set[str]:
    return {message.text for message in of_template(source)}


@pytest.mark.parametrize(("source", "expected"), [
    ("<p>Showing the first {{ rows|length }} of {{ total }}.</p>", {"Showing the first {0} of {1}."}),
    ("<p>Run <code>hermes up</code> again.</p>", {"Run {0}hermes up{1} again."}),
    ("<h1>Alerts</h1>\n<p>{{ count }}</p>", {"Alerts"}),
    ("{% if a %}One alert{% else %}Many alerts{% endif %}", {"One alert", "Many alerts"}),
    ('<b aria-label="Open {{ name }} now">x</b>', {"Open {0} now"}),
    ('{{ state("failed", "Not ready") }}{% if a == "Not this" %}{% endif %}', {"Not ready"}),
    ("{# A comment of ours #}<script>Some words here</script>", set[str]()),
    ('<a class="btn" href="/x">{{ icon("run") }}Run again</a>', {"Run again"}),
])  # fmt: skip
def test_a_text_is_whole_with_numbered_places(source: str, expected: set[str]) -> None:
    assert texts(source) == expected


def test_data_and_messages_of_the_code_are_texts_too() -> None:
    assert [m.text for m in of_data('[a]\nlabel = "Key not accepted"\ncode = "auth_401"')] == [
        "Key not accepted"
    ]
    code = 'raise Problem("over", f"The order is {state}.", "Nothing to do.")\nhint = "Try again."'
    assert {m.text for m in of_code(code)} == {"The order is {0}.", "Nothing to do.", "Try again."}


def test_the_template_of_the_product_can_be_read_and_names_each_place() -> None:
    file = io.BytesIO()
    write_po(file, catalog())
    file.seek(0)
    found = read_po(file)
    assert len(found) > 1500
    for text in (
        "Run Smoke Tests",
        "No open alerts",
        "The API token is not valid.",
        "Key not accepted",
    ):
        message = found.get(text)
        assert message is not None, text
        assert message.locations, text
