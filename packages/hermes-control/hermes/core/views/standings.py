"""How every site stands by its newest smoke runs, and what its services lack."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hermes.core.catalog import Service
from hermes.core.runs.causes import settings_cause
from hermes.core.runs.selection import Configs, missing_inputs, obstacle_of
from hermes.core.sites.site import Site
from hermes_base.view import Row

COUNTED = {"success": "passed", "partial": "partial", "failed": "failed", "cancelled": "cancelled"}
KNOWN = (*COUNTED.values(), "running")
SUMMED = (*KNOWN, "delivered", "expected")


@dataclass(frozen=True, slots=True)
class SiteStanding:
    """How the built services of a site stand by their newest smoke runs: the counts of its roll-up.

    `delivered` of `expected` outputs are those of the newest judged run of each, the last at `judged_at`.
    """

    site: Site
    built: int
    passed: int
    partial: int
    failed: int
    cancelled: int
    running: int
    not_tested: int
    not_configured: int
    needs_config: int
    delivered: int
    expected: int
    judged_at: datetime | None

    @property
    def state(self) -> str:
        """The worst that is so, as the component of states names it."""
        order = (
            ("failed", self.failed),
            ("partial", self.partial),
            ("running", self.running),
            ("needs_config", self.needs_config),
            ("passed", self.built and self.passed == self.built),
        )
        return next((state for state, number in order if number), "untested")

    @property
    def words(self) -> str:
        """`1 failed, 2 partial`; `All passed`, `Not tested yet`."""
        if self.state == "passed":
            return "All passed"
        counts = (
            (self.failed, "failed"),
            (self.partial, "partial"),
            (self.running, "running"),
            (self.needs_config, "need setup" if self.needs_config > 1 else "needs setup"),
        )
        said = [f"{number} {word}" for number, word in counts if number]
        if said:
            return ", ".join(said)
        return f"{self.passed} of {self.built} passed" if self.passed else "Not tested yet"

    @property
    def urgency(self) -> tuple[int, int, int, int, bool, str]:
        """Sorts the most urgent first; equals by name, the demo site last."""
        site = self.site
        rest = (-self.needs_config, -self.not_tested, site.is_demo, site.name.lower())
        return (-self.failed, -self.partial, *rest)


@dataclass(frozen=True, slots=True)
class Wanting:
    """What services lack: an address and a key wherever they work, or settings of one site."""

    unconfigured: tuple[Service, ...]
    settings: Mapping[UUID, Mapping[tuple[str, ...], tuple[Service, ...]]]

    def services_of(self, site_id: UUID) -> frozenset[str]:
        """The services of a site that need setup, as its roll-up counts them."""
        lacking = self.settings.get(site_id, {}).values()
        return frozenset(s.slug for found in (self.unconfigured, *lacking) for s in found)


def wanting(services: Sequence[Service], sites: Sequence[Site], configs: Configs) -> Wanting:
    """By the rule of the table: a service that is not ready at a site that has every setting wants an
    address and a key; the others want what the site lacks."""
    unconfigured = tuple(s for s in services if not _works_somewhere(s, configs))
    asking = [s for s in services if s.requires_site and s.smoke and s not in unconfigured]
    by_site: dict[UUID, dict[tuple[str, ...], tuple[Service, ...]]] = {}
    for site in sites:
        for service in asking:
            if absent := tuple(missing_inputs(service, site)):
                found = by_site.setdefault(site.id, {})
                found[absent] = (*found.get(absent, ()), service)
    return Wanting(unconfigured, by_site)


def setup_keys(services: Sequence[Service], site: Site, configs: Configs) -> set[str]:
    """The causes of a site that are settings it lacks."""
    found = wanting(services, [site], configs).settings.get(site.id, {})
    return {settings_cause(absent) for absent in found}


def _works_somewhere(service: Service, configs: Configs) -> bool:
    whole = Site(UUID(int=0), "", "x", settings=dict.fromkeys(service.requires_site, "x"))
    mode = "smoke" if service.smoke is not None else "connection"
    return obstacle_of(service, whole, mode, configs.get(service.slug)) is None


def site_standings(
    sites: Sequence[Site], built: int, counted: Iterable[Row], moving: Iterable[Row], want: Wanting
) -> list[SiteStanding]:
    """From rows of `storage.runs.standings.counted` and `under_way`; the most urgent first."""
    states = {site.id: dict.fromkeys(SUMMED, 0) for site in sites}
    tested: dict[UUID, list[datetime]] = {}
    asked: dict[UUID, set[str]] = {}
    for row in counted:
        if row["status"] not in COUNTED:
            continue
        asked.setdefault(row["site_id"], set()).update(row["slugs"])
        of_site = states[row["site_id"]]
        of_site[COUNTED[row["status"]]] += row["services"]
        of_site["delivered"] += row["delivered"]
        of_site["expected"] += row["expected"]
        if row["judged_at"]:
            tested.setdefault(row["site_id"], []).append(row["judged_at"])
    for row in moving:
        states[row["site_id"]]["running"] += 1
        asked.setdefault(row["site_id"], set()).add(row["service_slug"])
        if row["status"] in COUNTED:
            states[row["site_id"]][COUNTED[row["status"]]] -= 1
    found = [
        _standing(
            s,
            built,
            states[s.id],
            tested.get(s.id, []),
            want.services_of(s.id),
            asked.get(s.id, set()),
        )
        for s in sites
    ]
    return sorted(found, key=lambda each: each.urgency)


def _standing(
    site: Site,
    built: int,
    states: dict[str, int],
    tested: list[datetime],
    lacking: frozenset[str],
    asked: set[str],
) -> SiteStanding:
    """`lacking`: the services that need setup; `asked`: those with a run."""
    known = {name: states[name] for name in KNOWN}
    not_configured = len(lacking - asked)
    return SiteStanding(
        site=site,
        built=built,
        **known,
        not_tested=built - sum(known.values()) - not_configured,
        not_configured=not_configured,
        needs_config=len(lacking),
        delivered=states["delivered"],
        expected=states["expected"],
        judged_at=max(tested, default=None),
    )
