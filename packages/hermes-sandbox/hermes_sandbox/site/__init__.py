"""The demo site: built from a fixed seed, with planted faults and the list of truth beside it."""

from hermes_sandbox.site.built import Answer, Site, build
from hermes_sandbox.site.truth import truth

__all__ = ["Answer", "Site", "build", "truth"]
