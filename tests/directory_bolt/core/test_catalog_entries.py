"""Directories of a file: read whole, or refused by entry and field."""

import pytest

from directory_bolt.core.catalog.entries import DirectoryEntry, entries_of
from hermes_base.problems import Problem

ADDRESS = "https://guide.example.org/submit?plan=free"


def test_json_and_csv_say_the_same() -> None:
    json = f'[{{"name": "Guide", "submissionUrl": "{ADDRESS}", "tier": 2, "termsDecision": "allowed"}}]'
    csv = (
        f"\ufeffname,submissionUrl,tier,domainAuthority,termsDecision\nGuide,{ADDRESS},2,,allowed\n"
    )
    expected = DirectoryEntry(
        name="Guide", submission_url=ADDRESS, tier=2, terms_decision="allowed"
    )
    assert entries_of(json, is_csv=False) == entries_of(csv, is_csv=True) == [expected]


@pytest.mark.parametrize(
    ("text", "is_csv", "words"),
    [
        ("{", False, "The file is not JSON"),
        ("[]", False, "The list: List should have at least 1 item"),
        ('{"name": "x"}', False, "The list:"),
        (f'[{{"name": "x", "submissionUrl": "{ADDRESS}"}}, {{"name": "y"}}]', False, "Entry 2, submissionUrl"),
        ('[{"name": "x", "submissionUrl": "file:///etc/passwd"}]', False, "Entry 1, submissionUrl"),
        (f'[{{"name": "x", "submissionUrl": "{ADDRESS}", "autority": 9}}]', False, "Entry 1, autority"),
        (f'[{{"name": "x\\u0000", "submissionUrl": "{ADDRESS}"}}]', False, "NUL"),
        (f"name,submissionUrl\nx,{ADDRESS},more\n", True, "Entry 1, more"),
        (f"name,submissionUrl,tier\nx,{ADDRESS},9\n", True, "Entry 1, tier"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_entry_and_field(text: str, is_csv: bool, words: str) -> None:
    with pytest.raises(Problem) as refused:
        entries_of(text, is_csv=is_csv)
    assert refused.value.code == "invalid_request"
    assert words in refused.value.message
