"""What every operation works with: database, catalog, vault, clock, and the sites in sight."""

from dataclasses import dataclass
from uuid import UUID

from hermes.core.catalog import Catalog, Catalogs
from hermes.core.sites.site import Site
from hermes.storage import sites
from hermes.vault import Vault
from hermes_base.clock import Clock
from hermes_base.postgres.database import Connection, Pool, Snapshot
from hermes_base.problems import not_found
from hermes_egress.opened import Opened

NOTHING_OPENED = Opened()


@dataclass(frozen=True, slots=True)
class Scope:
    """Where operations read and write. `only_site`: the one site that whoever asks may see, None for all."""

    pool: Pool
    reader: Pool | Snapshot
    """What is only read is read here: the pool, or a snapshot in which several things agree."""
    catalogs: Catalogs
    vault: Vault
    clock: Clock
    only_site: UUID | None = None
    opened: Opened = NOTHING_OPENED
    """Which sites may stand in a private network."""
    known: dict[UUID, Site] | None = None
    """Sites that were read already, within a snapshot, in which they do not change; None outside of one."""

    @property
    def catalog(self) -> Catalog:
        """The catalog that is in force now."""
        return self.catalogs()

    def sees(self, site_id: UUID) -> bool:
        """Whether a site is in sight."""
        return self.only_site in (None, site_id)

    async def sites(self) -> list[Site]:
        """The sites in sight by name, the demo site last."""
        return [site for site in await sites.sites(self.reader) if self.sees(site.id)]

    async def site(self, site_id: UUID) -> Site:
        """One site. Raises `unknown_site`, also for one that is not in sight."""
        if self.known is not None and site_id in self.known:
            return self.known[site_id]
        read = await sites.site(self.reader, site_id) if self.sees(site_id) else None
        found = _found(read, site_id)
        if self.known is not None:
            self.known[site_id] = found
        return found

    async def lock_site(self, connection: Connection, site_id: UUID) -> Site:
        """A site that nobody else changes until the transaction ends. Raises `unknown_site`."""
        found = await sites.lock_site(connection, site_id) if self.sees(site_id) else None
        return _found(found, site_id)


def _found(site: Site | None, site_id: UUID) -> Site:
    if site is None:
        hint = "Take an id from GET /api/sites, or add the site first."
        raise not_found("unknown_site", site_id, hint)
    return site
