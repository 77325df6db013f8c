"""What fields ask for together, and which form of a page is the one to submit."""

import pytest

from directory_bolt.core.forms.kinds import Kind
from directory_bolt.core.forms.page import Button, Field, Form
from directory_bolt.core.mapping.buttons import press
from directory_bolt.core.mapping.choice import choose, wants_login
from directory_bolt.core.mapping.form import Mapped, map_alone
from directory_bolt.core.mapping.parts import with_parts
from tests.directory_bolt.core.forms import SEND, asks, form, frame, select

CLOCK = tuple(f"{hour:02}:00" for hour in range(24))
LISTING = form(asks("Business name"), asks("E-mail"), asks("Website"), asks("City"))


def mapped(*fields: Field) -> list[Mapped]:
    return with_parts(map_alone(form(*fields)))


def kinds(*fields: Field) -> list[Kind]:
    return [each.kind for each in mapped(*fields)]


def parts(*fields: Field) -> list[str]:
    return [each.mapping.part for each in mapped(*fields)]


@pytest.mark.parametrize(
    ("others", "kind"),
    [
        (("Company", "E-mail"), Kind.FULL_NAME),
        (("E-mail", "Message"), Kind.FULL_NAME),
        (("Surname", "E-mail"), Kind.FIRST_NAME),
        (("Vorname", "E-Mail"), Kind.LAST_NAME),
        (("Category", "E-mail"), Kind.BUSINESS_NAME),
        (("Website", "Street"), Kind.BUSINESS_NAME),
    ],
)
def test_whose_name_it_is_depends_on_the_rest_of_the_form(
    others: tuple[str, ...], kind: Kind
) -> None:
    message = {"Message": {"tag": "textarea", "type": "textarea"}}
    fields = [asks("Name"), *(asks(label, **message.get(label, {})) for label in others)]
    assert kinds(*fields)[0] is kind


def test_a_guess_from_the_rest_of_the_form_is_less_sure() -> None:
    guessed, told = mapped(asks("Name"), asks("Category"))[0], mapped(asks("Business name"))[0]
    assert guessed.mapping.confidence < told.mapping.confidence


def test_small_fields_in_a_row_are_pieces_of_a_phone_number() -> None:
    piece = {"type": "tel", "max_length": 3}
    found = mapped(
        asks("", cell="Phone", **piece),
        asks("", **piece),
        asks("", type="tel", max_length=4),
        asks("City"),
    )
    assert [each.kind for each in found] == [Kind.PHONE] * 3 + [Kind.CITY]
    assert [each.mapping.part for each in found] == ["1 of 3", "2 of 3", "3 of 3", ""]


def test_a_phone_number_of_one_field_has_no_parts() -> None:
    assert parts(asks("Phone", type="tel"), asks("Fax", type="tel")) == ["", ""]


def test_a_select_beside_a_phone_is_its_dialling_code() -> None:
    assert parts(select("Phone country code", "+1", "+49"), asks("Phone"))[0] == "country"


def test_rows_of_days_ask_for_both_ends_of_the_day() -> None:
    fields = list[Field]()
    for day in ("Montag", "Dienstag", "Sonntag"):
        fields += [
            select("", *CLOCK, before=day, name=f"{day}a"),
            select("", *CLOCK, name=f"{day}b"),
            asks("geschlossen", type="checkbox", name=f"{day}c"),
        ]
    assert parts(*fields) == [
        f"{day} {end}"
        for day in ("monday", "tuesday", "sunday")
        for end in ("opens", "closes", "closed")
    ]


def test_one_field_a_day_asks_for_the_whole_day() -> None:
    assert parts(asks("Monday"), asks("Tuesday"), asks("Friday")) == ["monday", "tuesday", "friday"]


def test_a_word_that_is_also_a_day_makes_no_hours() -> None:
    assert kinds(asks("Tell us so that we can help"), asks("Mo"), asks("City"))[2] is Kind.CITY


def test_radios_of_one_name_are_one_question() -> None:
    radios = [
        asks(label, type="radio", name="cat", value=str(n), group="Category", required=True)
        for n, label in enumerate(("Bakery", "Dentist"))
    ]
    (found,) = mapped(*radios)
    assert found.kind is Kind.CATEGORY
    assert [(o.text, o.key) for o in found.field.options] == [("Bakery", "0"), ("Dentist", "1")]
    assert found.field.required


def test_ticks_below_a_legend_of_their_own_are_one_question() -> None:
    ticks = [
        asks(f"Trade {n}", type="checkbox", name=f"t{n}", group="Categories") for n in range(3)
    ]
    assert [each.kind for each in mapped(*ticks)] == [Kind.CATEGORY]
    assert len(mapped(*ticks, asks("City", group="Categories"))) == 4


@pytest.mark.parametrize(
    "given",
    [
        {"label": "City *"},
        {"cell": "City*"},
        {"label": "City (required)"},
        {"placeholder": "* City"},
    ],
)
def test_a_star_makes_a_field_required(given: dict[str, str]) -> None:
    assert form(asks(**given)).fields[0].required


def test_a_field_without_a_star_is_not_required() -> None:
    assert not form(asks("City (optional)")).fields[0].required


def test_the_submission_form_is_chosen_among_others() -> None:
    search = form(asks("Business name"), asks("City"), method="get", role="search")
    login = form(asks("E-mail"), asks("Password", type="password"))
    news = form(asks("E-mail", type="email"))
    contact = form(
        asks("Your name"), asks("E-mail"), asks("Message", tag="textarea", type="textarea")
    )
    found = choose([frame("", search, login, news, contact, LISTING)])
    assert found is not None
    assert found.index == 4


def test_forms_for_other_things_are_no_submission_forms() -> None:
    login = form(asks("E-mail"), asks("Password", type="password"))
    contact = form(
        asks("Your name"), asks("E-mail"), asks("Message", tag="textarea", type="textarea")
    )
    assert choose([frame("", login, contact)]) is None
    assert wants_login([frame("", login)])
    assert not wants_login([frame("", contact)])


def test_a_search_by_name_is_not_taken_for_a_submission() -> None:
    button = Button(key="9", tag="button", type="submit", text="Search")
    search = form(
        asks("Business name"), asks("City"), asks("Category"), method="get", buttons=[button]
    )
    assert choose([frame("", search)]) is None


def test_a_form_in_a_frame_is_found() -> None:
    found = choose([frame("outer"), frame("inner", LISTING)])
    assert found is not None
    assert found.frame == 1


def test_the_rest_of_a_form_counts_only_on_later_pages() -> None:
    rest = frame("", form(asks("I accept the terms", type="checkbox")))
    confirm = frame("", Form(buttons=(SEND.model_copy(update={"text": "Confirm"}),)))
    assert choose([rest]) is None
    assert choose([rest], later=True) is not None
    assert choose([confirm]) is None
    assert choose([confirm], later=True) is not None


def test_the_button_that_goes_on_is_pressed() -> None:
    def button(key: str, text: str, kind: str = "button", hidden: str = "") -> Button:
        return Button(key=key, tag="button", type=kind, text=text, hidden=hidden)

    made = Form(
        buttons=(
            button("1", "Add another category"),
            button("2", "Reset", "submit"),
            button("3", "Sign in with Google", "submit"),
            button("4", "Weiter", "submit", hidden="not displayed"),
            button("5", "Eintrag absenden", "submit"),
        )
    )
    found = press(made)
    assert found is not None
    assert found.key == "5"
    assert press(Form(buttons=made.buttons[:4])) is None
