"""Everything Directory-Bolt can do, on one page. Pages, API, CLI and its processes speak to this."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast
from uuid import UUID

import structlog
from asyncpg import Record

from directory_bolt.core.orders.invented import invented_business
from directory_bolt.core.orders.messages import QueueBody
from directory_bolt.core.orders.packages import PACKAGES, Package, package
from directory_bolt.core.orders.processes import WATCHED_KINDS
from directory_bolt.core.orders.profile import BusinessProfile, idempotency_key, identity_of
from directory_bolt.core.orders.purchases import FAILED_EVENTS, PAID_EVENTS, Purchase, purchase_of
from directory_bolt.core.orders.states import OPEN, ResultReason
from directory_bolt.engines.flow import FlowAwayError, FlowEngine
from directory_bolt.engines.queue import Queue, QueueAwayError
from directory_bolt.storage import (
    customers,
    dead_letters,
    directories,
    flows,
    history,
    inbox,
    messages,
    orders,
    results,
    watching,
)
from directory_bolt.storage.stopping import stop_attempts
from hermes_base.clock import Clock, utc_now
from hermes_base.postgres import audit
from hermes_base.postgres.database import Connection, Pool
from hermes_base.problems import Problem, not_found

log = structlog.get_logger()

Resolution = Literal["submitted", "failed", "skipped"]
PROVING_DIRECTORIES = 5


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a webhook event."""

    outcome: str
    detail: str = ""
    job_id: UUID | None = None
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Enqueued:
    """An order in its queue; `is_new` is False when it stood there already."""

    job_id: UUID
    message_id: str
    queue_provider: str
    status: str
    is_new: bool


class Orders:
    """Directory-Bolt. Raises `Problem` for what was asked wrongly."""

    def __init__(
        self, pool: Pool, queue: Queue, engine: FlowEngine, evidence: Path, clock: Clock = utc_now
    ) -> None:
        self.pool = pool
        self.queue = queue
        self.engine = engine
        self.evidence = evidence
        self.clock = clock

    # From the payment to the queue -----------------------------------------------------------------

    async def receive_event(self, event: Mapping[str, Any]) -> Received:
        """Take in a Stripe event, once: customer, order, work list and outbox in one transaction.

        Raises `invalid_event` for what is no event. What cannot be an order is kept and said.
        """
        event_id, kind = event.get("id"), event.get("type")
        if not isinstance(event_id, str) or not isinstance(kind, str):
            message = "The event has no id or no type."
            raise Problem("invalid_event", message, "Send Stripe events as they are.", field="id")
        session = _session(event)
        async with self.pool.acquire() as connection, connection.transaction():
            if not await inbox.receive(connection, event_id, kind, dict(event)):
                return await self._again(connection, event_id)
            found = await self._settle(connection, kind, session)
            await inbox.settle(connection, event_id, found.outcome, found.detail, found.job_id)
            if found.job_id is not None and not found.duplicate:
                await self._created(connection, found.job_id, event_id)
            if found.outcome == "refused":
                text = f"A payment could not become an order: {found.detail}"
                await watching.raise_alert(connection, f"intake:{event_id}", "intake", text)
        log.info(
            "webhook received", eventId=event_id, type=kind, outcome=found.outcome,
            jobId=str(found.job_id) if found.job_id else None,
        )  # fmt: skip
        return found

    async def _again(self, connection: Connection, event_id: str) -> Received:
        known = await inbox.event(connection, event_id)
        assert known is not None, "it was found in this transaction"  # noqa: S101
        return Received(known["outcome"], known["detail"], known["job_id"], duplicate=True)

    async def _settle(
        self, connection: Connection, kind: str, session: Mapping[str, Any]
    ) -> Received:
        if kind in FAILED_EVENTS:
            return Received("payment_failed", "The payment did not arrive; there is no order.")
        if kind not in PAID_EVENTS:
            return Received("ignored", f"{kind} makes no order.")
        try:
            purchase = purchase_of(session)
        except Problem as problem:
            return Received("refused", f"{problem.message} {problem.hint}")
        if not purchase.paid:
            return Received("unpaid", "Not paid yet; Stripe tells when the payment has arrived.")
        if purchase.price_fault:
            return Received("refused", purchase.price_fault)
        return await self._bought(connection, purchase)

    async def _bought(self, connection: Connection, purchase: Purchase) -> Received:
        bought, profile = purchase.bought, purchase.profile
        known = await inbox.job_of_session(connection, purchase.session)
        if known is None:
            job = await self._add(
                connection, profile, bought, *_extent(purchase), purchase.session,
                metadata={"tag": purchase.proves} if purchase.proves else None,
            )  # fmt: skip
            if job is not None:
                return Received("job_created", "", job["id"])
            known = await inbox.job_of_session(connection, purchase.session)
        said = "This checkout session has its order already."
        return Received("job_created", said, known, duplicate=True)

    async def _created(self, connection: Connection, job_id: UUID, event_id: str) -> None:
        await history.record_all(
            connection, job_id,
            [("webhook_received", None, {"event": event_id}), ("job_created", None, {})],
        )  # fmt: skip

    async def _add(
        self,
        connection: Connection,
        profile: BusinessProfile,
        bought: Package,
        promised: int,
        source: str,
        session: str | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> Record | None:
        """Customer, order, work list and outbox; None when the session has an order already."""
        customer = await customers.put(connection, profile, identity_of(profile), bought.slug)
        job = await orders.add(connection, customer, bought, promised, source, session, metadata)
        if job is None:
            return None
        if job["directories_total"] < promised:
            await self._short(connection, job)
        await inbox.post(connection, job["id"], _body(job).model_dump(mode="json"))
        return job

    async def _short(self, connection: Connection, job: Record) -> None:
        """Fewer directories than were paid for is said aloud, never hidden."""
        promised, total = job["directories_promised"], job["directories_total"]
        text = f"{promised} directories were paid for, only {total} are enabled and allowed."
        await history.record(connection, job["id"], "shortage", promised=promised, available=total)
        await watching.raise_alert(connection, f"shortage:{job['id']}", "shortage", text, job["id"])

    async def create_test_order(
        self, actor: str, number: int = 5, source: str = "test", tag: str = "", key: str = ""
    ) -> UUID:
        """One small order of an invented business, from the outbox on; of one `key` there is one.

        Such orders go to demo directories alone. Raises `no_directories`, `invalid_request`.
        """
        tag = tag or (
            hashlib.sha256(key.encode()).hexdigest()[:12] if key else secrets.token_hex(4)
        )
        profile = BusinessProfile.model_validate(invented_business(tag))
        async with self.pool.acquire() as connection, connection.transaction():
            job = await self._add(
                connection, profile, PACKAGES["starter"], number, source,
                f"{source}:{key}" if key else None, {"tag": tag},
            )  # fmt: skip
            if job is None:
                return await self._same(connection, f"{source}:{key}", number)
            if job["directories_total"] == 0:
                hint = "An invented business is never sent to a real directory. Start the demo: hermes up --demo"
                raise Problem("no_directories", "No demo directory is registered here.", hint)
            await history.record(connection, job["id"], "job_created", by=actor)
            await audit.record(connection, actor, "order_created", str(job["id"]), source=source)
        return job["id"]

    async def _same(self, connection: Connection, session: str, number: int) -> UUID:
        """The test order that this key has already; the same key for another order is refused."""
        known = await inbox.job_of_session(connection, session)
        assert known is not None, "it was in the way"  # noqa: S101
        job = await orders.lock(connection, known)
        if job is None or job["directories_promised"] != number:
            message = "This Idempotency-Key came with another number of directories."
            hint = "Use a new key for a new order."
            raise Problem("invalid_request", message, hint, field="Idempotency-Key")
        return known

    async def enqueue(self, body: QueueBody) -> Enqueued:
        """Put an order into the queue, once.

        Raises `unknown_order`, `order_mismatch`, `order_over`, `queue_away`.
        """
        async with self.pool.acquire() as connection, connection.transaction():
            job = await orders.lock(connection, body.job_id)
            self._require_pending(job, body)
            assert job is not None  # noqa: S101  # required just now
            if job["message_id"]:
                return _enqueued(job, is_new=False)
            try:
                message_id = await self.queue.send(
                    body.model_dump_json(), body.priority, connection
                )
            except QueueAwayError as error:
                hint = "Nothing was queued; ask again when the queue is back."
                raise Problem("queue_away", f"The queue is away: {error}.", hint) from error
            done = await orders.enqueued(connection, job["id"], message_id, self.queue.provider)
            assert done is not None, "the order is locked and pending"  # noqa: S101
            await history.record(
                connection, job["id"], "enqueued", message_id=message_id,
                queue_provider=self.queue.provider,
            )  # fmt: skip
        return _enqueued(done, is_new=True)

    def _require_pending(self, job: Record | None, body: QueueBody) -> None:
        if job is None:
            raise not_found("unknown_order", body.job_id, "Create the order first.")
        if job["customer_id"] != body.customer_id:
            message = "The order belongs to another customer."
            raise Problem("order_mismatch", message, "Send the order's own customer_id.", field="customer_id")  # fmt: skip
        if job["status"] not in OPEN or (job["status"] == "in_progress" and not job["message_id"]):
            message = f"The order is {job['status']}."
            raise Problem("order_over", message, "Only a pending order can be queued.")

    # What staff do ---------------------------------------------------------------------------------

    async def cancel(self, job_id: UUID, actor: str) -> None:
        """Stop an order: what was submitted stays, nothing more is sent. Raises `order_over`."""
        async with self.pool.acquire() as connection, connection.transaction():
            flow = await flows.lock_open_flow(connection, job_id)
            await self._lock(connection, job_id)
            if await orders.move(connection, job_id, "cancelled") is None:
                raise Problem(
                    "order_over", "The order is over.", "There is nothing left to cancel."
                )
            if flow is None or flow["leased_by"] is None:  # no worker would end what is open
                await self._stop(connection, job_id, flow, actor)
            await history.record(connection, job_id, "cancelled", by=actor)
            await audit.record(connection, actor, "order_cancelled", str(job_id))
        if flow is not None and flow["external_id"]:
            try:
                await self.engine.cancel(flow["external_id"])
            except FlowAwayError as error:
                log.warning("the flow engine did not hear of the cancel", error=str(error))

    async def _stop(
        self, connection: Connection, job_id: UUID, flow: Record | None, actor: str
    ) -> None:
        if flow is not None:
            await flows.finish(connection, flow["id"], None, "cancelled", f"by {actor}")
        await stop_attempts(connection, job_id, actor)

    async def retry_failed(self, job_id: UUID, actor: str) -> int:
        """Try the failed directories of an order that is over again. Returns how many there are."""
        async with self.pool.acquire() as connection, connection.transaction():
            await self._lock(connection, job_id)
            found = [r for r in await results.of_job(connection, job_id) if r["status"] == "failed"]
            if not found:
                raise Problem("nothing_to_retry", "No directory of this order failed.", "Look at those that need somebody.")  # fmt: skip
            for row in found:
                await self._anew(connection, row["id"], actor)
            await self._requeue(connection, job_id, actor)
        return len(found)

    async def retry_one(self, result_id: UUID, actor: str) -> UUID:
        """Submit to one directory once more, deliberately, under a new key. Returns the order."""
        async with self.pool.acquire() as connection, connection.transaction():
            row = await self._anew(connection, result_id, actor)
            await self._requeue(connection, row["job_id"], actor)
        return row["job_id"]

    async def _anew(self, connection: Connection, result_id: UUID, actor: str) -> Record:
        known = await results.result(connection, result_id)
        if known is None:
            raise not_found(
                "unknown_result", result_id, "Take an id from the results of the order."
            )
        key = idempotency_key(
            known["identity"],
            str(known["directory_id"]),
            str(known["job_id"]),
            known["revision"] + 1,
        )
        again = ("failed", "skipped", "needs_manual")
        row = await results.begin_anew(connection, result_id, key, again)
        if row is None:
            message = f"This directory is {known['status']}."
            hint = "Only what failed, was skipped or needs somebody can be tried again."
            raise Problem("wrong_state", message, hint)
        await orders.recount(connection, row["job_id"])
        await history.record(
            connection, row["job_id"], "retry_scheduled", row["directory_name"], by=actor
        )
        return row

    async def _requeue(self, connection: Connection, job_id: UUID, actor: str) -> None:
        """An order that was over goes back through the whole chain; one going on takes it up itself."""
        job = await orders.lock(connection, job_id)
        assert job is not None  # noqa: S101  # its result was found
        if job["status"] == "cancelled":
            raise Problem("order_over", "The order is cancelled.", "Create a new order.")
        if job["status"] in ("completed", "failed"):
            await orders.move(connection, job_id, "pending")
            await orders.unqueue(connection, job_id)
            again = await orders.lock(connection, job_id)
            assert again is not None  # noqa: S101
            await inbox.post(connection, job_id, _body(again).model_dump(mode="json"))
        await audit.record(connection, actor, "order_retried", str(job_id))

    async def set_priority(self, job_id: UUID, priority: int, actor: str) -> None:
        """1 is worked on first, 4 last. Raises `order_over`, `invalid_request`."""
        if priority not in (1, 2, 3, 4):
            raise Problem("invalid_request", "The priority is 1, 2, 3 or 4.", "1 is first.", field="priority")  # fmt: skip
        async with self.pool.acquire() as connection, connection.transaction():
            before = await self._lock(connection, job_id)
            row = await orders.set_priority(connection, job_id, priority)
            if row is None:
                raise Problem("order_over", "The order is over.", "Its priority changes nothing.")
            if row["message_id"] and self.queue.provider == "postgres":
                await messages.reprioritise(connection, row["message_id"], priority)
            await history.record(
                connection, job_id, "priority_changed", by=actor, before=before["priority"],
                after=priority,
            )  # fmt: skip
            await audit.record(connection, actor, "order_priority", str(job_id), priority=priority)

    async def push(self, job_id: UUID, actor: str) -> None:
        """Hand a pending order to the queue now, not at its next turn. Raises `order_over`, `already_queued`."""
        async with self.pool.acquire() as connection, connection.transaction():
            job = await self._lock(connection, job_id)
            if job["status"] != "pending":
                message = f"The order is {job['status'].replace('_', ' ')}."
                raise Problem("order_over", message, "Only a pending order can be queued.")
            if job["message_id"]:
                hint = "Give it priority 1 to have it worked on first."
                raise Problem("already_queued", "The order stands in the queue already.", hint)
            if not await inbox.hurry(connection, job_id):
                await inbox.post(connection, job_id, _body(job).model_dump(mode="json"))
            await audit.record(connection, actor, "order_pushed", str(job_id))

    async def close_alert(self, key: str, actor: str) -> None:
        """Say that an alert has been dealt with. Raises `unknown_alert`."""
        async with self.pool.acquire() as connection, connection.transaction():
            row = await watching.close_alert(connection, key, WATCHED_KINDS)
            if row is None:
                hint = "It is closed, or closes by itself when its trouble is over."
                raise not_found("unknown_alert", key, hint)
            await audit.record(connection, actor, "alert_closed", key, text=row["text"])

    async def replay(self, letter_id: UUID, actor: str) -> UUID:
        """Send a dead letter on its way again. Returns its order. Raises `unknown_dead_letter`."""
        async with self.pool.acquire() as connection, connection.transaction():
            letter = await dead_letters.take(connection, letter_id, actor)
            if letter is None:
                raise not_found(
                    "unknown_dead_letter", letter_id, "It may have been replayed already."
                )
            if letter["job_id"] is None:
                message = "This letter names no order; it cannot be worked off."
                raise Problem("not_replayable", message, "Correct what sent it.")
            job = await self._lock(connection, letter["job_id"])
            await history.record(connection, job["id"], "replayed", by=actor)
            if job["status"] == "failed":
                await orders.move(connection, job["id"], "pending")
            elif job["status"] != "pending":
                raise Problem("order_over", f"The order is {job['status']}.", "Nothing to replay.")
            await orders.unqueue(connection, job["id"])
            row = await orders.lock(connection, job["id"])
            assert row is not None  # noqa: S101
            await inbox.post(connection, job["id"], _body(row).model_dump(mode="json"))
            await audit.record(connection, actor, "dead_letter_replayed", str(letter_id))
        return letter["job_id"]

    async def resolve(
        self,
        result_id: UUID,
        resolution: Resolution,
        actor: str,
        listing_url: str = "",
        note: str = "",
    ) -> UUID:
        """A person says how a directory that needed one ended. Raises `wrong_state`."""
        reason = None if resolution == "submitted" else ResultReason.REJECTED.value
        async with self.pool.acquire() as connection, connection.transaction():
            row = await results.resolve(
                connection, result_id, resolution, reason, note, listing_url or None
            )
            if row is None:
                raise Problem("wrong_state", "This directory does not wait for somebody.", "Reload the page.")  # fmt: skip
            await orders.recount(connection, row["job_id"])
            await history.record(
                connection, row["job_id"], "manual_resolved", row["directory_name"], by=actor,
                status=resolution,
            )  # fmt: skip
            await audit.record(
                connection, actor, "manual_resolved", str(result_id), status=resolution
            )
        return row["job_id"]

    async def decide_terms(self, directory_id: UUID, decision: str, note: str, actor: str) -> None:
        """Record whether a directory's terms allow submissions. Raises `unknown_directory`."""
        if decision not in ("allowed", "refused", "unknown"):
            raise Problem("invalid_request", f"{decision!r} is no decision.", "Use allowed, refused or unknown.", field="decision")  # fmt: skip
        async with self.pool.acquire() as connection, connection.transaction():
            row = await directories.decide_terms(connection, directory_id, decision, note, actor)
            if row is None:
                raise not_found(
                    "unknown_directory", directory_id, "Take an id from the directories."
                )
            await audit.record(
                connection, actor, "directory_terms", row["name"], decision=decision, note=note
            )

    async def enable_directory(self, directory_id: UUID, enabled: bool, actor: str) -> None:
        """Switch a directory on or off for orders to come. Raises `unknown_directory`."""
        async with self.pool.acquire() as connection, connection.transaction():
            row = await directories.enable(connection, directory_id, enabled)
            if row is None:
                raise not_found(
                    "unknown_directory", directory_id, "Take an id from the directories."
                )
            action = "directory_enabled" if enabled else "directory_disabled"
            await audit.record(connection, actor, action, row["name"])

    async def put_demo_directories(self, found: Sequence[Mapping[str, Any]]) -> int:
        """Register the directories that the sandbox serves now, wherever it served them before; those
        that are gone are switched off."""
        served = [str(each["submission_url"]) for each in found]
        async with self.pool.acquire() as connection, connection.transaction():
            await directories.move_demo(connection, served)
            count = await directories.put_all(connection, found, demo=True)
            await directories.retire_demo(connection, served)
        return count

    # Erasing ---------------------------------------------------------------------------------------

    async def erase_customer(self, email: str, actor: str) -> int:
        """The one way to erase a person: personal data goes, figures and the audit stay.

        Returns how many customers were erased. Raises `unknown_customer`, `order_open`.
        """
        async with self.pool.acquire() as connection, connection.transaction():
            found = await customers.by_email(connection, email)
            if not found:
                raise not_found("unknown_customer", email, "Give the e-mail address of the order.")
            ids = [row["id"] for row in found]
            jobs = [row["id"] for row in await customers.erase(connection, ids)]
            for job in jobs:
                row = await orders.lock(connection, job)
                if row is not None and row["status"] in OPEN:
                    message = "An order of this customer is still going on."
                    raise Problem("order_open", message, "Cancel it, or wait for its end.")
            files = await results.erase(connection, jobs)
            await inbox.erase(connection, jobs)
            await history.erase_details(connection, jobs)
            await audit.record(connection, actor, "customer_erased", str(ids[0]), orders=len(jobs))
        self._unlink(files)
        return len(ids)

    async def delete_test_order(self, job_id: UUID) -> None:
        """Take a test order away whole, as if it had never been. Raises for an order of a customer."""
        async with self.pool.acquire() as connection, connection.transaction():
            job = await self._lock(connection, job_id)
            if job["source"] not in ("test", "verify"):
                raise Problem(
                    "not_a_test", "This is the order of a customer.", "Use erase-customer."
                )
            rows = await results.of_job(connection, job_id)
            if job["message_id"] and job["queue_provider"] == "postgres":
                await messages.forget(connection, UUID(job["message_id"]))
            await inbox.forget(connection, job_id)
            await orders.delete(connection, [job_id])
            await customers.delete_without_orders(connection, job["customer_id"])
        self._unlink([name for row in rows for name in results.evidence_of(row)])

    def _unlink(self, names: Sequence[str]) -> None:
        for name in names:
            for file in self.evidence.glob(f"{name}*"):
                file.unlink(missing_ok=True)

    async def _lock(self, connection: Connection, job_id: UUID) -> Record:
        job = await orders.lock(connection, job_id)
        if job is None:
            raise not_found("unknown_order", job_id, "Take an id from the staff dashboard.")
        return job


def _session(event: Mapping[str, Any]) -> Mapping[str, Any]:
    data = event.get("data")
    found = cast("Mapping[str, Any]", data).get("object") if isinstance(data, dict) else None
    return cast("Mapping[str, Any]", found) if isinstance(found, dict) else {}


def _extent(purchase: Purchase) -> tuple[int, str]:
    """How many directories, and the source: what only proves the system is small."""
    if purchase.proves:
        return PROVING_DIRECTORIES, "verify"
    return purchase.bought.directories, "stripe"


def _body(job: Record) -> QueueBody:
    return QueueBody(
        job_id=job["id"],
        customer_id=job["customer_id"],
        package_size=job["directories_promised"],
        priority=job["priority"],
        created_at=job["created_at"],
        source=job["source"],
        metadata={"package_type": package(job["package_type"]).slug},
    )


def _enqueued(job: Record, *, is_new: bool) -> Enqueued:
    return Enqueued(job["id"], job["message_id"], job["queue_provider"], "queued", is_new)
