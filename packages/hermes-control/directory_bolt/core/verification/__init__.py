"""Rules of `hermes verify`: what was seen, what it means, and which hop is broken."""

from directory_bolt.core.verification.causes import CAUSES, Cause
from directory_bolt.core.verification.findings import Finding, Report

__all__ = ["CAUSES", "Cause", "Finding", "Report"]
