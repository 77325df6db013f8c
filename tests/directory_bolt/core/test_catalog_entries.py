"""Directories of a file: read whole, or refused by entry and field."""

from datetime import UTC, datetime

import pytest

from directory_bolt.core.catalog.entries import (
    DirectoryEntry,
    Format,
    changes_of,
    entries_of,
    entry_of,
)
from directory_bolt.core.catalog.rehearsals import Rehearsal
from directory_bolt.core.orders.states import ResultReason
from hermes_base.problems import Problem

ADDRESS = "https://guide.example.org/submit?plan=free"


def test_json_csv_and_toml_say_the_same() -> None:
    json = f'[{{"name": "Guide", "submissionUrl": "{ADDRESS}", "tier": 2, "termsDecision": "allowed"}}]'
    csv = (
        f"\ufeffname,submissionUrl,tier,domainAuthority,termsDecision\nGuide,{ADDRESS},2,,allowed\n"
    )
    toml = f'[[directories]]\nname = "Guide"\nsubmissionUrl = "{ADDRESS}"\ntier = 2\ntermsDecision = "allowed"'
    expected = DirectoryEntry(
        name="Guide", submission_url=ADDRESS, tier=2, terms_decision="allowed"
    )
    assert entries_of(json, "json") == entries_of(csv, "csv") == [expected]
    assert entries_of(toml, "toml") == [expected]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("{", "json", "This is not JSON"),
        ("directories = 3", "toml", "The list: Input should be a valid list"),
        ("[[directories", "toml", "This is not TOML"),
        ("[]", "json", "The list: List should have at least 1 item"),
        ('{"name": "x"}', "json", "The list:"),
        (f'[{{"name": "x", "submissionUrl": "{ADDRESS}"}}, {{"name": "y"}}]', "json", "Entry 2, submissionUrl"),
        ('[{"name": "x", "submissionUrl": "file:///etc/passwd"}]', "json", "Entry 1, submissionUrl"),
        (f'[{{"name": "x", "submissionUrl": "{ADDRESS}", "autority": 9}}]', "json", "Entry 1, autority"),
        (f'[{{"name": "x\\u0000", "submissionUrl": "{ADDRESS}"}}]', "json", "NUL"),
        (f"name,submissionUrl\nx,{ADDRESS},more\n", "csv", "Entry 1, more"),
        (f"name,submissionUrl,tier\nx,{ADDRESS},9\n", "csv", "Entry 1, tier"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_entry_and_field(text: str, kind: Format, words: str) -> None:
    with pytest.raises(Problem) as refused:
        entries_of(text, kind)
    assert refused.value.code == "invalid_request"
    assert words in refused.value.message


def test_a_form_names_its_field_and_empties_what_may_be_empty() -> None:
    assert entry_of({"name": "Guide", "submission_url": ADDRESS, "tier": ""}).tier == 3
    with pytest.raises(Problem) as refused:
        entry_of({"name": "Guide", "submission_url": ADDRESS, "tier": "9"})
    assert refused.value.field == "tier"
    known = {"name": "Guide", "submission_url": ADDRESS, "category": "general", "tier": 1,
             "domain_authority": 40, "lookup_url": ADDRESS, "pacing_seconds": 5.0,
             "terms_decision": "allowed", "terms_note": ""}  # fmt: skip
    changed = changes_of({"lookup_url": "", "tier": "2"}).on(known)
    assert changed == DirectoryEntry.model_validate(known | {"lookup_url": None, "tier": 2})


@pytest.mark.parametrize(
    ("reason", "asks_login", "has_captcha"),
    [(ResultReason.LOGIN_REQUIRED, True, None), (ResultReason.CAPTCHA, None, True),
     (ResultReason.ROBOTS, None, None)],
)  # fmt: skip
def test_a_rehearsal_tells_only_what_its_visit_showed(
    reason: ResultReason, asks_login: bool | None, has_captcha: bool | None
) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    seen = Rehearsal(at=at, reason=reason, text="", fields=[], screenshot=None)
    assert (seen.asks_login, seen.has_captcha) == (asks_login, has_captcha)
