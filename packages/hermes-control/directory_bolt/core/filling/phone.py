"""A phone number in the ways in which forms want it."""

import re

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

from directory_bolt.core.forms.page import Field
from directory_bolt.core.forms.words import plain

NANP = 1
DASHED = re.compile(r"\d{3}-\d{3}-\d{4}|[xX#]{3}-[xX#]{3}-[xX#]{4}")
BRACKETS = re.compile(r"\(\d{3}\)|\([xX#]{3}\)")
DIGITS_ONLY = re.compile(
    r"digits only|only digits|numbers only|without spaces|no spaces|nur (mit |aus )?ziffern|chiffres (uniquement|seulement)"
    r"|solo (numeros|digitos|cifras|numeri|cifre)|alleen cijfers|(somente|apenas) (numeros|algarismos)"
)


def parse(phone: str, country: str) -> PhoneNumber | None:
    """The number; `country` is the ISO code for numbers without one of their own."""
    try:
        return phonenumbers.parse(phone, country or None)
    except phonenumbers.NumberParseException:
        return None


def ways_of(phone: str, country: str, field: Field, *, national: bool = False) -> list[str]:
    """Ways to write it, the one that the field hints at first; as it was given when it is no number."""
    number = parse(phone, country)
    if number is None:
        return [phone] if phone else []
    domestic = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    digits = re.sub(r"\D", "", domestic)
    ways = {
        "international": phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
        "national": domestic,
        "dashed": dashed(digits) if number.country_code == NANP else "",
        "digits": digits,
        "e164": phonenumbers.format_number(number, PhoneNumberFormat.E164),
        "all_digits": f"{number.country_code}{phonenumbers.national_significant_number(number)}",
    }
    first = "national" if national else _hinted(field)
    return list(dict.fromkeys(way for way in (ways[first], *ways.values()) if way))


def _hinted(field: Field) -> str:
    hints = f"{field.placeholder} {field.hint} {field.label} {field.after} {field.complaint} {field.title}"
    if DIGITS_ONLY.search(plain(hints)) or field.type == "number":
        return "digits"
    if DASHED.search(hints):
        return "dashed"
    if BRACKETS.search(hints):
        return "national"
    return "e164" if re.search(r"\+\d{6,}", hints) else "international"


def dashed(digits: str) -> str:
    """ "2125550142" -> "212-555-0142"; "" for other lengths."""
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}" if len(digits) == 10 else ""


def piece(phone: str, country: str, part: str, field: Field) -> str:
    """One piece of several ("2 of 3"): area, exchange and line in North America; "" elsewhere.

    Of two pieces the first is the dialling code.
    """
    number = parse(phone, country)
    at, _, count = part.partition(" of ")
    if number is None:
        return ""
    digits = phonenumbers.national_significant_number(number)
    if count == "3" and number.country_code == NANP and len(digits) == 10:
        return (digits[:3], digits[3:6], digits[6:])[int(at) - 1]
    if count == "2" and (field.max_length or 5) <= 5:
        return (f"+{number.country_code}", digits)[int(at) - 1]
    return ""


def country_calling_code(phone: str, country: str) -> str:
    """ "1", "49" ...; "" when the number is not one."""
    number = parse(phone, country)
    return str(number.country_code) if number else ""
