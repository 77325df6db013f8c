"""What is written into each field for a business, and when a person has to go on."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from directory_bolt.core.filling.choices import NEAR
from directory_bolt.core.filling.hours import as_text, minutes
from directory_bolt.core.filling.nearness import name_nearness, nearness
from directory_bolt.core.filling.plan import Fill, Plan
from directory_bolt.core.filling.planning import plan
from directory_bolt.core.filling.values import split_street
from directory_bolt.core.forms.page import Field
from directory_bolt.core.mapping.choice import look
from directory_bolt.core.orders.states import ResultReason
from tests.directory_bolt.core.forms import BUSINESS, asks, form, select

BARE = BUSINESS.model_copy(update={"phone": "", "category": "", "year_founded": ""})


def planned(
    *fields: Field, business: Any = BUSINESS, refused: Mapping[str, Sequence[str]] | None = None
) -> Plan:
    chosen = look(0, 0, form(*fields))
    assert chosen is not None
    return plan(chosen, business, refused)


def filled(*fields: Field, **given: Any) -> Fill:
    """The fill of the first field."""
    return planned(*fields, **given).fills[0]


def shown(*fields: Field) -> list[str]:
    return [fill.shown for fill in planned(*fields).fills]


def reason(*fields: Field, **given: Any) -> ResultReason | None:
    stop = planned(*fields, **given).stop
    return stop.reason if stop else None


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, "+1 503-555-0142"),
        ({"placeholder": "(555) 123-4567"}, "(503) 555-0142"),
        ({"hint": "Format: 555-123-4567"}, "503-555-0142"),
        ({"complaint": "Bitte geben Sie die Nummer nur mit Ziffern an."}, "5035550142"),
        ({"pattern": r"\d{10}"}, "5035550142"),
        ({"pattern": r"\+\d{11}"}, "+15035550142"),
        ({"max_length": 12}, "503-555-0142"),
        ({"type": "number"}, "5035550142"),
    ],
)
def test_a_phone_number_is_written_as_the_field_wants_it(given: dict[str, Any], text: str) -> None:
    assert filled(asks("Phone", **given)).values == (text,)


def test_a_phone_number_is_taken_apart_for_its_pieces() -> None:
    piece = {"type": "tel", "max_length": 3}
    assert shown(asks("Phone", **piece), asks("", **piece), asks("", type="tel", max_length=4)) == [
        "503",
        "555",
        "0142",
    ]


def test_beside_its_dialling_code_a_number_is_written_without_it() -> None:
    codes = select("Country code", "49=Germany (+49)", "1=United States (+1)")
    assert shown(codes, asks("Phone")) == ["United States (+1)", "(503) 555-0142"]


def test_a_refused_way_is_not_tried_again() -> None:
    phone = asks("Phone", name="p")
    first = filled(phone).values[0]
    second = filled(phone, refused={"p": [first]}).values[0]
    assert second != first
    assert filled(phone, refused={"p": [first, second]}).values[0] not in (first, second)


def test_a_required_field_that_takes_no_way_of_writing_is_a_refusal() -> None:
    name = asks("Business name", name="n", required=True, complaint="Letters only")
    stop = planned(name, refused={"n": [BUSINESS.business_name]}).stop
    assert stop is not None
    assert stop.reason is ResultReason.REJECTED
    assert "Letters only" in stop.message


def test_an_optional_field_that_takes_no_way_of_writing_is_emptied() -> None:
    fill = filled(asks("City", name="c", value="Portland"), refused={"c": ["Portland"]})
    assert (fill.action, fill.values) == ("type", ("",))


def test_a_long_text_is_cut_at_a_word_and_that_is_told() -> None:
    fill = filled(asks("Description", tag="textarea", type="textarea", max_length=40))
    text = fill.values[0]
    assert text == "Gentle dentistry."  # the short one fits whole
    fill = filled(asks("Description", tag="textarea", type="textarea", max_length=12))
    assert fill.values == ("A family",)
    assert "cut from" in fill.note


def test_a_length_that_only_the_page_tells_is_kept() -> None:
    for told in (
        "At most 20 characters are allowed here.",
        "Hier sind höchstens 20 Zeichen erlaubt.",
    ):
        fill = filled(
            asks("Business name", hint=told),
            business=BUSINESS.model_copy(update={"business_name": "Marigold and Daughters Dental"}),
        )
        assert len(fill.values[0]) <= 20
    assert filled(asks("Business name", hint="At least 20 characters")).note == ""


@pytest.mark.parametrize(
    ("field", "chosen"),
    [
        (select("State", "WA=Washington", "OR=Oregon"), "OR"),
        (select("State", "Oregon", "Washington"), "Oregon"),
        (select("Country", "DE=Germany", "US=United States"), "US"),
        (select("Land", "1=Deutschland", "2=Vereinigte Staaten von Amerika"), "2"),
        (select("Category", "7=Dentists", "8=Bakeries"), "7"),
        (select("Branche", "1=Bäckerei", "2=Zahnarzt"), "2"),
        (select("Year founded", "1997", "1998", "1999"), "1998"),
        (select("Plan", "a=Gold, $49", "b=Free entry"), "b"),
    ],
)
def test_the_right_option_is_chosen(field: Field, chosen: str) -> None:
    assert filled(field).values == (chosen,)


def test_the_choice_of_a_category_tells_its_score() -> None:
    assert "(1.00)" in filled(select("Category", "Dentists", "Bakeries")).note


def test_no_category_near_enough_is_for_people() -> None:
    hobbies = ("Model railways", "Stamp collecting", "Kite flying")
    assert reason(select("Category", *hobbies, required=True)) is ResultReason.LOW_CONFIDENCE
    assert filled(select("Category", *hobbies)).action == "leave"


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Bakery", "Bakeries", True),
        ("Bakery", "Bakeries & Cafés", True),
        ("Dental clinic", "Health > Dentist", True),
        ("Plumber", "Fontanero", True),
        ("Schlachtereien", "Schlachterei", True),
        ("Antiquaires", "Antiquaire & brocante", True),
        ("Cervecerías", "Cervecería", True),
        ("Fotoquadri", "Fotoquadro", True),
        ("Bakery", "Brewery", False),
        ("Dental clinic", "Clinical trials", False),
        ("Bakery", "Other", False),
    ],
)
def test_nearness_knows_plurals_groups_and_trades(one: str, other: str, near: bool) -> None:
    assert (nearness(one, other) >= NEAR) is near


def test_a_proper_name_keeps_its_ending() -> None:
    assert name_nearness("Bayern", "Bay of Plenty") < NEAR
    assert name_nearness("New South Wales", "New South Wales, Australia") >= NEAR


def test_hours_are_chosen_row_by_row() -> None:
    clock = [f"{h:02}:00" for h in range(24)]
    fields = list[Field]()
    for day in ("Monday", "Tuesday", "Sunday"):
        fields += [
            select("", *clock, before=day, name=f"{day}-from"),
            select("", *clock, name=f"{day}-to"),
            asks("closed", type="checkbox", name=f"{day}-closed"),
        ]
    fills = planned(*fields).fills
    assert [fill.shown for fill in fills[:2]] == ["09:00", "17:00"]
    assert [fill.action for fill in fills[2::3]] == ["untick", "untick", "tick"]
    assert [fill.action for fill in fills[6:8]] == ["leave", "leave"]


def test_hours_as_a_text_bring_equal_days_together() -> None:
    assert as_text(BUSINESS.hours) == "Mon-Tue 09:00-17:00, Sun closed"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("9:00 AM", 540),
        ("09:00", 540),
        ("12:30 am", 30),
        ("5 pm", 1020),
        ("17h30", 1050),
        ("0930", 570),
        ("noon", None),
        ("25:00", None),
    ],
)
def test_times_are_read_in_the_ways_in_which_they_are_written(text: str, at: int | None) -> None:
    assert minutes(text) == at


def test_the_whole_address_is_written_where_there_is_no_field_for_the_city() -> None:
    assert "Portland" in filled(asks("Address")).values[0]
    assert filled(asks("Address"), asks("City")).values == ("12 Orchard Lane",)


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("12 Orchard Lane", ("Orchard Lane", "12")),
        ("Mühlweg 7b", ("Mühlweg", "7b")),
        ("Calle Mayor, 3", ("Calle Mayor", "3")),
        ("Broadway", ("Broadway", "")),
    ],
)
def test_a_house_number_is_told_from_its_street(line: str, parts: tuple[str, str]) -> None:
    assert split_street(line) == parts


def test_terms_are_ticked_because_the_customer_agreed_and_news_never() -> None:
    terms, news, on = planned(
        asks("I accept the terms", type="checkbox", name="t"),
        asks("Send me the newsletter", type="checkbox", name="n"),
        asks("Receive offers", type="checkbox", name="o", checked=True),
    ).fills
    assert (terms.action, terms.note) == ("tick", "the customer agreed with the order")
    assert (news.action, on.action) == ("leave", "untick")


def test_a_required_newsletter_is_for_people() -> None:
    news = asks("Send me the newsletter", type="checkbox", required=True)
    assert reason(news) is ResultReason.UNKNOWN_REQUIRED_FIELD


def test_a_honeypot_is_never_filled_in_even_when_it_is_required() -> None:
    trap = asks("E-mail", type="email", hidden="not displayed", required=True)
    made = planned(trap, asks("Leave this field empty"), asks("Business name"))
    assert [fill.action for fill in made.fills] == ["leave", "leave", "type"]
    assert made.stop is None


@pytest.mark.parametrize(
    ("field", "why"),
    [
        (asks("Membership number", required=True), ResultReason.UNKNOWN_REQUIRED_FIELD),
        (asks("Fax", required=True), ResultReason.MISSING_DATA),
        (asks("Logo", type="file", required=True), ResultReason.MISSING_DATA),
        (asks("Instagram profile", required=True), ResultReason.MISSING_DATA),
        (asks("What is 3 + 4?", required=True), ResultReason.CAPTCHA),
        (asks("What is 3 + 4?"), ResultReason.CAPTCHA),
        (asks("Password", type="password"), ResultReason.LOGIN_REQUIRED),
        (asks("Card number", autocomplete="cc-number"), ResultReason.PAYMENT_REQUIRED),
        (
            asks("Verification code", autocomplete="one-time-code"),
            ResultReason.VERIFICATION_REQUIRED,
        ),
        (asks("where our city neighbours live", required=True), ResultReason.LOW_CONFIDENCE),
        (select("Plan", "Silver, $9", "Gold, $49", required=True), ResultReason.PAYMENT_REQUIRED),
        (
            select("Shape of the door", "red", "blue", required=True),
            ResultReason.UNKNOWN_REQUIRED_FIELD,
        ),
    ],
)
def test_what_only_people_can_do_stops_the_form(field: Field, why: ResultReason) -> None:
    made = planned(asks("Business name"), field)
    assert made.stop is not None
    assert made.stop.reason is why
    assert made.fills[0].values == (BUSINESS.business_name,)  # what is known is filled in for them


@pytest.mark.parametrize(
    "field",
    [
        asks("Membership number"),
        asks("Fax"),
        asks("Logo", type="file"),
        asks("Remember me", type="checkbox"),
    ],
)
def test_what_is_not_required_and_not_known_is_left(field: Field) -> None:
    made = planned(asks("Business name"), field)
    assert (made.stop, made.fills[1].action) == (None, "leave")


def test_data_that_the_order_lacks_is_named() -> None:
    stop = planned(asks("Phone number", required=True), business=BARE).stop
    assert stop is not None
    assert stop.reason is ResultReason.MISSING_DATA
    assert "Phone number" in stop.message


def test_a_captcha_outweighs_every_other_stop() -> None:
    fields = (asks("Membership number", required=True), asks("7 + 2 ="), asks("Fax", required=True))
    assert reason(*fields) is ResultReason.CAPTCHA


def test_an_unknown_field_of_which_the_page_complains_is_required() -> None:
    odd = asks("Membership number", name="m")
    assert reason(odd) is None
    assert reason(odd, refused={"m": []}) is ResultReason.UNKNOWN_REQUIRED_FIELD


def test_what_was_told_once_is_not_told_again_unless_required() -> None:
    again = planned(asks("Phone"), asks("Telephone"), asks("Mobile", required=True)).fills
    assert [fill.action for fill in again] == ["type", "leave", "type"]


def test_an_e_mail_address_is_repeated_where_it_is_to_be_confirmed() -> None:
    assert shown(asks("E-mail"), asks("Confirm e-mail")) == [BUSINESS.email] * 2


def test_a_preset_choice_that_is_not_known_stays() -> None:
    options = [{"value": "x", "text": "Weekly"}, {"value": "y", "text": "Daily", "chosen": True}]
    kind = asks("Rhythm", tag="select", type="select-one", options=options, required=True)
    assert (filled(kind).action, reason(kind)) == ("leave", None)


def test_a_field_that_a_mask_rewrote_holds_its_value() -> None:
    fill = filled(asks("Phone", value="+1 (503) 555 0142"))
    assert fill.is_done
    assert not filled(asks("Phone", value="503")).is_done
