"""Demo directories: little websites where a business can be listed, their books, and their truth."""

from hermes_sandbox.directories.catalog import DIRECTORIES
from hermes_sandbox.directories.fitting import Want
from hermes_sandbox.directories.serving import Directories
from hermes_sandbox.directories.truth import Expected, faults, truth

__all__ = ["DIRECTORIES", "Directories", "Expected", "Want", "faults", "truth"]
