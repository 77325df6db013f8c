"""Directories that differ in what a visitor meets before the form."""

from hermes_sandbox.directories.catalog.asked import SHORT, USUAL
from hermes_sandbox.directories.fields import form
from hermes_sandbox.directories.model import Directory

_SHORT = (form(*SHORT),)

DIRECTORIES = (
    Directory("new-address", "New Address", "moved", (form(*USUAL),), opening="moved", tier=2),
    Directory("morning-fog", "Morning Fog", "slow_form", _SHORT, opening="slow", tier=4),
    Directory("second-knock", "Second Knock", "error_once", _SHORT, opening="stumble", tier=4),
    Directory("wide-awake-never", "Wide Awake, Never", "no_answer", _SHORT, opening="never", tier=4),
    Directory("broken-bridge", "Broken Bridge", "error_before", _SHORT, opening="error", tier=3),
    Directory("slammed-door", "Slammed Door", "hang_up_before", _SHORT, opening="hang_up", tier=4),
    Directory("closed-chapter", "Closed Chapter", "gone", _SHORT, opening="gone", tier=3),
    Directory("by-letter-only", "By Letter Only", "no_form", _SHORT, opening="no_form", tier=3),
    Directory("quiet-pages", "Quiet Pages", "robots", _SHORT, robots="/", tier=2),
    Directory("no-machines", "No Machines", "robots", _SHORT, path="business/new", robots="/*/new$", tier=3),
)  # fmt: skip
