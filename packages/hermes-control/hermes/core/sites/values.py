"""The rules of single settings: text as people type it in, the value as it is stored out."""

import re
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from pydantic_core import PydanticCustomError

from hermes.core.sites.addresses import base_address, refused

EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s.<>,;\"]{2,}")
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}")
LABELS = {
    "keywords": "tracked keywords",
    "competitors": "competitors",
    "gsc_site": "Search Console property",
    "ga4_property": "GA4 property",
    "ads_customer": "Google Ads customer ID",
    "repository": "Git repository",
    "notify_to": "address for alerts",
    "pages": "important pages",
}
MOST_LINES = 200
LONGEST_KEYWORD = 100
WHERE = "In Google Analytics open Admin > Property details: the property id there is a number."


def labels_of(names: Sequence[str]) -> str:
    """Settings as people call them: `Search Console property and GA4 property`."""
    return " and ".join(LABELS.get(name, name) for name in names)


def keyword(text: str) -> str:
    """A search term, its blanks made single."""
    text = " ".join(text.split())
    if len(text) > LONGEST_KEYWORD:
        raise refused(f"has more than {LONGEST_KEYWORD} characters; enter one search term a line")
    return text


def gsc_site(text: str) -> str:
    """A property as Search Console names it: a domain, or an address with a slash at its end."""
    text = text.strip()
    kind, _, domain = text.lower().partition(":")
    if kind == "sc-domain" and DOMAIN.fullmatch(domain):
        return f"sc-domain:{domain}"
    if text.startswith(("https://", "http://")):
        return f"{base_address(text)}/"
    if text:
        raise refused(
            "must be the property name from Search Console: sc-domain:example.com for a domain,"
            " https://www.example.com/ for a URL prefix"
        )
    return ""


def ga4_property(text: str) -> str:
    """The digits of a Google Analytics 4 property; ids of other things are told apart."""
    text = text.strip().removeprefix("properties/")
    if text.upper().startswith("G-"):
        raise refused(f"is the measurement ID of a web stream, not the property ID. {WHERE}")
    if text.upper().startswith("UA-"):
        raise refused(f"is a Universal Analytics ID, which Google no longer supports. {WHERE}")
    if text and not re.fullmatch(r"[0-9]{1,20}", text):
        raise refused(f"must contain digits only; for example 123456789. {WHERE}")
    return text


def ads_customer(text: str) -> str:
    """A customer ID of Google Ads, hyphened as Google shows it."""
    digits = re.sub(r"[\s-]", "", text)
    if digits and not re.fullmatch(r"[0-9]{10}", digits):
        raise refused(
            "must be ten digits, for example 123-456-7890; Google Ads shows it at the top right"
        )
    return "-".join(filter(None, (digits[:3], digits[3:6], digits[6:])))


def repository(text: str) -> str:
    """The address of a repository at a Git host, as its page has it, without `.git`."""
    text = text.strip().rstrip("/").removesuffix(".git")
    parts = urlsplit(text)
    path = [part for part in parts.path.split("/") if part]
    wrong = parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or len(path) < 2
    if text and (wrong or parts.query or parts.fragment):
        raise refused("must be the address of its page, for example https://github.com/owner/name")
    return text


def notify_to(text: str) -> str:
    """One email address."""
    text = text.strip()
    if text and not (EMAIL.fullmatch(text) and len(text) <= 254):
        raise refused("must be one email address, for example team@example.com")
    return text


def each(check: Callable[[str], str]) -> Callable[[Sequence[str]], list[str]]:
    """Every line checked, blank and repeated ones left out; a fault names its line."""

    def checked(lines: Sequence[str]) -> list[str]:
        found: dict[str, str] = {}
        for number, line in enumerate(lines, 1):
            if line.strip():
                value = _line(number, line.strip(), check)
                found.setdefault(value.casefold(), value)
        if len(found) > MOST_LINES:
            raise refused(f"has {len(found)} lines; at most {MOST_LINES} are allowed")
        return list(found.values())

    return checked


def _line(number: int, line: str, check: Callable[[str], str]) -> str:
    try:
        return check(line)
    except PydanticCustomError as fault:
        raise refused(f"line {number}, {line[:60]!r}: {fault.message()}") from None
