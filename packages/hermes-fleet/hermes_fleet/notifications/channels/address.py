"""Addresses that stand in a channel's secret."""

from contextlib import suppress

from yarl import URL

from hermes_worker import WorkerError


def address_in(secret_name: str, text: str, field: str = "url") -> URL:
    """A plain http(s) address from a secret; WorkerError `missing_config` without repeating it."""
    with suppress(ValueError):
        url = URL(text)
        if url.scheme in ("http", "https") and url.host:
            return url
    said = f"The field {field} of {secret_name} is no http(s) address."
    raise WorkerError("missing_config", said)
