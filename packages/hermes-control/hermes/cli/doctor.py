"""What `hermes doctor` says of the fleet: catalog, Bitwarden, and each worker's secret."""

from hermes.bootstrap import load_catalog, open_vault
from hermes.core.catalog import Catalog
from hermes.vault import Vault
from hermes_base.checks import Check, failed, passed, skipped
from hermes_base.problems import Problem
from hermes_base.reasons import Failure
from hermes_base.settings import Settings


def examine_fleet(settings: Settings) -> list[Check]:
    """Catalog, Bitwarden and secrets; a catalog that cannot be read is one failed check."""
    try:
        catalog = load_catalog(settings)
    except Problem as problem:
        return [failed("Catalog", problem.message, problem.hint)]
    vault = open_vault(settings)
    return [_catalog(catalog), _bitwarden(vault), *_secrets(vault, catalog)]


def _catalog(catalog: Catalog) -> Check:
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


def _secrets(vault: Vault, catalog: Catalog) -> list[Check]:
    """Whether each built worker has its secret; never the value."""
    checks: list[Check] = []
    for service in catalog.workers:
        if service.state == "built":
            config = vault.worker(service)
            if isinstance(config, Failure):
                step = (
                    config.reason.next_step
                    if not service.bundled
                    else "Start its worker with: hermes up"
                )
                checks.append(failed(f"Worker {service.slug}", config.detail, step))
            else:
                checks.append(
                    passed(f"Worker {service.slug}", f"{config.host}, from {config.source}")
                )
    return checks
