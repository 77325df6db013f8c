"""Which environment variables each process of `hermes up` gets: what it needs, and no secret of another's."""

from collections.abc import Iterable, Mapping

from hermes.core.catalog import Catalog
from hermes_base.settings import Settings

SYSTEM = frozenset({
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TERM", "VIRTUAL_ENV", "SSL_CERT_FILE",
    "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy",
    "all_proxy", "LD_LIBRARY_PATH", "LD_PRELOAD", "DISPLAY", "DO_NOT_TRACK",
})  # fmt: skip
"""What any program may need of the machine."""
SYSTEM_PREFIXES = ("LC_", "XDG_", "PYTHON", "OTEL_", "COVERAGE_", "FAKETIME")
BROWSER = frozenset({"HERMES_BROWSER", "PLAYWRIGHT_BROWSERS_PATH"})
ORDERS = frozenset({"web", "brain", "subscriber", "flow-worker", "monitor"})
DATABASE = ORDERS | {"runner"}
GUARDED: Mapping[str, frozenset[str]] = {
    "database_url": DATABASE,
    "database_direct_url": DATABASE,
    "bitwarden_token": frozenset({"web", "runner"}),
    "stripe_webhook_secret": frozenset({"web"}),
    "metrics_token": frozenset({"web"}),
    "brain_token": frozenset({"web", "brain"}),
}
"""The settings that hold secrets, and the processes that read them; every other setting is for all."""
ENGINES = ("AWS_", "PREFECT_")
"""What the engines of orders read by themselves, credentials included."""


def environment_of(
    process: str, given: Mapping[str, str], secrets: Iterable[str] = ()
) -> dict[str, str]:
    """Of all variables `given`, those of one process; `secrets` are names in the catalog that it reads."""
    names = SYSTEM | BROWSER | _with_files(secrets) | _with_files(_settings_of(process))
    prefixes = (*SYSTEM_PREFIXES, *(ENGINES if process in ORDERS else ()))
    return {n: text for n, text in given.items() if n in names or n.startswith(prefixes)}


def secrets_of(process: str, catalog: Catalog) -> set[str]:
    """The names in the catalog that a process reads: workers' keys to ask them, providers' for the fleet."""
    providers = {secret.name for service in catalog for secret in service.requires_secrets}
    if process == "fleet":
        return providers
    workers = {service.secret for service in catalog if service.secret}
    return workers | providers if process in ("web", "runner") else set()


def _settings_of(process: str) -> Iterable[str]:
    for name in Settings.model_fields:
        if name not in GUARDED or process in GUARDED[name]:
            yield f"HERMES_{name.upper()}"


def _with_files(names: Iterable[str]) -> frozenset[str]:
    return frozenset(each for name in names for each in (name, f"{name}_FILE"))
