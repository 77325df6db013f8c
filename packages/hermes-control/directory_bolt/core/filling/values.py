"""What a business answers to each kind of field, in the ways in which it can be written."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from directory_bolt.core.filling.hours import as_text, part_of
from directory_bolt.core.filling.phone import piece, ways_of
from directory_bolt.core.filling.texts import Way, fitted
from directory_bolt.core.forms.kinds import Kind
from directory_bolt.core.forms.page import Field
from directory_bolt.core.forms.places import country_code, country_name, state
from directory_bolt.core.mapping.choice import Chosen
from directory_bolt.core.mapping.form import Mapped
from directory_bolt.core.orders.profile import BusinessProfile

NUMBER_FIRST = re.compile(r"(?P<number>\d+\s?[a-zA-Z]?)[,\s]+(?P<street>\D.*)")
NUMBER_LAST = re.compile(r"(?P<street>.*\D)[,\s]+(?P<number>\d+\s?[a-zA-Z]?(?:[-/]\d+)?)")


@dataclass(frozen=True, slots=True)
class Values:
    """The answers of one business to one form.

    `kinds`: what the form asks for beside; `refused`: name of a field -> what was not taken there;
    `dialled`: the dialling code has a field of its own.
    """

    profile: BusinessProfile
    kinds: frozenset[Kind]
    refused: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    dialled: bool = False

    @property
    def country(self) -> str:
        """ISO code; "" where it is not known."""
        return country_code(self.profile.country)

    def hours_part(self, part: str) -> str:
        """ "07:00", "07:00-18:00" or "closed", of "monday opens" or "monday"; "" when not known."""
        return part_of(self.profile.hours, part)

    def ways(self, mapped: Mapped) -> list[Way]:
        """Ways to write the answer that were not refused, the best first; [] without an answer."""
        tried = self.refused.get(mapped.field.name, ())
        return [way for way in self._ways(mapped) if way.text not in tried]

    def demanded(self, asked: Field) -> bool:
        """Whether it must be filled in: the page says so, or has complained of it."""
        return asked.required or asked.name in self.refused

    def _ways(self, mapped: Mapped) -> list[Way]:
        if mapped.kind is Kind.PHONE:
            return self._phone(mapped)
        written = [text for text in _WRITTEN.get(mapped.kind, _none)(self, mapped) if text]
        return fitted(list(dict.fromkeys(written)), mapped.field)

    def _phone(self, mapped: Mapped) -> list[Way]:
        part, phone = mapped.mapping.part, self.profile.phone
        if " of " in part:
            found = piece(phone, self.country, part, mapped.field)
            return [Way(found)] if found else []
        ways = ways_of(phone, self.country, mapped.field, national=self.dialled)
        return fitted(ways, mapped.field)


def values_of(
    profile: BusinessProfile, chosen: Chosen, refused: Mapping[str, Sequence[str]] | None = None
) -> Values:
    """What this business answers to this form."""
    dialled = any(each.mapping.part == "country" for each in chosen.fields)
    return Values(profile, frozenset(chosen.kinds), refused or {}, dialled)


def _none(_values: Values, _mapped: Mapped) -> list[str]:
    return []


def _full_name(values: Values, _mapped: Mapped) -> list[str]:
    profile = values.profile
    return [" ".join(n for n in (profile.contact_first_name, profile.contact_last_name) if n)]


def _website(values: Values, _mapped: Mapped) -> list[str]:
    address = values.profile.website
    host = urlsplit(address).netloc
    other = address.replace("https://", "http://", 1)
    return [address, address.rstrip("/"), other, host]


def _street(values: Values, _mapped: Mapped) -> list[str]:
    """The whole address where the form has no field for the city."""
    profile = values.profile
    street, number = split_street(profile.street)
    if Kind.HOUSE_NUMBER in values.kinds and number:
        return [street]
    if {Kind.CITY, Kind.POSTAL_CODE} & values.kinds or not profile.city:
        return [profile.street]
    region = " ".join(part for part in (profile.state, profile.postal_code) if part)
    parts = (profile.street, profile.street_2, profile.city, region, profile.country)
    return [", ".join(part for part in parts if part)] if profile.street else []


def split_street(line: str) -> tuple[str, str]:
    """(street, number): "12 Mill Street" and "Mühlweg 12" alike; ("Mühlweg", "") without a number."""
    found = NUMBER_FIRST.fullmatch(line.strip()) or NUMBER_LAST.fullmatch(line.strip())
    return (found["street"].strip(" ,"), found["number"]) if found else (line, "")


def _house_number(values: Values, _mapped: Mapped) -> list[str]:
    return [split_street(values.profile.street)[1]]


def _state(values: Values, mapped: Mapped) -> list[str]:
    given = values.profile.state
    known = state(given, values.country)
    short = (mapped.field.max_length or 99) <= 3
    ways = [given, known[2], known[1]] if known else [given]
    return ways[::-1] if short else ways


def _country(values: Values, mapped: Mapped) -> list[str]:
    given, code = values.profile.country, values.country
    short = (mapped.field.max_length or 99) <= 3
    ways = [given, country_name(code), code]
    return ways[::-1] if short else ways


def _postal_code(values: Values, _mapped: Mapped) -> list[str]:
    code = values.profile.postal_code
    return [code, code.split("-")[0], "".join(c for c in code if c.isalnum())]


def _description(values: Values, mapped: Mapped) -> list[str]:
    long, short = values.profile.description, values.profile.short_description
    return [long or short, short]


def _short_description(values: Values, _mapped: Mapped) -> list[str]:
    long, short = values.profile.description, values.profile.short_description
    return [short or long]


def _hours(values: Values, mapped: Mapped) -> list[str]:
    part = mapped.mapping.part
    return [values.hours_part(part)] if part else [as_text(values.profile.hours)]


def _social(values: Values, mapped: Mapped) -> list[str]:
    social = values.profile.social
    part = mapped.mapping.part
    return [social.get(part, "") or (social.get("twitter", "") if part == "x" else "")]


def _keywords(values: Values, _mapped: Mapped) -> list[str]:
    return [", ".join(values.profile.keywords)]


def _plainly(name: str) -> Callable[[Values, Mapped], list[str]]:
    return lambda values, _mapped: [str(getattr(values.profile, name))]


_WRITTEN: dict[Kind, Callable[[Values, Mapped], list[str]]] = {
    Kind.BUSINESS_NAME: _plainly("business_name"),
    Kind.EMAIL: _plainly("email"),
    Kind.FIRST_NAME: _plainly("contact_first_name"),
    Kind.LAST_NAME: _plainly("contact_last_name"),
    Kind.FULL_NAME: _full_name,
    Kind.WEBSITE: _website,
    Kind.STREET: _street,
    Kind.HOUSE_NUMBER: _house_number,
    Kind.STREET_2: _plainly("street_2"),
    Kind.CITY: _plainly("city"),
    Kind.STATE: _state,
    Kind.POSTAL_CODE: _postal_code,
    Kind.COUNTRY: _country,
    Kind.CATEGORY: _plainly("category"),
    Kind.DESCRIPTION: _description,
    Kind.SHORT_DESCRIPTION: _short_description,
    Kind.HOURS: _hours,
    Kind.YEAR_FOUNDED: _plainly("year_founded"),
    Kind.KEYWORDS: _keywords,
    Kind.SOCIAL: _social,
}
