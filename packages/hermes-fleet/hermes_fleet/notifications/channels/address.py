"""Addresses: of web services in a channel's secret, and of people."""

import re
from contextlib import suppress

from yarl import URL

from hermes_worker import WorkerError

EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")


def email_address(text: str) -> str:
    """One email address. Raises ValueError, which says what to enter."""
    text = text.strip()
    if not EMAIL.fullmatch(text) or len(text) > 254 or not text.isprintable():
        raise ValueError("must be one email address, for example team@example.com")
    return text


def address_in(secret_name: str, text: str, field: str = "url") -> URL:
    """A plain http(s) address from a secret; WorkerError `missing_config` without repeating it."""
    with suppress(ValueError):
        url = URL(text)
        if url.scheme in ("http", "https") and url.host:
            return url
    message = f"The field {field} of {secret_name} is not an http(s) address."
    raise WorkerError("missing_config", message)
