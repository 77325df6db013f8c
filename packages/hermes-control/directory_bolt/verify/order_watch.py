"""Watches one order on its way: the staff's screens, the live changes, the logs of this machine."""

import asyncio
import time
from typing import Any
from uuid import UUID

from directory_bolt.core.verification.causes import Cause
from directory_bolt.core.verification.checklist import (
    CLAIMED,
    PLACED,
    QUEUED,
    TRIGGERED,
    Seen,
    from_events,
)
from directory_bolt.core.verification.diagnosis import (
    Fault,
    hand_over_fault,
    process_fault,
    queue_fault,
    trouble_of,
)
from directory_bolt.core.verification.facts import Facts, in_words, json_of, table_of
from directory_bolt.verify.facts_reader import read_facts
from directory_bolt.verify.live import Changes
from directory_bolt.verify.logs import EVENTS, LINES, Logs
from directory_bolt.verify.target import TargetClient
from hermes_base.clock import Clock

EVERY_SECONDS = 0.15
MARKS = ("enqueued", "queue_claimed", "flow_triggered", "flow_started", "submission_complete")


class OrderWatch:
    """One order, looked at until its checklist is whole or nothing new is seen any more."""

    def __init__(
        self, client: TargetClient, changes: Changes, clock: Clock, seen: Seen, job_id: UUID
    ) -> None:
        self._client = client
        self._changes = changes
        self._clock = clock
        self._seen = seen
        self._job = str(job_id)
        folder = client.target.logs
        self._logs = Logs(folder) if folder and any(folder.glob("subscriber.log")) else None

    async def has_work(self) -> bool:
        """Whether the order holds any directory; True too where that cannot be read."""
        order = table_of(await self._client.get(f"/api/staff/jobs/{self._job}"))
        return order is None or order["directoriesTotal"] > 0

    async def follow(self, patience: float) -> Fault | None:
        """Look again and again; why the order did not get on, or None."""
        newest = time.monotonic()
        while not self._seen.whole:
            before = len(self._seen.marks)
            order = await self._look()
            if len(self._seen.marks) > before or await self._moves(order):
                newest = time.monotonic()
            limit = self._client.target.settle if "completed" in self._seen.marks else patience
            if time.monotonic() - newest > limit:
                break
            await asyncio.sleep(EVERY_SECONDS)
        return None if "completed" in self._seen.marks else await self._fault()

    async def _moves(self, order: dict[str, Any] | None) -> bool:
        """Whether another directory is done than at the last look."""
        done = order["directoriesDone"] if order else 0
        return bool(done) and self._seen.note(f"done_{done}", self._clock(), "")

    async def _look(self) -> dict[str, Any] | None:
        order = table_of(await self._client.get(f"/api/staff/jobs/{self._job}"))
        if order is not None:
            self._order(order)
            await self._lists(order)
        self._live()
        if self._logs is not None:
            for mark, line in self._logs.found(self._job).items():
                self._note(mark, line)
        return order

    def _note(self, mark: str, summary: str) -> None:
        self._seen.note(mark, self._clock(), summary)

    def _order(self, order: dict[str, Any]) -> None:
        """What the order's own page tells: events, results, progress, state."""
        events = order["timeline"]
        for mark, summary in from_events(events, MARKS).items():
            self._note(mark, summary)
        if self._logs is None:
            recorded = from_events(events, EVENTS.values())
            for mark in LINES:
                if summary := recorded.get(EVENTS[mark]):
                    self._note(mark, f"Its log is not on this machine. Matching event: {summary}")
        rows = [row for row in order["results"] if row["resultId"]]
        if rows:
            self._note("result_row", f"{rows[0]['directoryName']}: {rows[0]['statusText']}")
        if order["directoriesDone"]:
            self._note("progress", f"{order['progress']:g} %: {_counted(order)}")
        if order["status"] == "completed":
            self._note("completed", f"Completed at {order['completedAt']}.")
            self._ended(order, rows)

    def _ended(self, order: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        over = [row for row in rows if row["status"] != "submitting"]
        if len(over) == order["directoriesTotal"] == order["directoriesDone"]:
            kinds = ("submitted", "failed", "skipped", "needsManual")
            counts = ", ".join(f"{order[kind]} {kind}" for kind in kinds)
            self._note("accounted", f"{_counted(order)}: {counts}.")
        for row in over:
            if row["status"] == "submitted" and (row["listingUrl"] or row["confirmation"]):
                proof = row["listingUrl"] or f"confirmed as {row['confirmation']}"
                self._note("listing", f"{row['directoryName']}: {proof}")

    async def _lists(self, order: dict[str, Any]) -> None:
        """The dashboard's lists and its activity feed."""
        listed = "over" if order["status"] == "completed" else "active"
        if {"over": "moved", "active": "active"}[listed] not in self._seen.marks:
            await self._listed(listed)
        if "activity" not in self._seen.marks and "submission_complete" in self._seen.marks:
            feed = json_of(await self._client.get(f"/api/staff/history?jobId={self._job}"))
            if feed:
                self._note("activity", f"{len(feed)} events, the newest: {feed[0]['text']}")
        if "deleted" not in self._seen.marks and "flow_triggered" in self._seen.marks:
            self._message(table_of(await self._client.get("/api/staff/queue")))

    async def _listed(self, status: str) -> None:
        named = "completed" if status == "over" else status
        seen = await self._client.get(f"/api/staff/jobs?status={named}&q={self._job}")
        for row in (table_of(seen) or {}).get("orders", ()):
            mark = "moved" if status == "over" else "active"
            self._note(mark, f"Listed under {named} at {row['progress']:g} %.")

    def _message(self, queue: dict[str, Any] | None) -> None:
        """Messages carry no order outside: an empty queue proves it, a busy one tells nothing."""
        if queue is None or queue["visible"] is None:
            return
        left = queue["visible"] + queue["inFlight"]
        if left == 0:
            self._seen.notes.pop("deleted", None)
            self._note("deleted", "The queue is empty again.")
        elif queue["oldestSince"]:
            note = "Other orders stand in the queue; this one's message cannot be told from theirs."
            self._seen.notes["deleted"] = note

    def _live(self) -> None:
        """What an open dashboard received by itself."""
        moves = [c for c in self._changes.of(self._job, "jobs") if c["type"] == "UPDATE"]
        steps = {c["record"].get("progress") for c in moves} - {None, 0}
        if steps:
            percents = ", ".join(f"{step:g} %" for step in sorted(steps))
            self._note("live_progress", f"UPDATE jobs received, from {percents} on.")
        for change in self._changes.of(self._job, "job_results")[:1]:
            record = change["record"]
            self._note("live_result", f"{change['type']} job_results: {record.get('status')}.")

    async def _fault(self) -> Fault:
        """Why it stands where it stands, by what the processes say now."""
        facts = await read_facts(self._client, self._changes, self._clock)
        stage = self._seen.stage
        if stage <= PLACED:
            return hand_over_fault(facts, self._outbox(facts))
        if stage == QUEUED:
            return _first(facts, "subscriber", Cause.OTHER_QUEUE, engine=False)
        if stage == CLAIMED:
            return _first(facts, "subscriber", Cause.FLOW_ENGINE_AWAY, engine=True)
        worker = process_fault(facts, "flow-worker")
        if stage == TRIGGERED:
            return worker or Fault(Cause.WORKER_STALLED, "No flow worker has begun with it.")
        return worker or Fault(Cause.WORKER_STALLED, in_words(facts.reads["jobs"])[:120])

    def _outbox(self, facts: Facts) -> dict[str, Any] | None:
        waiting = (facts.queue or {}).get("outbox", [])
        return next((item for item in waiting if item["jobId"] == self._job), None)


def _first(facts: Facts, process: str, otherwise: Cause, *, engine: bool) -> Fault:
    """The process's absence, its own trouble, the queue's, else the general cause."""
    return (
        process_fault(facts, process)
        or trouble_of(facts, engine=True)
        or trouble_of(facts, engine=engine)
        or queue_fault(facts)
        or Fault(otherwise, f"The {process} is running and reports no problem.")
    )


def _counted(order: dict[str, Any]) -> str:
    return f"{order['directoriesDone']} of {order['directoriesTotal']} directories"
