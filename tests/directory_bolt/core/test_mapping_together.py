"""Labels that name two things at once, and names that the rest of the form makes clear."""

import pytest

from directory_bolt.core.forms.kinds import Kind
from directory_bolt.core.mapping.field import map_field
from directory_bolt.core.mapping.form import map_alone
from tests.directory_bolt.core.forms import asks, form


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Last name, first name", Kind.FULL_NAME),
        ("First & last name", Kind.FULL_NAME),
        ("Vaše jméno a příjmení", Kind.FULL_NAME),
        ("Inhaber Nachname", Kind.LAST_NAME),
        ("Login (e-mail)", Kind.EMAIL),
        ("Name / user name", Kind.LOGIN),
        ("Postcode search", Kind.POSTAL_CODE),
        ("Search city", Kind.SEARCH),
        ("This field is for validation purposes and should be left unchanged", Kind.HONEYPOT),
    ],
)
def test_two_things_in_one_label_are_read_together(label: str, kind: Kind) -> None:
    assert map_field(asks(label)).kind is kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [("userconfirm", Kind.UNKNOWN), ("dummy_email", Kind.HONEYPOT), ("search_name", Kind.SEARCH)],
)
def test_a_name_in_code_is_not_taken_for_a_word_that_it_only_holds(name: str, kind: Kind) -> None:
    assert map_field(asks(name=name)).kind is kind


def test_what_people_are_told_is_a_name_is_no_login() -> None:
    assert map_field(asks("Name", name="user[name]")).kind is Kind.NAME


def test_votre_nom_beside_prenom_is_the_family_name() -> None:
    found = map_alone(form(asks("Votre prénom"), asks("Votre nom"), asks("E-mail")))
    assert [each.kind for each in found] == [Kind.FIRST_NAME, Kind.LAST_NAME, Kind.EMAIL]
