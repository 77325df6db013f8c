"""Names and codes of countries and states, as forms and people write them."""

from functools import cache

from phonenumbers.geodata.locale import LOCALE_DATA

from directory_bolt.core.forms.words import words_of

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")
ALSO = {
    "usa": "US",
    "u s a": "US",
    "u s": "US",
    "united states of america": "US",
    "america": "US",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "deutschland de": "DE",
    "usa vereinigte staaten": "US",
    "the netherlands": "NL",
    "holland": "NL",
    "czechia": "CZ",
    "russian federation": "RU",
    "korea republic of": "KR",
    "deu": "DE",
    "gbr": "GB",
    "fra": "FR",
    "esp": "ES",
    "ita": "IT",
    "nld": "NL",
    "prt": "PT",
    "aut": "AT",
    "che": "CH",
    "can": "CA",
    "aus": "AU",
}
"""Further names, and ISO 3166 alpha-3 codes of the countries most often met."""

STATES = {
    "US": "AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware"
    "|DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas"
    "|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi"
    "|MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York"
    "|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|PR Puerto Rico"
    "|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia"
    "|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming",
    "CA": "AB Alberta|BC British Columbia|MB Manitoba|NB New Brunswick|NL Newfoundland and Labrador"
    "|NT Northwest Territories|NS Nova Scotia|NU Nunavut|ON Ontario|PE Prince Edward Island|QC Quebec"
    "|SK Saskatchewan|YT Yukon",
    "AU": "ACT Australian Capital Territory|NSW New South Wales|NT Northern Territory|QLD Queensland"
    "|SA South Australia|TAS Tasmania|VIC Victoria|WA Western Australia",
    "DE": "BW Baden-Württemberg|BY Bayern|BE Berlin|BB Brandenburg|HB Bremen|HH Hamburg|HE Hessen"
    "|MV Mecklenburg-Vorpommern|NI Niedersachsen|NW Nordrhein-Westfalen|RP Rheinland-Pfalz|SL Saarland"
    "|SN Sachsen|ST Sachsen-Anhalt|SH Schleswig-Holstein|TH Thüringen",
}  # fmt: skip


@cache
def _countries() -> dict[str, str]:
    """Plain name in any of the languages, and code -> ISO 3166 alpha-2 code."""
    found = dict(ALSO)
    for code in LOCALE_DATA:
        found[code.lower()] = code
        for language in LANGUAGES:
            if name := country_name(code, language):
                found.setdefault(" ".join(words_of(name)), code)
    return found


def country_name(code: str, language: str = "en") -> str:
    """The country's name; "" where it is not known in this language."""
    names = LOCALE_DATA.get(code, {})
    name = names.get(language, "")
    while name.startswith("*"):  # "as in that language"
        name = names.get(name[1:], "")
    return name


def country_code(text: str) -> str:
    """ISO 3166 alpha-2 code of a country's name or code; "" when it is none."""
    return _countries().get(" ".join(words_of(text)), "")


@cache
def _states() -> dict[str, tuple[tuple[str, str, str], ...]]:
    """Plain name or code -> (country, code, name), of every state that is called so."""
    found = dict[str, tuple[tuple[str, str, str], ...]]()
    for country, line in STATES.items():
        for entry in line.split("|"):
            code, _, name = entry.partition(" ")
            for key in {code.lower(), " ".join(words_of(name))}:
                found[key] = (*found.get(key, ()), (country, code, name))
    return found


def state(text: str, country: str = "") -> tuple[str, str, str] | None:
    """(country, code, name) of a state; of the country given, where it is known."""
    found = _states().get(" ".join(words_of(text)), ())
    ours = [entry for entry in found if entry[0] == country]
    return next(iter(ours or (() if country else found)), None)
