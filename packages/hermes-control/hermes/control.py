"""The control room: what pages, API, command line and runner can do with it, part by part."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

from hermes.core.catalog import Catalog, Catalogs
from hermes.core.sites.site import Site
from hermes.operations.changes import Changes
from hermes.operations.history import History
from hermes.operations.integrations import Integrations
from hermes.operations.jobs import Jobs
from hermes.operations.knowledge import Knowledge
from hermes.operations.metrics import Metrics
from hermes.operations.overview import Overview
from hermes.operations.platform import Platform
from hermes.operations.runs import Runs
from hermes.operations.scope import NOTHING_OPENED, Scope
from hermes.operations.sites import Sites
from hermes.upkeep.alert_channels import AlertChannels
from hermes.upkeep.alerts import Alerts
from hermes.upkeep.maintenance import Maintenance
from hermes.upkeep.records import Records
from hermes.upkeep.schedules import Schedules
from hermes.upkeep.secrets import Secrets
from hermes.upkeep.waivers import Waivers
from hermes.vault import Vault
from hermes_base.clock import Clock, utc_now
from hermes_base.postgres import database
from hermes_base.postgres.database import Pool, Snapshot
from hermes_egress.opened import Opened


class Hermes:
    """The parts of the control room over one scope; each stands in the module of its name.

    They raise `Problem` for what was asked wrongly, never for what a worker did.
    """

    def __init__(
        self,
        pool: Pool,
        catalog: Catalog | Catalogs,
        vault: Vault,
        clock: Clock = utc_now,
        only_site: UUID | None = None,
        reader: Snapshot | None = None,
        opened: Opened = NOTHING_OPENED,
    ) -> None:
        """`catalog`: the one that holds, or whatever tells which holds now. `only_site`: the one site that whoever asks may see; `reader`: where to read, else the pool."""
        known: dict[UUID, Site] | None = None if reader is None else {}
        catalogs = (lambda: catalog) if isinstance(catalog, Catalog) else catalog
        scope = Scope(pool, reader or pool, catalogs, vault, clock, only_site, opened, known)
        self.scope = scope
        self.pool = scope.pool
        self.vault = scope.vault
        self.clock = scope.clock
        self.sites = Sites(scope)
        self.jobs = Jobs(scope)
        self.runs = Runs(scope, self.jobs)
        self.changes = Changes(scope, self.runs)
        self.platform = Platform(scope)
        self.integrations = Integrations(scope, self.platform)
        self.history = History(scope)
        self.overview = Overview(scope, self.history)
        self.metrics = Metrics(scope)
        self.knowledge = Knowledge(scope.pool)
        self.schedules = Schedules(scope, self.jobs)
        self.waivers = Waivers(scope)
        self.alerts = Alerts(scope)
        self.alert_channels = AlertChannels(scope, self.jobs)
        self.maintenance = Maintenance(scope)
        self.secrets = Secrets(scope)
        self.records = Records(scope.pool)

    @property
    def catalog(self) -> Catalog:
        """The catalog that is in force now."""
        return self.scope.catalog

    def within(self, site_id: UUID | None) -> "Hermes":
        """This control room for somebody who may see one site only: no other is found."""
        if site_id is None:
            return self
        return Hermes(
            self.pool,
            self.scope.catalogs,
            self.vault,
            self.clock,
            site_id,
            opened=self.scope.opened,
        )

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator["Hermes"]:
        """This control room over a snapshot of the database, for reading several things that are shown
        together and have to agree. It only reads."""
        async with database.snapshot(self.scope.reader) as reader:
            only = self.scope.only_site
            yield Hermes(
                self.pool, self.catalog, self.vault, self.clock, only, reader, self.scope.opened
            )
