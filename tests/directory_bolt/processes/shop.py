"""A whole order pipeline for a test: database, queue, engine, a scripted directory, a held clock."""

import hashlib
import hmac
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from directory_bolt.core.catalog.entries import DirectoryEntry
from directory_bolt.core.orders.messages import QueueBody
from directory_bolt.core.rows.orders import ClaimedOrder
from directory_bolt.core.rows.submissions import Submission
from directory_bolt.engines.embedded_flow import EmbeddedFlow
from directory_bolt.engines.postgres_queue import PostgresQueue
from directory_bolt.orders import Orders
from directory_bolt.processes.flow import Flow
from directory_bolt.processes.flow_worker import FlowWorker
from directory_bolt.processes.heartbeat import Heartbeat
from directory_bolt.processes.subscriber import Subscriber
from directory_bolt.storage import history, orders, results
from directory_bolt.submitting import BeforeClick, Outcome, Task
from hermes_base.postgres.database import Pool
from tests.support.room import HeldClock

SECRET = "whsec_test"

Visit = Callable[[Task, BeforeClick], Awaitable[Outcome]]


@dataclass
class ScriptedSubmitter:
    """Directories that do what the test says; `sent` counts forms as the directory counts them."""

    visits: dict[str, Visit] = field(default_factory=dict[str, Visit])
    sent: Counter[tuple[UUID, str]] = field(default_factory=Counter[tuple[UUID, str]])
    visited: Counter[str] = field(default_factory=Counter[str])
    listings: dict[str, str] = field(default_factory=dict[str, str])

    async def submit(self, task: Task, before_click: BeforeClick) -> Outcome:
        self.visited[task.directory_name] += 1
        return await self.visits.get(task.directory_name, self.accept)(task, before_click)

    async def accept(self, task: Task, before_click: BeforeClick) -> Outcome:
        """Fill in, send, and get a reference."""
        if not await before_click({"email": {"value": task.profile.email}}):
            return Outcome("skipped")
        self.sent[task.job_id, task.directory_name] += 1
        return Outcome("submitted", confirmation=f"REF-{task.directory_name}", screenshot="x.png")

    async def look_up(self, task: Task) -> str | None:
        return self.listings.get(task.directory_name)

    def left_behind(self, task: Task) -> str | None:
        return f"{task.result_id}-filled.png"


@dataclass
class Shop:
    """Everything a test of the pipeline needs."""

    pool: Pool
    orders: Orders
    clock: HeldClock
    submitter: ScriptedSubmitter

    async def directories(self, *names: str, **changes: Any) -> None:
        """Allowed directories of these names, in this order."""
        found = [
            {"name": name, "submission_url": f"https://{name}.example/submit?full=1", "tier": 1,
             "domain_authority": max(0, 90 - number), "pacing_seconds": 0, **changes}
            for number, name in enumerate(names)
        ]  # fmt: skip
        await self.orders.directories.put_demo(found)

    async def own_directories(self, *names: str, **changes: Any) -> None:
        """Allowed directories of the business's own."""
        entries = [
            DirectoryEntry(
                name=name, submission_url=f"https://{name}.example.org/submit?plan=free",
                pacing_seconds=0, terms_decision="allowed", **changes,
            )
            for name in names
        ]  # fmt: skip
        await self.orders.directories.put(entries, "ann")

    async def order(self, number: int) -> UUID:
        """A test order of so many directories."""
        return await self.orders.intake.create_test_order("tests", number)

    async def job(self, job_id: UUID) -> ClaimedOrder:
        row = await orders.claimed(self.pool, job_id)
        assert row is not None
        return row

    async def results(self, job_id: UUID) -> dict[str, Submission]:
        """Submissions by directory."""
        return {row.directory_name: row for row in await results.of_job(self.pool, job_id)}

    async def events(self, job_id: UUID) -> list[str]:
        return [row.event for row in await history.of_job(self.pool, job_id)]

    async def enqueue(self, job_id: UUID) -> str:
        """Through the same door as the brain."""
        job = await self.job(job_id)
        body = QueueBody(
            job_id=job_id, customer_id=job.customer_id, package_size=job.directories_promised,
            priority=job.priority, created_at=job.created_at, source=job.source,
        )  # fmt: skip
        return (await self.orders.queueing.enqueue(body)).message_id

    def subscriber(self, wait: float = 0) -> Subscriber:
        return Subscriber(
            self.pool, self.orders.queue, self.orders.engine, Heartbeat("subscriber"), wait
        )

    def flow(self, at_once: int = 4) -> Flow:
        return Flow(self.pool, self.submitter, at_once, self.clock, self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.clock.forward(seconds)

    def worker(self, lease: float = 20.0) -> FlowWorker:
        return FlowWorker(self.pool, self.flow(), Heartbeat("flow-worker"), lease=lease)

    async def work_off(self, job_id: UUID) -> None:
        """From the queue to the end of the flow."""
        if (await self.job(job_id)).message_id is None:
            await self.enqueue(job_id)
        await self.subscriber().turn()
        await self.worker().drain()


def shop_on(pool: Pool, evidence: Path) -> Shop:
    clock = HeldClock()
    queue, engine = PostgresQueue(pool), EmbeddedFlow(pool)
    return Shop(pool, Orders(pool, queue, engine, evidence, clock), clock, ScriptedSubmitter())


def checkout(number: int = 1, **session: Any) -> dict[str, Any]:
    """A Stripe event as Stripe sends it when a checkout is paid."""
    return {
        "id": f"evt_{number}",
        "object": "event",
        "type": "checkout.session.completed",
        "livemode": False,
        "data": {
            "object": {
                "id": f"cs_{number}",
                "object": "checkout.session",
                "payment_status": "paid",
                "amount_subtotal": 14_900,
                "amount_total": 14_900,
                "currency": "usd",
                "livemode": False,
                "customer_details": {
                    "email": "ada@bakery.example.com",
                    "name": "Ada Miller",
                    "phone": "+12125550142",
                    "address": {"line1": "12 Mill Street", "city": "Springfield", "country": "US",
                                "postal_code": "62701", "state": "IL", "line2": None},
                },
                "metadata": {"package_type": "starter", "business_name": "Mill Bakery",
                             "website": "bakery.example.com"},
                **session,
            }
        },
    }  # fmt: skip


def signed(event: dict[str, Any], secret: str = SECRET, at: int | None = None) -> tuple[bytes, str]:
    """The body and the Stripe-Signature header of an event."""
    body = json.dumps(event).encode()
    stamp = int(time.time()) if at is None else at
    proof = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return body, f"t={stamp},v1={proof}"
