"""The vault: environment, files and the bundled fleet behind one resolver."""

from hermes.vault.resolver import Vault
from hermes.vault.sources import Bundled, Environment, Folder, Source

__all__ = ["Bundled", "Environment", "Folder", "Source", "Vault"]
