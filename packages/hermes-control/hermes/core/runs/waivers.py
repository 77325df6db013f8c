"""Waivers: an expected output that somebody answers for while it is missing, until a day that is set.

A waiver counts when a run is judged, and the run keeps it: a verdict can always be worked out again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver. `site_id` None: for all sites."""

    id: UUID
    service_slug: str
    output_slug: str
    site_id: UUID | None
    owner: str
    reason: str
    expires_at: datetime


def meant_for(waivers: Iterable[Waiver], service: str, site_id: UUID) -> tuple[Waiver, ...]:
    """Those that concern a service of a site."""
    return tuple(w for w in waivers if w.service_slug == service and w.site_id in (None, site_id))


def in_force(waivers: Collection[Waiver], now: datetime) -> dict[str, Waiver]:
    """By output slug. One for this site goes before one for all, a later end before an earlier one."""
    if not waivers:
        return {}
    order = sorted(waivers, key=lambda w: (w.site_id is not None, w.expires_at))
    return {w.output_slug: w for w in order if w.expires_at > now}


def applied(
    waived: Mapping[str, Waiver], expected: Sequence[str], actual: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """What a run keeps: of each output that did not arrive and was waived, by whom, until when, why."""
    absent = [slug for slug in expected if slug not in actual]
    return {slug: _recorded(waived[slug]) for slug in absent if slug in waived}


def _recorded(waiver: Waiver) -> dict[str, Any]:
    return {
        "waiverId": str(waiver.id),
        "by": waiver.owner,
        "until": waiver.expires_at.isoformat(),
        "reason": waiver.reason,
    }
