"""Everything that can happen to an order, as queue_history names it."""

from typing import Literal, get_args

Event = Literal[
    "webhook_received",
    "job_created",
    "enqueued",
    "queue_claimed",
    "flow_triggered",
    "flow_started",
    "job_started",
    "submitting",
    "submitted",
    "failed",
    "skipped_duplicate",
    "skipped",
    "needs_manual",
    "manual_resolved",
    "submission_complete",
    "retry_scheduled",
    "requeued_stale",
    "dead_lettered",
    "replayed",
    "priority_changed",
    "cancelled",
    "shortage",
    "waiting",
    "waiting_for_profile",
    "profile_changed",
    "outcome_undone",
    "resumed",
    "job_finalized",
    "flow_completed",
]
EVENTS: tuple[str, ...] = get_args(Event)
