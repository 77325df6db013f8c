"""From the settings to the control room: its catalog, its vault, and itself on an open database."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.resources import files

from hermes.control import Hermes
from hermes.core import catalog_reader
from hermes.core.catalog import Catalog
from hermes.vault import Access, Bitwarden, Bundled, DialectFolder, Environment, Folder, Vault
from hermes_base.background.loops import beside
from hermes_base.postgres.database import Pool
from hermes_base.postgres.opening import clock_of, current_database
from hermes_base.problems import Problem
from hermes_base.settings import Settings
from hermes_egress.opened import Opened


def load_catalog(settings: Settings) -> Catalog:
    """The catalog of the settings, else the one that ships. Raises `catalog_invalid`."""
    if settings.catalog is None:
        return catalog_reader.read((files("hermes") / "catalog.toml").read_text("utf-8"))
    try:
        text = settings.catalog.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"HERMES_CATALOG: cannot read {settings.catalog}: {error}"
        raise Problem(
            "catalog_invalid", message, "Correct the path, or unset HERMES_CATALOG."
        ) from None
    return catalog_reader.read(text, str(settings.catalog))


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
            yield Hermes(pool, load_catalog(settings), vault, clock, opened=opened), pool
