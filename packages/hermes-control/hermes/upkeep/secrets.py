"""The status of every secret of the catalog, read from its sources at this moment."""

from hermes.control import Hermes
from hermes.core.catalog import Service
from hermes.core.views.secrets import SecretsView, provider_secret, worker_secret
from hermes.storage.told import told
from hermes_base.reasons import Trouble


async def secrets_of(hermes: Hermes) -> SecretsView:
    """Worker secrets and provider credentials: found or not, where, and whose key. Never a value."""
    vault, workers = hermes.vault, hermes.catalog.workers
    heard = await told(hermes.pool, [service.slug for service in workers])
    rows = [
        worker_secret(
            service,
            vault.worker(service),
            None
            if isinstance(form := vault.form(service.secret, service.slug), Trouble)
            else form[0],
            heard.get(service.slug),
        )
        for service in workers
    ]
    providers = [
        provider_secret(name, using, vault.form(name, name))
        for name, using in _providers(hermes.catalog.services).items()
    ]
    return SecretsView(
        read_at=hermes.clock(), sources=vault.names, workers=rows, providers=providers
    )


def _providers(services: tuple[Service, ...]) -> dict[str, list[Service]]:
    """The services that use each provider credential, in the order of the catalog."""
    found: dict[str, list[Service]] = {}
    for service in services:
        for secret in service.requires_secrets:
            found.setdefault(secret.name, []).append(service)
    return found
