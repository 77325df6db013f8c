"""Rules of `hermes verify`: what was seen, what it means, and which hop is broken."""

from hermes.core.verification.causes import CAUSES, Cause
from hermes.core.verification.findings import Finding, Report

__all__ = ["CAUSES", "Cause", "Finding", "Report"]
