"""Phase 3: the requirements' checklist, each line with what proves it and how far an order must be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from directory_bolt.core.verification.causes import Cause
from directory_bolt.core.verification.diagnosis import Fault
from directory_bolt.core.verification.findings import Finding

PLACED, QUEUED, CLAIMED, TRIGGERED, STARTED, BEGUN, WORKED, COMPLETED = range(8)
STAGE_MARKS = ("placed", "enqueued", "queue_claimed", "flow_triggered", "flow_started", "result_row", "submission_complete", "completed")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """`mark` proves it; it is due once the order has reached `stage`; `cause` when it is missing then."""

    name: str
    mark: str
    stage: int
    cause: Cause = Cause.STALLED


CHECKLIST = (
    Line("Test customer and test job from a signed webhook", "placed", PLACED),
    Line("A repeated webhook does not create a second order", "once", PLACED, Cause.WEBHOOK_REFUSED),
    Line("Queue: message appears", "enqueued", QUEUED),
    Line("Staff dashboard: job in active jobs", "active", QUEUED, Cause.DASHBOARD),
    Line('Subscriber log: "Received 1 messages"', "log_received", CLAIMED, Cause.LOG_LINE),
    Line('Subscriber log: "Triggered (Prefect) flow for job"', "log_triggered", TRIGGERED, Cause.LOG_LINE),
    Line("Queue: message deleted", "deleted", TRIGGERED, Cause.MESSAGE_KEPT),
    Line("Flow engine: flow run appears", "flow_started", STARTED),
    Line('Worker log: "Starting job"', "log_starting", STARTED, Cause.LOG_LINE),
    Line('Worker log: "Processing directory for job"', "log_directory", BEGUN, Cause.LOG_LINE),
    Line("Database: job_results has new rows", "result_row", BEGUN),
    Line("Database: jobs updated with progress", "progress", WORKED, Cause.DASHBOARD),
    Line("Database: queue_history has events", "submission_complete", WORKED, Cause.DASHBOARD),
    Line("Staff dashboard: progress updates in real time", "live_progress", WORKED, Cause.LIVE_CUT),
    Line("Staff dashboard: results arrive in real time", "live_result", BEGUN, Cause.LIVE_CUT),
    Line("Staff dashboard: activity feed shows events", "activity", WORKED, Cause.DASHBOARD),
    Line('Worker log: "Job completed"', "log_completed", COMPLETED, Cause.LOG_LINE),
    Line('Database: jobs.status = "completed"', "completed", COMPLETED),
    Line("Staff dashboard: job moves to completed", "moved", COMPLETED, Cause.DASHBOARD),
    Line("Every directory of the order is accounted for", "accounted", COMPLETED, Cause.WORKER_STALLED),
    Line("The purchase became a listing", "listing", COMPLETED, Cause.NO_LISTING),
)  # fmt: skip


@dataclass
class Seen:
    """What was seen of one order: mark -> (when, in which words); what was seen first counts."""

    marks: dict[str, tuple[datetime, str]] = field(default_factory=dict[str, tuple[datetime, str]])
    notes: dict[str, str] = field(default_factory=dict[str, str])
    """mark -> why it cannot be told here; such a line is skipped, not failed."""

    def note(self, mark: str, at: datetime, summary: str) -> bool:
        """Remember a mark; whether it is news."""
        is_new = mark not in self.marks
        self.marks.setdefault(mark, (at, summary))
        return is_new

    @property
    def stage(self) -> int:
        """How far the order got; -1 when it was never placed."""
        reached = (n for n, mark in enumerate(STAGE_MARKS) if mark in self.marks)
        return max(reached, default=-1)

    @property
    def whole(self) -> bool:
        """Whether every line of the checklist is seen or cannot be told."""
        return all(line.mark in self.marks or line.mark in self.notes for line in CHECKLIST)


def lines_of(seen: Seen, fault: Fault | None, at: datetime) -> list[Finding]:
    """The checklist as findings. `fault` is why the order did not get beyond its stage."""
    return list(_lines(seen, fault, at))


def _lines(seen: Seen, fault: Fault | None, at: datetime) -> Iterable[Finding]:
    is_told = False
    for line in CHECKLIST:
        if line.mark in seen.marks:
            when, summary = seen.marks[line.mark]
            yield Finding(3, line.name, "PASS", summary, when)
        elif line.stage <= seen.stage and line.mark in seen.notes:
            yield Finding(3, line.name, "SKIPPED", seen.notes[line.mark], at)
        elif line.stage <= seen.stage:
            yield Finding(3, line.name, "FAIL", "Not seen.", at, line.cause)
        elif not is_told:
            is_told = True
            why = fault or Fault(Cause.STALLED, "The order stopped before this step.")
            yield Finding(3, line.name, "FAIL", why.summary, at, why.cause)
        else:
            summary = "Not reached: the order stopped before this step."
            yield Finding(3, line.name, "SKIPPED", summary, at)


def skipped_lines(summary: str, at: datetime, cause: Cause | None = None) -> list[Finding]:
    """The whole checklist, not begun for a reason."""
    return [Finding(3, line.name, "SKIPPED", summary, at, cause) for line in CHECKLIST]


def from_events(events: Iterable[Mapping[str, object]], marks: Iterable[str]) -> dict[str, str]:
    """The first sentence of each wanted event among those of the staff API."""
    wanted = set(marks)
    found: dict[str, str] = {}
    for event in events:
        name = str(event["event"])
        if name in wanted:
            found.setdefault(name, f"{name} at {event['createdAt']}: {event['text']}")
    return found
