"""States and countries with their codes, as directories offer them."""

STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia",
    "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois",
    "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York",
    "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon",
    "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
    "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia",
    "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip
COUNTRIES = {
    "AU": ("Australia",),
    "AT": ("Austria", "Österreich"),
    "BE": ("Belgium",),
    "BR": ("Brazil",),
    "CA": ("Canada",),
    "FR": ("France",),
    "DE": ("Germany", "Deutschland"),
    "IN": ("India",),
    "IE": ("Ireland",),
    "IT": ("Italy",),
    "MX": ("Mexico",),
    "NL": ("Netherlands",),
    "NZ": ("New Zealand",),
    "PT": ("Portugal",),
    "ES": ("Spain",),
    "CH": ("Switzerland",),
    "GB": ("United Kingdom", "UK", "Great Britain"),
    "US": ("United States", "USA", "United States of America"),
}
"""Code -> the name on the pages, then other names."""


def state_code(text: str) -> str:
    """The code of a state given by code or name; "" when it is none of them."""
    plain = text.strip().casefold()
    names = ((code, name.casefold()) for code, name in STATES.items())
    return next((code for code, name in names if plain in (code.casefold(), name)), "")


def country_code(text: str) -> str:
    """The code of a country given by code or any of its names; "" when it is none of them."""
    plain = text.strip().casefold().replace(".", "")
    for code, names in COUNTRIES.items():
        if plain == code.casefold() or plain in (name.casefold() for name in names):
            return code
    return ""
