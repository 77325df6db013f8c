"""The business that is to be listed, as the customer gave it."""

import hashlib
import json
import unicodedata
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field

Line = Annotated[str, Field(max_length=200)]


def _web_address(text: str) -> str:
    text = text.strip()
    if text and "://" not in text:
        text = f"https://{text}"
    if text and (urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).hostname):
        raise ValueError("must be a web address, such as https://www.example.com")
    return text


class BusinessProfile(BaseModel):
    """What forms of directories ask for. Only name and email are required; "" is not given."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    business_name: Annotated[str, Field(min_length=1, max_length=200)]
    email: EmailStr
    contact_first_name: Line = ""
    contact_last_name: Line = ""
    phone: Line = ""
    website: Annotated[str, Field(max_length=500), AfterValidator(_web_address)] = ""
    street: Line = ""
    street_2: Line = ""
    city: Line = ""
    state: Line = ""
    postal_code: Line = ""
    country: Line = ""
    category: Line = ""
    description: Annotated[str, Field(max_length=5000)] = ""
    short_description: Annotated[str, Field(max_length=300)] = ""
    hours: dict[str, str] = Field(default_factory=dict, max_length=7)
    """Day in English, small letters -> "09:00-17:00" or "closed"."""
    year_founded: Annotated[str, Field(max_length=4)] = ""
    keywords: list[str] = Field(default_factory=list, max_length=20)
    social: dict[str, str] = Field(default_factory=dict, max_length=10)
    """Network (facebook, instagram, linkedin, x, youtube) -> address."""


def lacking_of(profile: BusinessProfile) -> tuple[str, ...]:
    """The fields without which hardly any directory can be submitted to, of those that are not given."""
    return tuple(name for name in ("phone", "city") if not getattr(profile, name))


def identity_of(profile: BusinessProfile) -> str:
    """SHA-256 over what makes it this business: name, e-mail and the site's host, however spelt."""
    host = (urlsplit(profile.website).hostname or "").removeprefix("www.")
    return digest([_plain(profile.business_name), profile.email.lower(), host])


def idempotency_key(identity: str, directory_id: str, job_id: str, revision: int = 0) -> str:
    """SHA-256 of one submission: the same business, directory, order and revision give the same key."""
    return digest({"business": identity, "directory": directory_id, "job": job_id, "n": revision})


def digest(value: Any) -> str:
    """SHA-256 in hex over canonical JSON: no two different values run together."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(text: str) -> str:
    """Case, accents, punctuation and spacing do not make another business."""
    bare = unicodedata.normalize("NFKD", text).casefold()
    return " ".join(
        "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c)).split()
    )
