"""Submissions: one directory of one order (tables job_directories and job_results)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from directory_bolt.core.orders.states import ResultStatus


@dataclass(frozen=True, slots=True)
class Submission:
    """A row of job_results, from the first attempt to the end.

    From `clicked_at` on the form may have been sent, and is never sent again under this key.
    `payload` is what was filled in, field by field; `response_log` is what the directory answered.
    """

    id: UUID
    job_id: UUID
    directory_id: UUID
    directory_name: str
    status: ResultStatus
    idempotency_key: str
    revision: int
    payload: dict[str, Any]
    response_log: dict[str, Any]
    screenshot: str | None
    listing_url: str | None
    confirmation: str | None
    reason: str | None
    error_message: str | None
    attempts: int
    worker_id: str | None
    clicked_at: datetime | None
    next_try_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class IdentifiedSubmission(Submission):
    """A submission with the identity of its customer's business."""

    identity: str


@dataclass(frozen=True, slots=True)
class OpenSubmission:
    """A directory of a work list that is not done, with its earlier attempt.

    Without an earlier attempt everything from `result_id` on is None.
    """

    directory_id: UUID
    directory_name: str
    submission_url: str
    lookup_url: str | None
    is_demo: bool
    enabled: bool
    terms_decision: str
    result_id: UUID | None
    clicked_at: datetime | None
    next_try_at: datetime | None
    idempotency_key: str | None
    revision: int | None


@dataclass(frozen=True, slots=True)
class SubmissionEnd:
    """How a submission ended, as it is written; `payload` None keeps what the row holds already."""

    status: ResultStatus
    reason: str | None = None
    message: str = ""
    payload: dict[str, Any] | None = None
    response_log: dict[str, Any] = field(default_factory=dict[str, Any])
    screenshot: str | None = None
    listing_url: str | None = None
    confirmation: str | None = None


@dataclass(frozen=True, slots=True)
class WorkListEntry:
    """A directory of a work list with its result; without an attempt so far those fields are None.

    `person` recorded how it ended, "" where the name is erased, None where nobody did; `proof` is one
    of `core.orders.proofs`, None where none was needed.
    """

    name: str
    submission_url: str
    is_demo: bool
    directory_id: UUID
    position: int
    result_id: UUID | None
    status: ResultStatus | None
    reason: str | None
    error_message: str | None
    payload: dict[str, Any] | None
    response_log: dict[str, Any] | None
    screenshot: str | None
    listing_url: str | None
    confirmation: str | None
    attempts: int | None
    worker_id: str | None
    clicked_at: datetime | None
    next_try_at: datetime | None
    updated_at: datetime | None
    finished_at: datetime | None
    person: str | None
    proof: str | None


@dataclass(frozen=True, slots=True)
class ManualEntry(WorkListEntry):
    """A directory that needs a person, with its order; `position` is not read and 0."""

    job_id: UUID
    business_name: str
    order_status: str
