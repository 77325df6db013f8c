"""The vault: environment, files, Bitwarden and the bundled fleet behind one resolver."""

from hermes.vault.bitwarden.reading import Access
from hermes.vault.bitwarden.source import Bitwarden, VaultStatus
from hermes.vault.dialects import DialectFolder
from hermes.vault.resolver import Vault
from hermes.vault.sources import Bundled, Environment, Folder, Source

__all__ = [
    "Access",
    "Bitwarden",
    "Bundled",
    "DialectFolder",
    "Environment",
    "Folder",
    "Source",
    "Vault",
    "VaultStatus",
]
