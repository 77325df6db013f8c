"""The names of properties as people enter them in a site's settings."""

from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from hermes_worker import WorkerError

GSC_FIX = (
    "Enter the property's name as Search Console shows it: sc-domain:example.com for a domain"
    " property, https://www.example.com/ for a URL prefix."
)
GA4_FIX = "Enter the property's number, for example 123456789, from GA4 > Admin > Property details."


class Settings(BaseModel):
    """What a site's settings may say; anything may be absent."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    gsc_site: Any = None
    ga4_property: Any = None
    competitors: Any = None


def search_property(given: Any) -> str:
    """The exact name of a Search Console property; WorkerError `missing_config` says what to enter."""
    text = given.strip() if isinstance(given, str) else ""
    if not text:
        message = "is not set" if given in (None, "") else "is not text"
        raise WorkerError(
            "missing_config", f"The Search Console property (gsc_site) {message}. {GSC_FIX}"
        )
    if text.lower().startswith("sc-domain:"):
        name = text.partition(":")[2].strip().lower()
        usable = "." in name and not set("/:@ ") & set(name)
    else:
        name, usable = text, _is_prefix(text)
    if not usable:
        raise WorkerError(
            "missing_config", f"The Search Console property (gsc_site) is {text[:80]!r}. {GSC_FIX}"
        )
    return f"sc-domain:{name}" if name is not text else _with_path(text)


def _is_prefix(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in text
    except ValueError:
        return False


def _with_path(text: str) -> str:
    """A prefix ends with a slash at least after the host; the host is in small letters."""
    parts = urlsplit(text)
    return parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/").geturl()


def analytics_property(given: Any) -> str:
    """The digits of a GA4 property; WorkerError `missing_config` for UA- and G- names and the rest."""
    text = "" if given is None or isinstance(given, bool) else str(given).strip()
    if not text:
        raise WorkerError(
            "missing_config", f"The GA4 property (ga4_property) is not set. {GA4_FIX}"
        )
    digits = text.removeprefix("properties/")
    if digits.isascii() and digits.isdigit():
        return digits
    kind = {"UA": "an old Universal Analytics ID", "G": "a measurement ID"}
    what = kind.get(text.upper().partition("-")[0], "not a property number")
    message = f"The GA4 property (ga4_property) is {text[:40]!r}, which is {what}. {GA4_FIX}"
    raise WorkerError("missing_config", message)
