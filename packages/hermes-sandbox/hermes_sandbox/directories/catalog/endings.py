"""Directories that differ in what they answer to a form that was filled in rightly."""

from hermes_sandbox.directories.catalog.asked import PLACED, SHORT, USUAL
from hermes_sandbox.directories.fields import form
from hermes_sandbox.directories.model import Directory

_USUAL = (form(*USUAL),)
_SHORT = (form(*SHORT),)

_TAKEN = (
    Directory("file-number", "File Number", "reference_only", _SHORT, ending="reference", tier=1),
    Directory(
        "aktenzeichen", "Aktenzeichen", "reference_only", (form(*SHORT, language="de", naming="label"),), "de",
        ending="reference",
    ),
    Directory("straight-to-print", "Straight to Print", "listing_redirect", (form(*PLACED),), ending="listing", tier=1),
    Directory("slow-and-steady", "Slow and Steady", "slow_answer", _SHORT, ending="slow", tier=4),
)  # fmt: skip
_REFUSED = (
    Directory("members-only-now", "Members Only Now", "polite_refusal", _USUAL, ending="refusal", tier=2),
    Directory(
        "zunftverzeichnis", "Zunftverzeichnis", "polite_refusal",
        (form(*SHORT, language="de", style="text"),), "de", layout="table", ending="refusal",
    ),
    Directory("known-by-name", "Known by Name", "duplicate_409", _USUAL, ending="conflict", tier=2),
    Directory("once-is-enough", "Once Is Enough", "duplicate_200", _SHORT, layout="stack", ending="duplicate"),
)  # fmt: skip
_UNTOLD = (
    Directory("back-home", "Back Home", "silent_home", _SHORT, ending="home", note="Read our success stories."),
    Directory("blank-slate", "Blank Slate", "silent_form", _SHORT, ending="again", note="Thank you for your visit."),
    Directory("crash-landing", "Crash Landing", "error_after", _SHORT, ending="error", tier=4, lookup=False),
    Directory("cut-off", "Cut Off", "hang_up_after", _SHORT, ending="hang_up", tier=4, lookup=False),
    Directory("no-reply", "No Reply", "silence_after", _SHORT, ending="never", tier=4, lookup=False),
)  # fmt: skip
DIRECTORIES = (*_TAKEN, *_REFUSED, *_UNTOLD)
