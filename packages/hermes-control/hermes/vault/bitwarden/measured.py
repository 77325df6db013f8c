"""Bitwarden as the platform strip shows it."""

from hermes.core.catalog import Service
from hermes.core.views.platform import Measured
from hermes.vault.bitwarden.faults import NEXT_STEPS, Closed
from hermes.vault.bitwarden.source import VaultStatus

STATES = {"open": "ok", "degraded": "partial", "closed": "failed"}


def measured(status: VaultStatus | None, services: tuple[Service, ...]) -> Measured:
    """`vault_status`, and in `secrets_available` the names that the catalog asks for, of those there are."""
    if status is None:
        return Measured("not_configured", "Not configured", reason=Closed.MISSING_TOKEN)
    known = sorted(_asked(services).intersection(status.names))
    outputs = {"vault_status": status.state, "secrets_available": known}
    if status.fault is not None:
        reason, step = status.fault.reason, status.fault.next_step
        return Measured(STATES[status.state], status.text, outputs, reason, step, status.tried_at)
    if not known:
        text, step = (
            f"{status.text}, none of which a service needs",
            NEXT_STEPS[Closed.UNKNOWN_NAMES],
        )
        return Measured("partial", text, outputs, Closed.UNKNOWN_NAMES, step, status.tried_at)
    return Measured("ok", status.text, outputs, at=status.tried_at)


def _asked(services: tuple[Service, ...]) -> set[str]:
    """The names under which secrets are looked for; what else is in the vault is not told."""
    own = {name for service in services for name in (service.secret, service.slug)}
    return own | {secret.name for service in services for secret in service.requires_secrets}
