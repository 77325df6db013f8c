"""Tests, in the tree of the packages."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
"""The checkout: its bench, docs, deploy and environments stand below it."""
