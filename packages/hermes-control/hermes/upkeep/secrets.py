"""The status of every secret of the catalog, read from its sources at this moment."""

from collections.abc import Sequence
from typing import Any

from hermes.core.catalog import Service
from hermes.core.views.secrets import SecretsView, SecretView, provider_secret, worker_secret
from hermes.operations.scope import Scope
from hermes.storage.runs.reading import reported_identities
from hermes_base.reasons import Failure


class Secrets:
    """Worker secrets and provider credentials: found or not, where, and whose key. Never a value."""

    def __init__(self, scope: Scope) -> None:
        self._vault = scope.vault
        self._scope = scope

    async def status(self) -> SecretsView:
        """Each secret as it stands now, beside what its worker reported in its last connection test."""
        workers = self._scope.catalog.workers
        slugs = [service.slug for service in workers]
        reported = await reported_identities(self._scope.pool, slugs)
        using = _providers(self._scope.catalog.services)
        return SecretsView(
            read_at=self._scope.clock(),
            sources=self._vault.names,
            workers=[self._worker(service, reported.get(service.slug)) for service in workers],
            providers=[
                provider_secret(name, services, self._vault.form(name, name))
                for name, services in using.items()
            ],
        )

    def _worker(self, service: Service, reported: dict[str, Any] | None) -> SecretView:
        form = self._vault.form(service.secret, service.slug)
        source = None if isinstance(form, Failure) else form[0]
        return worker_secret(service, self._vault.worker(service), source, reported)


def _providers(services: Sequence[Service]) -> dict[str, list[Service]]:
    """The services that use each provider credential, in the order of the catalog."""
    found: dict[str, list[Service]] = {}
    for service in services:
        for secret in service.requires_secrets:
            found.setdefault(secret.name, []).append(service)
    return found
