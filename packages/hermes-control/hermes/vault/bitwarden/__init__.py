"""Bitwarden Secrets Manager as a source of the vault."""
