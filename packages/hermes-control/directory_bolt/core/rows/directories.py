"""Directories (table directories)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MeasuredDirectory:
    """A directory of the catalog, with how many of its results are in each state.

    `requires_login` and `has_captcha` are None while no visit has shown it; `pacing_seconds` lie
    between two visits of all workers together.
    """

    id: UUID
    name: str
    submission_url: str
    category: str
    tier: int
    domain_authority: int | None
    requires_login: bool | None
    has_captcha: bool | None
    terms_decision: str
    terms_note: str
    terms_by: str | None
    terms_at: datetime | None
    enabled: bool
    retired_at: datetime | None
    is_demo: bool
    pacing_seconds: float
    lookup_url: str | None
    verified_at: datetime | None
    submitted: int
    failed: int
    skipped: int
    needs_manual: int
