"""What became of a form, told from what was seen before and after the click."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory_bolt.core.forms.page import Field, Frame, Guard, Link
from directory_bolt.core.mapping.choice import Chosen, choose
from directory_bolt.core.orders.states import ResultReason, ResultStatus
from directory_bolt.core.outcomes.judging import judge
from directory_bolt.core.outcomes.listing import is_listing_of
from directory_bolt.core.outcomes.views import Judgement, View
from tests.directory_bolt.core.forms import BUSINESS, asks, form, frame, select

FORM = form(
    asks("Business name", name="b"),
    asks("E-mail", name="e"),
    asks("Phone", name="p"),
    asks("City", name="c"),
)
BEFORE = frame("Add your business. Read our success stories. Thank you for your visit.", FORM)
THANKS = "http://d.example/thanks"


def sent() -> Chosen:
    chosen = choose([BEFORE])
    assert chosen is not None
    return chosen


def judged(*after: Frame, status: int | None = 200, **more: Any) -> Judgement:
    return judge(View([BEFORE]), sent(), View(after, status, **more), BUSINESS)


def said(
    text: str, status: int | None = 200, **more: Any
) -> tuple[ResultStatus, ResultReason | None]:
    found = judged(frame(text, url=THANKS, **more), status=status)
    return found.status, found.reason


SUBMITTED = ("submitted", None)
UNKNOWN = ("needs_manual", ResultReason.OUTCOME_UNKNOWN)
REJECTED = ("failed", ResultReason.REJECTED)
DUPLICATE = ("skipped", ResultReason.DUPLICATE)
VERIFY = ("needs_manual", ResultReason.VERIFICATION_REQUIRED)
PAY = ("needs_manual", ResultReason.PAYMENT_REQUIRED)
LOGIN = ("needs_manual", ResultReason.LOGIN_REQUIRED)


@pytest.mark.parametrize(
    "text",
    [
        "Your listing has been submitted.",
        "Thank you for submitting your business! Our editors will look at it.",
        "We have received your entry and will review it before it appears.",
        "Your business Marigold Dental was added to our directory.",
        "Your listing will not appear until it was reviewed. Your submission has been received.",
        "Ihr Eintrag für Marigold Dental wurde entgegengenommen.",
        "Wir haben Ihre Anmeldung erhalten.",
        "Nous avons bien reçu la fiche de Marigold Dental.",
        "Votre inscription a été enregistrée.",
        "Hemos recibido la ficha de Marigold Dental.",
        "Su solicitud ha sido enviada.",
        "Abbiamo ricevuto la scheda di Marigold Dental.",
        "La vostra richiesta è stata inviata.",
        "Wij hebben de aanmelding van Marigold Dental ontvangen.",
        "Recebemos a ficha de Marigold Dental.",
        "O seu pedido foi enviado.",
        "Vorgangsnummer: HS-40021",
        "Reference number: SAS-40007",
        "Reference no. 40007",
        "Numéro de dossier : PDV-40007",
    ],
)
def test_an_explicit_acceptance_or_a_reference_is_a_submission(text: str) -> None:
    assert said(text) == SUBMITTED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thank you.",
        "Success",
        "Thank you for your visit. Read our success stories.",
        "Welcome to our directory of businesses.",
        "Over 5,000 businesses have been added this year.",
        "We have received more than 400 entries.",
        "Has your listing been submitted?",
        "Once your listing has been submitted, we will review it.",
        "If your submission was received, you will hear from us.",
        "Submit your listing to be published in our guide.",
        "Your visit was recorded.",
        "An error occurred. Please try again later.",
    ],
)
def test_a_word_of_success_alone_is_not_a_submission(text: str) -> None:
    assert said(text) == UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for your interest. Unfortunately we could not accept your submission.",
        "Your listing was rejected.",
        "Your entry has not been accepted.",
        "We cannot publish your business.",
        "We didn't add your company.",
        "Leider konnten wir Ihren Eintrag nicht aufnehmen.",
        "Votre fiche n'a pas été acceptée.",
        "Su solicitud no ha sido aceptada.",
        "La scheda non è stata accettata.",
        "Uw aanmelding is niet geaccepteerd.",
        "O seu pedido não foi aceito.",
    ],
)
def test_a_refusal_is_a_refusal_however_politely_it_begins(text: str) -> None:
    assert said(text) == REJECTED


def test_a_page_that_says_yes_and_no_is_for_people() -> None:
    assert (
        said("Your listing has been received. Unfortunately it could not be published.") == UNKNOWN
    )


@pytest.mark.parametrize(
    "text",
    [
        "Marigold Dental is already listed in our directory.",
        "Dieser Betrieb ist bereits eingetragen.",
        "Cette entreprise existe déjà.",
        "Esta empresa ya está registrada.",
    ],
)
def test_a_business_that_is_there_already_is_skipped(text: str) -> None:
    assert said(text) == DUPLICATE


def test_a_conflict_is_a_duplicate_whatever_the_page_says() -> None:
    assert said("Conflict", 409) == DUPLICATE


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Please check your inbox: we have sent you an e-mail.", VERIFY),
        ("We have sent a text message with a code to your phone. Enter the code to go on.", VERIFY),
        (
            "Your listing was received. Click the confirmation link in our e-mail to publish it.",
            VERIFY,
        ),
        ("Bitte bestätigen Sie den Link in unserer E-Mail.", VERIFY),
        ("Your entry is published after payment.", PAY),
        ("The listing fee is $49.00 for one year.", PAY),
        ("Ihr Eintrag wird nach Zahlung freigeschaltet.", PAY),
        ("Please sign in to add a business.", LOGIN),
        ("Your listing has been submitted. No payment is required.", SUBMITTED),
        ("Your listing has been submitted. Sign in to your account to see it.", SUBMITTED),
    ],
)
def test_what_still_stands_in_the_way_is_told_apart(
    text: str, outcome: tuple[str, ResultReason | None]
) -> None:
    assert said(text) == outcome


@pytest.mark.parametrize("status", [500, 502, 403, 404, 429])
def test_a_failing_status_is_never_a_submission(status: int) -> None:
    assert said("Your listing has been submitted. Reference number: X-12345", status) == UNKNOWN


def test_what_stood_there_before_says_nothing_of_this_submission() -> None:
    before = frame("Your listing has been submitted.", FORM)
    after = frame("Your listing has been submitted.", url=THANKS)
    assert (
        judge(View([before]), sent(), View([after], 200), BUSINESS).reason
        is ResultReason.OUTCOME_UNKNOWN
    )


def test_our_own_words_say_nothing_of_this_submission() -> None:
    assert said(f"Marigold Dental\n{BUSINESS.description}") == UNKNOWN


def test_the_confirmation_is_kept() -> None:
    assert (
        judged(frame("Your listing was received. Reference HYB-40007.", url=THANKS)).confirmation
        == "HYB-40007"
    )


def test_a_year_or_a_word_is_no_reference() -> None:
    for text in (
        "Order by name",
        "Listing 24/7 for you",
        "Entry 2026 is open",
        "Entry fees apply",
        "Case studies",
    ):
        assert said(text) == UNKNOWN, text


def test_a_page_headed_by_the_business_is_its_listing() -> None:
    listing = frame(
        "Marigold Dental 12 Orchard Lane",
        url="http://d.example/listing/7",
        headings=("Marigold Dental",),
    )
    found = judged(listing)
    assert (found.status, found.listing_url) == ("submitted", "http://d.example/listing/7")


def test_the_same_address_is_no_listing() -> None:
    assert (
        judged(frame("Marigold Dental", headings=("Marigold Dental",))).reason
        is ResultReason.OUTCOME_UNKNOWN
    )


def test_an_accepted_entry_brings_the_link_to_its_listing() -> None:
    link = Link(text="View your listing", url="http://d.example/l/9")
    page = frame("Your listing has been added.", url=THANKS, links=(link,))
    assert judged(page).listing_url == "http://d.example/l/9"


def test_a_message_in_a_box_of_the_browser_counts() -> None:
    found = judged(
        frame("Add your business."), status=None, alerts=("Your listing has been submitted.",)
    )
    assert found.status == "submitted"


def again(**wrong: Any) -> Frame:
    fields = [
        field.model_copy(update=wrong) if field.name == "p" else field for field in FORM.fields
    ]
    return frame(
        "Please correct the marked fields.", FORM.model_copy(update={"fields": tuple(fields)})
    )


def test_a_field_that_the_page_complains_of_is_to_be_corrected() -> None:
    found = judged(again(complaint="Please write 555-123-4567.", invalid=True), status=422)
    assert (found.step, found.wrong) == ("correct", {"p": "Please write 555-123-4567."})
    assert judged(again(invalid=True)).wrong == {"p": "marked as wrong"}


def test_a_complaint_that_stays_after_the_correction_is_told_again() -> None:
    before, after = again(complaint="Digits only"), again(complaint="Digits only")
    chosen = choose([before])
    assert chosen is not None
    view = View([after], 422)
    assert judge(View([before]), chosen, view, BUSINESS, {"p": ["x"]}).wrong == {"p": "Digits only"}


def test_an_empty_form_after_the_answer_complains_of_nothing() -> None:
    assert judged(again(unmet="Please fill out this field.")).reason is ResultReason.OUTCOME_UNKNOWN


def test_what_the_browser_itself_kept_from_being_sent_is_to_be_corrected() -> None:
    assert judged(again(unmet="Please match the format."), status=None).wrong == {
        "p": "Please match the format."
    }


@pytest.mark.parametrize(
    "field",
    [
        select("Category", "Bakery", "Dentist"),
        asks("I accept the terms", type="checkbox"),
        asks("Street"),
    ],
)
def test_another_page_of_the_form_is_gone_on_with(field: Field) -> None:
    found = judged(frame("Step 2 of 3", form(field)))
    assert (found.step, found.form is not None) == ("next", True)


def test_a_next_page_may_say_that_the_first_was_saved() -> None:
    page = frame("Your details have been saved.", form(select("Category", "A", "B")))
    assert judged(page).step == "next"


def test_a_form_for_news_or_a_message_is_no_next_page() -> None:
    news = form(asks("E-mail", type="email", name="n"))
    message = form(asks("Your name"), asks("Message", tag="textarea", type="textarea"))
    for other in (news, message):
        assert said("Your listing has been submitted.", forms=(other,)) == SUBMITTED
        assert judged(frame("Welcome.", other, url=THANKS)).step == "ended"


def test_the_same_form_again_without_a_word_is_unknown() -> None:
    assert judged(BEFORE).reason is ResultReason.OUTCOME_UNKNOWN


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        (asks("Card number", autocomplete="cc-number"), ResultReason.PAYMENT_REQUIRED),
        (
            asks("Verification code", autocomplete="one-time-code"),
            ResultReason.VERIFICATION_REQUIRED,
        ),
    ],
)
def test_a_next_page_that_asks_for_money_or_a_code_is_for_people(
    field: Field, reason: ResultReason
) -> None:
    assert judged(frame("One more step", form(field), url=THANKS)).reason is reason


def test_a_captcha_that_only_comes_now_is_for_people() -> None:
    page = frame("One moment", url=THANKS, guards=(Guard(what="frame", form=-1),))
    assert judged(page).reason is ResultReason.CAPTCHA


@given(st.text(alphabet="abcdefghij .!\n", max_size=200), st.sampled_from([200, None]))
def test_random_words_are_never_a_submission(text: str, status: int | None) -> None:
    assert judged(frame(text, url=THANKS), status=status).status != "submitted"


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("Marigold Dental\n+1 503-555-0142", True),
        ("Marigold Dental\nhttps://www.marigold.example", True),
        ("Marigold Dental", True),
        ("Marigold Dental\n+1 212-555-9999", False),
        ("Marigold Dental\nmail@another.example", False),
    ],
)
def test_a_listing_of_the_same_name_is_ours_unless_it_is_somebody_elses(
    text: str, ours: bool
) -> None:
    assert is_listing_of(frame(text, headings=("Marigold Dental",)), BUSINESS) is ours


def test_a_page_not_headed_by_the_name_is_no_listing() -> None:
    assert not is_listing_of(
        frame("Marigold Dental +1 503-555-0142", headings=("Results",)), BUSINESS
    )
