"""What Google knows about the site, beside our own figures and never instead of them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from hermes_fleet import providers
from hermes_fleet.core_web_vitals import crux, psi
from hermes_worker import WorkerError

Look = Callable[[str, str, str], Awaitable[dict[str, Any]]]
"""Asks with the base URL in the secret (empty for Google's own), its key, and the address of the site."""


async def outside(site: str, home: str) -> dict[str, Any]:
    """`field` (Chrome UX Report) and `page_speed_insights`: figures, or why there are none.

    `requests` is how many questions were asked.
    """
    field, page_speed = await asyncio.gather(
        _one(crux.SECRET, crux.WHAT, crux.field_data, site, home),
        _one(psi.SECRET, psi.WHAT, psi.page_speed, site, home),
    )
    asked = sum("provenance" in part for part in (field, page_speed))
    return {
        "field": {"env": "field", **field},
        "page_speed_insights": page_speed,
        "requests": asked,
    }


async def _one(secret: str, what: str, look: Look, site: str, home: str) -> dict[str, Any]:
    try:
        credential = providers.credential(secret, site)
    except WorkerError as error:
        return {"missing": {"reason": error.code, "message": error.message}}
    if credential is None:
        gap = providers.missing(secret, what)
        return {"missing": {"reason": gap.reason, "message": gap.message}}
    try:
        key = credential.require("key", "api_key")
    except WorkerError as error:
        return {"missing": {"reason": error.code, "message": error.message}}
    try:
        found = await look(credential.base_url, key, home)
    except WorkerError as error:
        missing = {"reason": error.code, "message": error.message}
        return {"provenance": credential.provenance, "missing": missing}
    return {"provenance": credential.provenance, **found}
