"""What `hermes doctor` says of the fleet: catalog, Bitwarden, and each worker."""

import asyncio

from hermes.bootstrap import catalog_files, open_vault
from hermes.catalog_files import Fault
from hermes.core.catalog import Catalog, Service
from hermes.runner.requests import Requests
from hermes.vault import Vault
from hermes_base.checks import Check, failed, passed, skipped
from hermes_base.clock import utc_now
from hermes_base.http.client import Client
from hermes_base.problems import Problem
from hermes_base.reasons import Failure
from hermes_base.settings import Settings


async def examine_fleet(settings: Settings) -> list[Check]:
    """Catalog, Bitwarden and workers; a catalog that cannot be read is one failed check."""
    try:
        files = catalog_files(settings)
    except Problem as problem:
        return [failed("Catalog", problem.message, problem.hint)]
    vault = open_vault(settings)
    catalog = files()
    return [_catalog(catalog, files.fault), _bitwarden(vault), *await _workers(vault, catalog)]


def _catalog(catalog: Catalog, fault: Fault | None) -> Check:
    if fault is not None:
        return failed(
            "Catalog", fault.says, "Correct the file; hermes catalog check names every fault."
        )
    built = sum(service.state == "built" for service in catalog.workers)
    return passed("Catalog", f"{built} of {len(catalog.workers)} worker services built")


def _bitwarden(vault: Vault) -> Check:
    name, status = "Bitwarden", vault.status()
    if status is None:
        step = "To use it set HERMES_BITWARDEN_TOKEN and HERMES_BITWARDEN_ORGANIZATION."
        return skipped(name, "HERMES_BITWARDEN_TOKEN is not set", step)
    if status.fault is not None:
        return failed(name, status.text, status.fault.next_step)
    return passed(name, status.text)


async def _workers(vault: Vault, catalog: Catalog) -> list[Check]:
    """Each built worker: whether it has its secret, and whether its address responds as a worker."""
    built = [service for service in catalog.workers if service.state == "built"]
    async with Client() as client:
        return list(await asyncio.gather(*(_worker(client, vault, each) for each in built)))


async def _worker(client: Client, vault: Vault, service: Service) -> Check:
    """Ready is only what responded; the secret's value is in no line."""
    name, config = f"Worker {service.slug}", vault.worker(service)
    if isinstance(config, Failure):
        step = "Start its worker with: hermes up" if service.bundled else config.reason.next_step
        return failed(name, config.detail, step)
    failure, _, _ = await Requests(client, utc_now).reach(service, config)
    if failure is not None:
        return failed(name, f"{failure.reason.label}: {failure.detail}", failure.reason.next_step)
    return passed(name, f"{config.host}, from {config.source}")
