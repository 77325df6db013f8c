"""Whether a page is the listing of a business, told by its name and by what else stands there."""

import re

from phonenumbers import PhoneNumberMatcher

from directory_bolt.core.forms.page import Frame
from directory_bolt.core.forms.places import country_code
from directory_bolt.core.forms.words import plain
from directory_bolt.core.orders.profile import BusinessProfile

EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
SAME_DIGITS = 7


def links_to(page: Frame, profile: BusinessProfile) -> list[str]:
    """Links that carry exactly the name of the business, each once."""
    name = _bare(profile.business_name)
    return list(dict.fromkeys(link.url for link in page.links if _bare(link.text) == name))


def is_listing_of(page: Frame, profile: BusinessProfile) -> bool:
    """Headed by the name; and something else of the business, or nothing of another one, beside it."""
    if _bare(profile.business_name) not in map(_bare, page.headings):
        return False
    text = _bare(page.text)
    own = (profile.website, profile.email, profile.street, profile.description)
    if any(_bare(fact) in text for fact in own if fact) or _same_phone(page.text, profile):
        return True
    return not _phones(page.text, profile) and not EMAIL.search(page.text)


def _same_phone(text: str, profile: BusinessProfile) -> bool:
    ours = re.sub(r"\D", "", profile.phone)[-SAME_DIGITS:]
    return bool(ours) and any(found.endswith(ours) for found in _phones(text, profile))


def _phones(text: str, profile: BusinessProfile) -> list[str]:
    country = country_code(profile.country) or None
    return [re.sub(r"\D", "", match.raw_string) for match in PhoneNumberMatcher(text, country)]


def _bare(text: str) -> str:
    return " ".join(plain(text).split()).rstrip("/")
