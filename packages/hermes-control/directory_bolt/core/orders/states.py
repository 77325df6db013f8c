"""The one vocabulary of orders and results, and which change of an order is allowed."""

from enum import StrEnum
from typing import Literal

JobStatus = Literal["pending", "in_progress", "completed", "failed", "cancelled"]
ResultStatus = Literal["submitting", "submitted", "failed", "skipped", "needs_manual"]

TRANSITIONS: dict[JobStatus, frozenset[JobStatus]] = {
    "pending": frozenset({"in_progress", "cancelled", "failed"}),
    "in_progress": frozenset({"completed", "failed", "cancelled"}),
    "completed": frozenset({"pending"}),  # only by staff: one directory or the failed ones again
    "failed": frozenset({"pending"}),  # only by staff: replay or retry
    "cancelled": frozenset(),
}
OPEN: frozenset[JobStatus] = frozenset({"pending", "in_progress"})
DONE: frozenset[ResultStatus] = frozenset({"submitted", "failed", "skipped", "needs_manual"})
"""Results that count as done in the progress of an order; success is shown beside it."""


def sources_of(target: JobStatus) -> list[JobStatus]:
    """The states that an order may leave for `target`: the guard of every UPDATE of its status."""
    return [source for source, targets in TRANSITIONS.items() if target in targets]


class ResultReason(StrEnum):
    """Why a directory was not submitted: closed list, each with a sentence in REASON_TEXTS."""

    CAPTCHA = "captcha"
    LOGIN_REQUIRED = "login_required"
    VERIFICATION_REQUIRED = "verification_required"
    PAYMENT_REQUIRED = "payment_required"
    UNKNOWN_REQUIRED_FIELD = "unknown_required_field"
    MISSING_DATA = "missing_data"
    LOW_CONFIDENCE = "low_confidence"
    NO_FORM = "no_form"
    OUTCOME_UNKNOWN = "outcome_unknown"
    INTERRUPTED = "interrupted"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    TERMS = "terms"
    ROBOTS = "robots"
    DISABLED = "disabled"
    TIMEOUT = "timeout"
    SERVER_ERROR = "server_error"
    UNREACHABLE = "unreachable"
    NO_BROWSER = "no_browser"
    CANCELLED = "cancelled"


REASON_TEXTS: dict[ResultReason, str] = {
    ResultReason.CAPTCHA: "The form has a CAPTCHA. Only a person may solve it.",
    ResultReason.LOGIN_REQUIRED: "The directory requires an account and a login.",
    ResultReason.VERIFICATION_REQUIRED: "The directory sent a code or link that a person must confirm.",
    ResultReason.PAYMENT_REQUIRED: "The directory asks for a payment.",
    ResultReason.UNKNOWN_REQUIRED_FIELD: "A required field could not be recognised.",
    ResultReason.MISSING_DATA: "The directory requires a value that the order does not contain.",
    ResultReason.LOW_CONFIDENCE: "The form fields could not be identified with enough confidence.",
    ResultReason.NO_FORM: "No submission form was found at this address.",
    ResultReason.OUTCOME_UNKNOWN: "The form was sent, but the response does not say whether it was accepted.",
    ResultReason.INTERRUPTED: "The worker stopped while sending the form. The directory may have received it.",
    ResultReason.REJECTED: "The directory refused the submission.",
    ResultReason.DUPLICATE: "The business is already listed there.",
    ResultReason.TERMS: "Nobody has recorded that this directory's terms allow submissions.",
    ResultReason.ROBOTS: "The directory's robots.txt does not allow Hermes to visit the page.",
    ResultReason.DISABLED: "The directory is disabled.",
    ResultReason.TIMEOUT: "The directory did not respond in time.",
    ResultReason.SERVER_ERROR: "The directory returned a server error.",
    ResultReason.UNREACHABLE: "The directory could not be reached.",
    ResultReason.NO_BROWSER: "No browser is installed. Run: hermes browser install.",
    ResultReason.CANCELLED: "The order was cancelled before this directory was submitted.",
}

BY_PEOPLE = frozenset(
    {
        ResultReason.CAPTCHA,
        ResultReason.LOGIN_REQUIRED,
        ResultReason.VERIFICATION_REQUIRED,
        ResultReason.PAYMENT_REQUIRED,
        ResultReason.UNKNOWN_REQUIRED_FIELD,
        ResultReason.MISSING_DATA,
        ResultReason.LOW_CONFIDENCE,
        ResultReason.OUTCOME_UNKNOWN,
        ResultReason.INTERRUPTED,
    }
)
"""Reasons that end as `needs_manual`: a person goes on from where the worker stopped."""
