"""From the settings to the control room: its catalog, its vault, and itself on an open database."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from hermes.catalog_files import CatalogFiles
from hermes.control import Hermes
from hermes.core.catalog import Catalog
from hermes.vault import Access, Bitwarden, Bundled, DialectFolder, Environment, Folder, Vault
from hermes_base.background.loops import beside
from hermes_base.postgres.database import Pool
from hermes_base.postgres.opening import clock_of, current_database
from hermes_base.settings import Settings
from hermes_egress.opened import Opened


def catalog_files(settings: Settings) -> CatalogFiles:
    """The catalog of the settings, else the one that ships, below the layers of this installation. Raises
    `catalog_invalid`."""
    more = [settings.catalog_dir] if settings.catalog_dir else []
    return CatalogFiles([settings.home / "catalog.d", *more], settings.catalog)


def load_catalog(settings: Settings) -> Catalog:
    """The catalog as it is now, for a process that reads it once. Raises `catalog_invalid`."""
    return catalog_files(settings)()


def open_vault(settings: Settings) -> Vault:
    """Environment first, then folders of secrets, then Bitwarden, then the bundled fleet."""
    folders = [Folder(settings.secrets_dir)] if settings.secrets_dir else []
    home = Folder(settings.home / "secrets")
    remote = [Bitwarden(_access(settings))] if settings.uses_bitwarden else []
    fleet = Bundled(settings.fleet_file, settings.fleet_key_file)
    dialects = DialectFolder(settings.home / "dialects")
    return Vault([Environment(), *folders, home, *remote, fleet], dialects)


def _access(settings: Settings) -> Access:
    return Access(
        settings.bitwarden_token.get_secret_value(),
        settings.bitwarden_organization,
        settings.bitwarden_project,
        settings.bitwarden_api_url,
        settings.bitwarden_identity_url,
        settings.bitwarden_file,
    )


@asynccontextmanager
async def open_hermes(settings: Settings) -> AsyncGenerator[tuple[Hermes, Pool]]:
    """The control room on a current schema. Raises `schema_old` with the command to run."""
    async with current_database(settings) as pool:
        vault = open_vault(settings)
        await asyncio.to_thread(vault.status)  # from here on no secret waits for the network
        clock, opened = await clock_of(pool), Opened(settings.private_sites)
        async with beside(clock.keep(pool)):
            yield Hermes(pool, catalog_files(settings), vault, clock, opened=opened), pool
