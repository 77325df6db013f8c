"""Names and codes of countries and states, as forms and people write them.

Names of countries are CLDR's, by Babel; what it does not know, and the states, stand in places.toml.
"""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, cast

from babel import Locale
from pydantic import StringConstraints

from directory_bolt.core.forms.words import words_of
from hermes_base.data_files import Data, Entries, Entry, load

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166 alpha-2."""


class Places(Data):
    """places.toml: `countries` and `written` are names by code, `states` are names by country and code."""

    not_countries: Entries
    countries: dict[Code, Entries]
    written: dict[Code, Entry]
    states: dict[Code, dict[Entry, Entry]]


@cache
def _places() -> Places:
    return load(__name__, "places.toml", Places)


@cache
def _territories(language: str) -> Mapping[str, str]:
    """Code -> name, of countries only. Babel reads a language when it is first asked for (1 to 3 MB)."""
    others = _places().not_countries
    names = cast("Mapping[str, str]", Locale(language).territories)
    return {c: n for c, n in names.items() if len(c) == 2 and c.isalpha() and c not in others}


@cache
def _countries() -> dict[str, str]:
    """Plain name in any of the languages, and small code -> code. What our own file says comes first."""
    places = _places()
    listed = {_key(name): code for code, names in places.countries.items() for name in names}
    codes = {code.lower(): code for code in (*_territories("en"), *places.written)}
    found = {**listed, **codes}
    for code, name in places.written.items():
        found.setdefault(_key(name), code)
    for language in LANGUAGES:
        for code, name in _territories(language).items():
            found.setdefault(_key(name), code)
    return found


def _key(text: str) -> str:
    return " ".join(words_of(text))


def country_name(code: str) -> str:
    """The country's English name, as directories write it; "" for no code of a country."""
    return _places().written.get(code) or _territories("en").get(code, "")


def country_code(text: str) -> str:
    """ISO 3166 alpha-2 code of a country's name or code; "" when it is none."""
    return _countries().get(_key(text), "")


@cache
def _states() -> dict[str, tuple[tuple[str, str, str], ...]]:
    """Plain name or code -> (country, code, name), of every state that is called so."""
    found = dict[str, tuple[tuple[str, str, str], ...]]()
    for country, states in _places().states.items():
        for code, name in states.items():
            for key in {code.lower(), _key(name)}:
                found[key] = (*found.get(key, ()), (country, code, name))
    return found


def state(text: str, country: str = "") -> tuple[str, str, str] | None:
    """(country, code, name) of a state; of the country given (its ISO code), where it is known."""
    found = _states().get(_key(text), ())
    ours = [entry for entry in found if entry[0] == country]
    return next(iter(ours or (() if country else found)), None)
