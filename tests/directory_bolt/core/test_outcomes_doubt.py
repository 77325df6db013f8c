"""Answers that look like a success, a refusal or a next page, and are none."""

from typing import Any

import pytest

from directory_bolt.core.forms.page import Button, Field, Frame
from directory_bolt.core.mapping.choice import Chosen, choose
from directory_bolt.core.outcomes.judging import judge
from directory_bolt.core.outcomes.views import Judgement, View
from tests.directory_bolt.core.forms import BUSINESS, asks, form, frame, select

FIELDS = ("Business name", "E-mail", "Phone", "City")
FORM = form(*(asks(label, name=label) for label in FIELDS))
PAGE = "http://d.example/directory/add"
BEFORE = frame("Add your business.", FORM, url=PAGE)
THANKS = "http://d.example/directory/thanks"
CONFIRM = Button(key="901", tag="button", type="submit", text="Confirm and publish")


def sent(page: Frame = BEFORE) -> Chosen:
    chosen = choose([page], later=True)
    assert chosen is not None
    return chosen


def judged(after: Frame, status: int | None = 200, **more: Any) -> Judgement:
    return judge(View([BEFORE]), sent(), View([after], status), BUSINESS, **more)


def state(text: str, *forms: Any, **more: Any) -> str:
    found = judged(frame(text, *forms, **{"url": THANKS, **more}))
    return str(found.reason or (found.status if found.step == "ended" else found.step))


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for your submission. Please correct the following errors.",
        "Thank you for submitting your business. The phone number is invalid.",
        "Vielen Dank für Ihre Anmeldung. Bitte füllen Sie alle Pflichtfelder aus.",
        "Merci pour votre inscription. Veuillez corriger le numéro.",
        "Your listing has been saved as a draft.",
        "Your account has been successfully created.",
        "Your profile and account have been registered.",
        "Thank you for registering for our newsletter.",
        "Your listing is published once you confirm it.",
        "Ihr Eintrag ist veröffentlicht, sobald Sie ihn freigeben.",
        "Our new app is now live.",
        "Error reference: 40007-AB",
        "File report20245.pdf was stored.",
        "Submission 2026-05-06",
        "Entry 12345 of 99999",
    ],
)
def test_what_only_resembles_an_acceptance_is_none(text: str) -> None:
    assert state(text) == "outcome_unknown"


@pytest.mark.parametrize(
    "text",
    [
        "Your listing has been submitted. You do not need to submit it again.",
        "Your submission was received without errors.",
        "Your submission was received on 12.05.2026 at 14:00.",
        "Your listing has been added. If we cannot publish it, we will write to you.",
        "Your listing has been received. If your business is already listed, the entries are merged.",
        "Your listing has been submitted; sign in to your account to see it.",
        "Your listing is now live.",
        "Marigold Dental is now listed.",
        "Listing ID: 40007",
    ],
)
def test_an_acceptance_is_one_whatever_else_is_said(text: str) -> None:
    assert state(text) == "submitted"


def test_our_own_description_behind_its_label_is_not_the_directorys_word() -> None:
    own = "We get your business listed and published within a day."
    profile = BUSINESS.model_copy(update={"description": f"{own} Ask us."})
    after = View([frame(f"Description: {own}", url=THANKS)], 200)
    assert judge(View([BEFORE]), sent(), after, profile).reason == "outcome_unknown"


def test_a_number_and_a_refusal_are_for_people() -> None:
    assert state("Reference number: X-40007. Your entry was rejected.") == "outcome_unknown"


def test_an_acceptance_and_a_duplicate_are_for_people() -> None:
    said = "Your listing has been received. Marigold Dental is already listed."
    assert state(said) == "outcome_unknown"


def test_a_form_that_complains_after_it_was_taken_is_not_sent_again() -> None:
    marked = [field.model_copy(update={"invalid": True}) for field in FORM.fields]
    again = FORM.model_copy(update={"fields": tuple(marked)})
    assert state("Please correct the phone.", again, url=PAGE) == "correct"
    assert state("Your listing has been submitted.", again, url=PAGE) == "outcome_unknown"


def test_the_same_questions_under_other_names_are_no_next_page() -> None:
    renamed = form(*(asks(label, name=f"x{n}") for n, label in enumerate(FIELDS)))
    assert state("Add your business.", renamed) == "outcome_unknown"
    assert state("Your listing has been submitted.", renamed) == "submitted"


def test_the_first_page_again_after_the_last_is_no_next_page() -> None:
    second = frame("Step 2", form(select("Category", "A", "B"), asks("Description")), url=PAGE)
    after = View([BEFORE], 200)
    found = judge(View([second]), sent(second), after, BUSINESS, earlier=[sent()])
    assert (found.step, found.reason) == ("ended", "outcome_unknown")


def test_an_offer_to_add_another_business_is_no_next_page() -> None:
    more = form(*(asks(label) for label in (*FIELDS, "Description")))
    assert state("Your listing has been submitted. Add another one:", more) == "submitted"


@pytest.mark.parametrize("fields", [(asks("Phone"), asks("State")), ()])
def test_a_small_form_of_the_home_page_is_no_next_page(fields: tuple[Field, ...]) -> None:
    small = form(*fields, buttons=[CONFIRM])
    assert state("Welcome.", small, url="http://d.example/directory/") == "outcome_unknown"
    assert state("One more step.", small, url="http://d.example/directory/add/2") == "next"


def test_what_was_saved_and_still_wants_a_button_pressed_is_for_people() -> None:
    bare = form(buttons=[CONFIRM])
    found = judged(frame("Your listing has been saved.", bare, url=THANKS))
    assert (found.step, found.reason) == ("ended", "outcome_unknown")
    assert "Confirm and publish" in found.message


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Preview of your listing\nMarigold Dental\n12 Orchard Lane", ()),
        ("We found similar entries\nMarigold Dental\n12 Orchard Lane", ()),
        ("Marigold Dental\n+1 212-555-9999", ()),
        ("Edit\nMarigold Dental\n12 Orchard Lane", (FORM,)),
    ],
)
def test_a_page_headed_by_the_business_is_not_always_its_listing(text: str, forms: Any) -> None:
    assert state(text, *forms, headings=("Marigold Dental",)) == "outcome_unknown"


QUESTIONS = [
    ("Marigold Dental is already listed", "outcome_unknown"),
    ("Your listing was rejected", "outcome_unknown"),
    ("The phone number is invalid", "outcome_unknown"),
    ("Your entry is published after payment", "payment_required"),
]
"""What each states beside an acceptance: a duplicate, a refusal, a trouble, a payment."""


@pytest.mark.parametrize(("words", "stated"), QUESTIONS)
def test_a_question_beside_an_acceptance_states_nothing(words: str, stated: str) -> None:
    taken = "Your listing has been submitted."
    assert state(f"{taken} {words}.") == stated
    assert state(f"{taken} {words}?") == "submitted"


@pytest.mark.parametrize(
    ("words", "stated"),
    [
        ("Already listed", "duplicate"),
        ("Marigold Dental is already listed", "duplicate"),
        ("Your listing was rejected", "rejected"),
        ("Your entry is published after payment", "payment_required"),
        ("Please confirm the link in our e-mail", "verification_required"),
        ("Your listing has been submitted", "submitted"),
    ],
)
def test_a_question_alone_leaves_the_outcome_unknown(words: str, stated: str) -> None:
    assert state(f"{words}.") == stated
    assert state(f"{words}?") == "outcome_unknown"
