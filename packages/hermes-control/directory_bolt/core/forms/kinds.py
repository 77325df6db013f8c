"""What fields of directories ask for, and what decided that a field asks for it."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The closed list of what a form's field can ask of a business."""

    BUSINESS_NAME = "business_name"
    NAME = "name"  # whose name it is depends on the rest of the form
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    FULL_NAME = "full_name"
    EMAIL = "email"
    PHONE = "phone"
    WEBSITE = "website"
    STREET = "street"
    HOUSE_NUMBER = "house_number"
    STREET_2 = "street_2"
    CITY = "city"
    STATE = "state"
    POSTAL_CODE = "postal_code"
    COUNTRY = "country"
    CATEGORY = "category"
    DESCRIPTION = "description"
    SHORT_DESCRIPTION = "short_description"
    HOURS = "hours"
    YEAR_FOUNDED = "year_founded"
    KEYWORDS = "keywords"
    SOCIAL = "social"
    LOGO = "logo"
    PLAN = "plan"
    TERMS = "terms"
    NEWSLETTER = "newsletter"
    CAPTCHA = "captcha"
    HONEYPOT = "honeypot"
    SEARCH = "search"
    LOGIN = "login"
    CODE = "code"  # sent by SMS or e-mail
    PAYMENT = "payment"
    MESSAGE = "message"
    OTHER = "other"  # recognised, and nothing that an order holds: fax, birthday, coupon ...
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that spoke for a kind: where it stood, and the words (or the rule) that matched."""

    source: str
    words: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a field asks for, how sure that is (0-1), and why.

    `part`: of SOCIAL the network, of HOURS day and end ("monday opens"), of PHONE the position
    among its pieces ("1 of 3").
    """

    kind: Kind
    confidence: float
    signals: tuple[Signal, ...] = ()
    part: str = ""
