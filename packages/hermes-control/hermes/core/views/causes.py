"""What needs somebody, one row a cause: why services fail, and what those lack that cannot be tested."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from hermes.core.catalog import Catalog, Service
from hermes.core.runs.causes import settings_cause
from hermes.core.sites.site import Site
from hermes.core.sites.values import labels_of
from hermes.core.views.standings import Wanting
from hermes_base.reasons import Reason
from hermes_base.view import Row

NAMED = 3
"""Services that a cause names; the others are counted."""
LONGEST = 200
"""Characters of a message that a row shows."""
CauseState = Literal["failed", "partial", "config"]


@dataclass(frozen=True, slots=True)
class CauseRow:
    """One thing that needs somebody: what and why, since when, and who is on it.

    `site` is None for what concerns all sites; nobody can take that.
    """

    key: str
    state: CauseState
    site: Site | None
    title: str
    text: str
    link: str
    services: int
    since: datetime | None = None
    person: str | None = None
    taken_at: datetime | None = None


def failing_cause(row: Row, site: Site, catalog: Catalog) -> CauseRow:
    """From a row of `storage.runs.standings.causes`."""
    names = _names(row["slugs"], catalog)
    label = Reason(row["reason"]).label
    base = f"/sites/{site.id}"
    state: CauseState = "failed" if row["failed"] else "partial"
    if len(names) > 1:
        title, text = f"{label}: {len(names)} services", f"{_cut(row['message'])} {listed(names)}."
        link = f"{base}/integrations?status={'failed' if row['failed'] == len(names) else 'all'}"
    else:
        link, text = f"{base}/services/{row['slugs'][0]}", _cut(row["message"])
        lacks = f"{row['missing']} of {row['expected']} outputs missing"
        title = f"{names[0]}: {label if state == 'failed' else lacks}"
    return CauseRow(
        row["cause"], state, site, title, text, link, len(names), row["since"], row["person"], row["taken_at"],
    )  # fmt: skip


def setup_causes(
    want: Wanting, sites: Sequence[Site], taken: Mapping[tuple[UUID, str], Row]
) -> list[CauseRow]:
    """What waits for an address and a key first, then what waits for settings, by site."""
    found = [_secrets(want.unconfigured)] if want.unconfigured else []
    for site in sites:
        for absent, services in want.settings.get(site.id, {}).items():
            found.append(_settings(site, absent, services, taken))
    return found


def _secrets(services: Sequence[Service]) -> CauseRow:
    verb = "has" if len(services) == 1 else "have"
    title = f"{_counted(len(services))} {verb} no address and key"
    return CauseRow(
        "secrets", "config", None, title, _waiting(services), "/settings/secrets", len(services)
    )


def _settings(
    site: Site,
    absent: tuple[str, ...],
    services: Sequence[Service],
    taken: Mapping[tuple[UUID, str], Row],
) -> CauseRow:
    key, verb = settings_cause(absent), "needs" if len(services) == 1 else "need"
    title = f"{_counted(len(services))} {verb} the {labels_of(absent)}"
    link = f"/sites/{site.id}/edit#{absent[0]}"
    on_it = taken.get((site.id, key))
    person, at = (on_it["person"], on_it["at"]) if on_it else (None, None)
    return CauseRow(
        key, "config", site, title, _waiting(services), link, len(services), None, person, at
    )


def _waiting(services: Sequence[Service]) -> str:
    return f"{listed([service.name for service in services])}. Not counted as failed."


def _names(slugs: Sequence[str], catalog: Catalog) -> list[str]:
    found = [catalog.find(slug) for slug in slugs]
    return [service.name if service else slug for service, slug in zip(found, slugs, strict=True)]


def listed(words: Sequence[str]) -> str:
    """The first three and how many more."""
    more = len(words) - NAMED
    return ", ".join(words[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _counted(number: int) -> str:
    return f"{number} service{'' if number == 1 else 's'}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
