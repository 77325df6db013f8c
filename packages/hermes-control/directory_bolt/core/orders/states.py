"""The one vocabulary of orders and results, and which change of an order is allowed."""

from enum import StrEnum
from typing import Literal

JobStatus = Literal["pending", "in_progress", "waiting", "completed", "failed", "cancelled"]
WaitsFor = Literal["directories", "profile"]
ResultStatus = Literal["submitting", "submitted", "failed", "skipped", "needs_manual"]

TRANSITIONS: dict[JobStatus, frozenset[JobStatus]] = {
    "pending": frozenset({"in_progress", "waiting", "cancelled", "failed"}),
    "in_progress": frozenset({"waiting", "completed", "failed", "cancelled"}),
    "waiting": frozenset({"pending", "cancelled"}),  # for directories, or for the profile
    "completed": frozenset({"pending"}),  # only by staff: one directory or the failed ones again
    "failed": frozenset({"pending"}),  # only by staff: replay or retry
    "cancelled": frozenset(),
}
OPEN: frozenset[JobStatus] = frozenset({"pending", "in_progress", "waiting"})
DONE: frozenset[ResultStatus] = frozenset({"submitted", "failed", "skipped", "needs_manual"})
"""Results that count as done in the progress of an order; success is shown beside it."""


def sources_of(target: JobStatus) -> list[JobStatus]:
    """The states that an order may leave for `target`: the guard of every UPDATE of its status."""
    return [source for source, targets in TRANSITIONS.items() if target in targets]


class ResultReason(StrEnum):
    """Why a directory was not submitted: closed list, each with a sentence in `reason_texts.toml`."""

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
