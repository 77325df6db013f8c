"""The bundled fleet as a process: where it stands, what it may know, and what credentials it gets."""

import os
from importlib.util import find_spec

from hermes.bootstrap import load_catalog, open_vault
from hermes_base.problems import Problem
from hermes_base.processes import address
from hermes_base.settings import Settings


def has_fleet() -> bool:
    """Whether the bundled workers are installed: `hermes-control` alone comes without them."""
    return find_spec("hermes_fleet") is not None


def require_demo() -> None:
    """Raises `demo_missing` where the demo's sites and workers are not installed."""
    if not has_fleet() or find_spec("hermes_sandbox") is None:
        message = "The demo is not installed here: this is a production installation."
        raise Problem("demo_missing", message, "Install hermes-control[demo], or leave out --demo.")


def require_fleet() -> None:
    """Raises `fleet_missing` where the bundled workers are not installed."""
    if not has_fleet():
        message = "The bundled workers are not installed here."
        raise Problem("fleet_missing", message, "Install hermes-control[fleet].")


def provider_secrets(settings: Settings) -> dict[str, str]:
    """What the vault holds for the fleet's providers and the environment does not, by name."""
    vault, catalog = open_vault(settings), load_catalog(settings)
    wanted = {secret.name for service in catalog for secret in service.requires_secrets}
    unset = [name for name in sorted(wanted) if not {name, f"{name}_FILE"} & os.environ.keys()]
    found = {name: text for name in unset if (text := vault.text(name))}
    return {name: text for name, text in found.items() if "\0" not in text}


def fleet_environment(settings: Settings) -> dict[str, str]:
    """How the bundled fleet reads Hermes, and where the demo stands."""
    return {
        "HERMES_URL": address(settings.host, settings.port),
        "HERMES_TOKEN_FILE": str(settings.fleet_token_file),
        "HERMES_SANDBOX_FILE": str(settings.sandbox_file),
    }


def fleet_arguments(settings: Settings) -> list[str]:
    """Where the bundled fleet stands, and its files below the home."""
    return [
        "--port", str(settings.fleet_port),
        "--key-file", str(settings.fleet_key_file),
        "--state", str(settings.home / "fleet"),
        "--announce", str(settings.fleet_file),
    ]  # fmt: skip
