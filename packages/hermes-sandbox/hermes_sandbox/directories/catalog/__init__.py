"""All demo directories."""

from hermes_sandbox.directories.catalog import (
    choices,
    endings,
    guarded,
    labels,
    languages,
    openings,
    shapes,
    traps,
)
from hermes_sandbox.directories.model import Directory

DIRECTORIES: dict[str, Directory] = {
    directory.slug: directory
    for part in (labels, languages, choices, shapes, traps, guarded, endings, openings)
    for directory in part.DIRECTORIES
}
"""Slug -> directory."""
