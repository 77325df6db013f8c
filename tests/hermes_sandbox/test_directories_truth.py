"""The list of truth of the demo directories: complete, and able to fail."""

from typing import Any

import pytest

from hermes_sandbox.directories import DIRECTORIES, Want, faults, truth
from tests.support.directories import PROFILE

TRUTH = truth(PROFILE)


def told(*fields: dict[str, list[str]], **more: Any) -> dict[str, Any]:
    """Books that hold these whole forms."""
    counts = {"visits": 1, "posts": len(fields), "arrived": len(fields), "elsewhere": 0}
    return {
        "received": [{"arrived": True, "fields": each} for each in fields],
        "counts": {**counts, **more.pop("counts", {})},
        "honeypot_touched": 0,
        "newsletter_ticked": 0,
        **more,
    }


RIGHT = {name: list(want.values[:1]) for name, want in TRUTH["sweet-clover"].values.items()}


def test_every_directory_has_its_true_end() -> None:
    assert TRUTH.keys() == DIRECTORIES.keys()
    for slug, expected in TRUTH.items():
        assert (expected.status == "submitted") == (expected.reason is None), slug
        assert expected.arrivals or not expected.listed, slug
        assert expected.values.keys() == (
            {f.name for f in DIRECTORIES[slug].fields} if expected.arrivals else set()
        ), slug


@pytest.mark.parametrize(
    ("slug", "status", "reason", "arrivals", "posts"),
    [
        ("picket-fence", "needs_manual", "captcha", 0, 0),
        ("club-ledger", "needs_manual", "login_required", 0, 0),
        ("sign-up-here", "needs_manual", "login_required", 0, 0),
        ("double-opt-in", "needs_manual", "verification_required", 1, 1),
        ("prepaid-pages", "needs_manual", "payment_required", 0, 0),
        ("toll-road", "needs_manual", "payment_required", 1, 1),
        ("guild-hall", "needs_manual", "unknown_required_field", 0, 0),
        ("logo-wall", "needs_manual", "missing_data", 0, 0),
        ("curious-hobbies", "needs_manual", "low_confidence", 0, 0),
        ("known-by-name", "skipped", "duplicate", 1, 1),
        ("quiet-pages", "skipped", "robots", 0, 0),
        ("closed-chapter", "failed", "no_form", 0, 0),
        ("wide-awake-never", "failed", "timeout", 0, 0),
        ("slammed-door", "failed", "unreachable", 0, 0),
        ("members-only-now", "failed", "rejected", 1, 1),
        ("crash-landing", "needs_manual", "outcome_unknown", 1, 1),
        ("three-turns", "submitted", None, 1, 3),
        ("dashes-please", "submitted", None, 1, 2),
    ],
)
def test_the_end_of_a_kind(
    slug: str, status: str, reason: str | None, arrivals: int, posts: int
) -> None:
    found = TRUTH[slug]
    assert (found.status, found.reason) == (status, reason)
    assert (found.arrivals, found.posts) == (arrivals, posts)


@pytest.mark.parametrize(
    ("lacking", "slug", "posts"),
    [
        ("phone", "main-street-finder", 0),
        ("phone", "three-boxes", 0),
        ("contact_last_name", "first-and-last", 0),
        ("city", "two-step-town", 1),
        ("postal_code", "five-digits", 0),
    ],
)
def test_without_a_value_that_is_required_nothing_whole_is_sent(
    lacking: str, slug: str, posts: int
) -> None:
    found = truth({**PROFILE, lacking: ""})[slug]
    assert (found.status, found.reason) == ("needs_manual", "missing_data")
    assert (found.arrivals, found.posts) == (0, posts)


def test_a_line_of_business_that_is_not_offered_is_uncertain() -> None:
    found = truth({**PROFILE, "category": "Sword swallowing"})
    assert found["ferry-town-guide"].reason == "low_confidence"
    assert found["harbor-yellow-book"].status == "submitted"


def test_values_are_in_the_directories_own_words() -> None:
    def of(slug: str, name: str) -> tuple[str, ...]:
        return TRUTH[slug].values[name].values

    assert of("fifty-states-book", "region") == ("OR",)
    assert of("worldwide-traders", "land") == ("US",)
    assert of("annuaire-des-tilleuls", "category") == ("dentist",)
    assert of("five-digits", "postal_code") == ("97205",)
    assert of("dashes-please", "phone") == ("503-555-0142",)
    assert [of("three-boxes", f"phone{n}") for n in (1, 2, 3)] == [("503",), ("555",), ("0142",)]
    assert of("open-doors", "hours[fri][opens]") == ("08:30",)
    assert of("open-doors", "hours[sun][closed]") == ("1",)
    assert of("stadtblick", "email_again") == ("hello@marigold.example",)
    assert TRUTH["open-doors"].values["hours[wed][opens]"].rule == "blank"
    assert TRUTH["main-street-finder"].values["fax"].rule == "blank"
    assert of("basic-or-gold", "plan") == ("free",)


def test_right_books_have_no_faults() -> None:
    assert faults(TRUTH["sweet-clover"], told(RIGHT)) == []


@pytest.mark.parametrize(
    ("books", "fault"),
    [
        (told(), "0 forms arrived, not 1"),
        (told(RIGHT, RIGHT), "2 forms arrived, not 1"),
        (told(RIGHT, counts={"posts": 2}), "2 forms were sent"),
        (told(RIGHT, counts={"elsewhere": 1}), "not for entries"),
        (told(RIGHT, honeypot_touched=1), "a honeypot was filled in"),
        (told(RIGHT, newsletter_ticked=1), "the newsletter was ordered"),
        (told({**RIGHT, "email": ["other@marigold.example"]}), "email: ['other"),
        (told({**RIGHT, "phone": ["503-555-0143"]}), "phone: ['503-555-0143']"),
        (told({**RIGHT, "city": []}), "city: [] arrived"),
        (told({**RIGHT, "city": ["Portland", "Salem"]}), "city: ['Portland', 'Salem']"),
        (told({**RIGHT, "email2": ["x"]}), "email2: ['x']"),
    ],
)
def test_every_fault_is_found(books: dict[str, Any], fault: str) -> None:
    found = faults(TRUTH["sweet-clover"], books)
    assert [each for each in found if fault in each], found


def test_a_visit_that_robots_txt_forbids_is_a_fault() -> None:
    assert faults(TRUTH["quiet-pages"], told(counts={"visits": 0})) == []
    assert faults(TRUTH["quiet-pages"], told(counts={"visits": 1})) != []


@pytest.mark.parametrize(
    ("want", "right", "wrong"),
    [
        (Want("text", ("OR", "Oregon")), ["OR", " Oregon "], ["Ore", "oregon", ""]),
        (Want("address", ("https://a.example",)), ["https://a.example/"], ["https://b.example"]),
        (
            Want("phone", ("15035550142",)),
            ["+1 503 555 0142", "(503) 555-0142", "0015035550142"],
            ["5550142", "503 555 0143", "0142", "2 503 555 0142"],
        ),
        (
            Want("start", ("A family practice for gentle people.",)),
            ["A family practice…", "A family practice for gentle people."],
            ["A family", "A practice for gentle people", "A family practice for all"],
        ),
        (Want("words", ("a, b",)), ["a,b", "a; b"], ["a", "b, a"]),
        (
            Want("hours", ("09:00-17:00 closed",)),
            ["Mon 9:00 - 17:00", "9 am to 5 pm", "9:00 a.m. - 5:00 p.m."],
            ["Mon 9:00 - 18:00", "daily"],
        ),
        (Want("blank"), ["", " "], ["x"]),
        (Want("any"), ["", "x"], []),
    ],
)
def test_what_fits_a_want(want: Want, right: list[str], wrong: list[str]) -> None:
    assert [value for value in right if not want.fits([value])] == []
    assert [value for value in wrong if want.fits([value])] == []
