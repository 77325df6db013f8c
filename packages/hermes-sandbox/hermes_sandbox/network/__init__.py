"""The demo network: the demo site, three competitors of it, and the list of truth of all four."""

from hermes_sandbox.network.built import COMPETITORS, Network, build
from hermes_sandbox.network.keywords import KEYWORDS
from hermes_sandbox.network.truth import truth

__all__ = ["COMPETITORS", "KEYWORDS", "Network", "build", "truth"]
