"""What single fields ask for, by every signal that a page gives."""

from typing import Any

import pytest

from directory_bolt.core.forms.kinds import Kind
from directory_bolt.core.forms.page import Field
from directory_bolt.core.mapping.field import CERTAIN, map_field
from directory_bolt.core.mapping.labels import read_name, read_text
from tests.directory_bolt.core.forms import asks, select

LABELS = {
    Kind.BUSINESS_NAME: (
        "Business name", "Company", "Firmenname", "Name des Unternehmens", "Raison sociale",
        "Nom de l'entreprise", "Nombre de la empresa", "Ragione sociale", "Bedrijfsnaam", "Nome da empresa",
    ),
    Kind.EMAIL: (
        "E-mail", "Your Email Address", "E-Mail-Adresse", "Adresse e-mail", "Courriel", "Correo electrónico",
        "Posta elettronica", "E-mailadres", "Endereço de e-mail", "Confirm Email Address",
    ),
    Kind.PHONE: (
        "Phone", "Telephone number", "Telefonnummer", "Numéro de téléphone", "Teléfono", "Telefono",
        "Telefoonnummer", "Telefone", "Phone number for customers",
    ),
    Kind.WEBSITE: (
        "Website", "Company website", "Internetadresse", "Site web", "Página web", "Sito internet",
        "Webadres", "Homepage URL",
    ),
    Kind.STREET: ("Street address", "Address line 1", "Straße und Hausnummer", "Adresse", "Dirección", "Indirizzo", "Straat en huisnummer", "Morada"),
    Kind.STREET_2: ("Address line 2", "Suite", "Adresszusatz", "Complément d'adresse"),
    Kind.CITY: ("City", "Town / City", "Ort", "Ville", "Ciudad", "Città", "Plaats", "Cidade"),
    Kind.STATE: ("State", "State / Province", "Bundesland", "Provincia", "Provincie", "Estado"),
    Kind.POSTAL_CODE: ("ZIP code", "Postcode", "PLZ", "Code postal", "Código postal", "CAP", "CEP"),
    Kind.COUNTRY: ("Country", "Country / Region", "Land", "Pays", "País", "Paese"),
    Kind.FIRST_NAME: ("First name", "Vorname", "Prénom", "Voornaam"),
    Kind.LAST_NAME: ("Last name", "Surname", "Nachname", "Nom de famille", "Apellidos", "Cognome", "Achternaam"),
    Kind.FULL_NAME: ("Contact person", "Your name", "Ansprechpartner", "Persona de contacto"),
    Kind.CATEGORY: ("Category", "Type of business", "Branche", "Secteur d'activité", "Rubro", "Settore"),
    Kind.SHORT_DESCRIPTION: ("Short description", "Tagline", "Kurzbeschreibung"),
    Kind.DESCRIPTION: ("Description", "About your company", "Beschreibung", "Descripción de la empresa"),
    Kind.HOURS: ("Opening hours", "Öffnungszeiten", "Horaires d'ouverture"),
    Kind.YEAR_FOUNDED: ("Year founded", "Gründungsjahr", "Año de fundación"),
    Kind.KEYWORDS: ("Keywords", "Schlagworte", "Mots-clés"),
    Kind.SOCIAL: ("Facebook page", "Instagram profile", "LinkedIn"),
    Kind.CAPTCHA: ("Type the characters you see", "What is three plus four?", "Wie viel ist 3 + 4?", "7 + 2 ="),
    Kind.HONEYPOT: ("Leave this field empty", "Bitte nicht ausfüllen", "Laissez ce champ vide"),
    Kind.LOGIN: ("Username", "Benutzername", "Username or e-mail"),
    Kind.OTHER: ("Fax", "Date of birth", "Anrede"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "label"), [(k, each) for k, all_of in LABELS.items() for each in all_of]
)
def test_a_label_says_what_a_field_asks_for_in_every_language(kind: Kind, label: str) -> None:
    found = map_field(asks(label))
    assert (found.kind, found.confidence >= CERTAIN) == (kind, True)


@pytest.mark.parametrize(
    "label",
    ["Membership number", "Mitgliedsnummer der Innung", "Chamber registration no.", "Box 7"],
)
def test_what_is_not_known_stays_unknown(label: str) -> None:
    found = map_field(asks(label, name="field_9"))
    assert found.kind is Kind.UNKNOWN or found.confidence < CERTAIN


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"autocomplete": "section-a address-level2", "label": "Line 6"}, Kind.CITY),
        ({"autocomplete": "organization", "label": "Address line 1"}, Kind.BUSINESS_NAME),
        ({"type": "email"}, Kind.EMAIL),
        ({"type": "tel", "name": "field_3"}, Kind.PHONE),
        ({"name": "txtZipCode"}, Kind.POSTAL_CODE),
        ({"name": "ctl00$Main$Portal$CompanyName"}, Kind.BUSINESS_NAME),
        ({"name": "usercity"}, Kind.CITY),
        ({"placeholder": "Your city *"}, Kind.CITY),
        ({"cell": "Company name *", "name": "field_1"}, Kind.BUSINESS_NAME),
        ({"column": "Web address", "name": "field_2"}, Kind.WEBSITE),
        ({"before": "Street address"}, Kind.STREET),
        ({"name": "billing_address_2"}, Kind.STREET_2),
    ],
)
def test_every_signal_alone_can_decide(given: dict[str, Any], kind: Kind) -> None:
    found = map_field(asks(**given))
    assert (found.kind, found.confidence >= CERTAIN) == (kind, True)


def test_the_signals_that_decided_are_told() -> None:
    found = map_field(asks("E-mail", type="email", name="contact_email"))
    assert [(s.source, s.words) for s in found.signals] == [
        ("type", "email"), ("label", "e mail"), ("name", "contact email"),
    ]  # fmt: skip


def test_the_words_for_people_overrule_a_name_in_code() -> None:
    found = map_field(asks("City", name="subject"))
    assert found.kind is Kind.CITY
    assert found.confidence < map_field(asks("City", name="city")).confidence


def test_what_people_do_not_see_is_a_honeypot_whatever_it_is_called() -> None:
    for why in ("not displayed", "outside of the page", "transparent", "out of the tab order"):
        found = map_field(asks("E-mail", type="email", name="email", hidden=why))
        assert (found.kind, found.signals[0].words) == (Kind.HONEYPOT, why)


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("I accept the terms of this directory", Kind.TERMS),
        ("Ich stimme den AGB zu", Kind.TERMS),
        ("Send me the newsletter", Kind.NEWSLETTER),
        ("Yes, I would like to receive offers by e-mail", Kind.NEWSLETTER),
        ("I agree to the terms and to receive the newsletter", Kind.NEWSLETTER),
        ("Je souhaite recevoir la lettre d'information", Kind.NEWSLETTER),
        ("I'm not a robot", Kind.CAPTCHA),
        ("Open on holidays", Kind.OTHER),
    ],
)
def test_a_tick_is_read_carefully(label: str, kind: Kind) -> None:
    assert map_field(asks(label, type="checkbox", name="opt")).kind is kind


def test_options_tell_countries_states_and_times() -> None:
    states = ("OR=Oregon", "WA=Washington", "CA=California", "NV=Nevada", "IL=Illinois")
    lands = ("Deutschland", "Frankreich", "Österreich", "Schweiz", "Italien")
    assert map_field(select("", *states)).kind is Kind.STATE
    assert map_field(select("", *lands)).kind is Kind.COUNTRY
    assert map_field(select("", "09:00", "09:30", "10:00", "10:30")).kind is Kind.HOURS
    assert map_field(select("", "1", "2", "3", "4", "5")).kind is Kind.UNKNOWN


def test_a_control_is_not_read_as_what_it_cannot_be() -> None:
    assert map_field(select("E-mail", "daily", "weekly", "never", "now")).kind is not Kind.EMAIL
    assert (
        map_field(Field(key="1", tag="textarea", type="textarea", label="City")).kind
        is not Kind.CITY
    )


def test_the_head_of_a_phrase_decides() -> None:
    for text, kind in (
        ("company website", Kind.WEBSITE),
        ("e-mail de la empresa", Kind.EMAIL),
        ("business phone", Kind.PHONE),
        ("address of the website", Kind.STREET),
    ):
        found = read_text(text)
        assert found is not None, text
        assert found.kind is kind, text


def test_other_words_make_a_reading_weaker() -> None:
    plain, wordy = read_text("Phone"), read_text("Phone where our night porter answers gladly")
    assert plain is not None
    assert wordy is not None
    assert wordy.strength < plain.strength == 1.0


def test_a_word_within_a_word_counts_less() -> None:
    whole, part = read_name("user_email"), read_name("useremailx7")
    assert whole is not None
    assert part is None or part.strength < whole.strength
