"""Intake: from a Stripe event, or a request for a test order, to an order in the outbox."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard
from uuid import UUID

import structlog

from directory_bolt.core.orders.invented import invented_business
from directory_bolt.core.orders.packages import PACKAGES
from directory_bolt.core.orders.profile import BusinessProfile
from directory_bolt.core.orders.purchases import FAILED_EVENTS, PAID_EVENTS, Purchase, purchase_of
from directory_bolt.core.orders.reversals import REVERSING, reversal_of
from directory_bolt.core.orders.unfit_payments import session_of, whose
from directory_bolt.placing import Placement, place
from directory_bolt.reversals import reverse, taken_back
from directory_bolt.storage import alerts, history, inbox, orders
from hermes_base.postgres import audit
from hermes_base.postgres.database import Connection, Pool
from hermes_base.problems import Problem

log = structlog.get_logger()

PROVING_DIRECTORIES = 5
UNSTORABLE_ID = "unstorable:"
LONGEST_NAME = 255
"""Characters of an event's id and type: Stripe promises that ids stay within this."""


@dataclass(frozen=True, slots=True)
class WebhookResult:
    """What became of a webhook event. `outcome` is job_created, payment_failed, ignored, unpaid,
    refused or reversed (refunded or disputed); `detail` says why; `duplicate` that the event, or its session, was known already."""

    outcome: str
    detail: str = ""
    job_id: UUID | None = None
    duplicate: bool = False


class Intake:
    """Makes orders: customer, order, work list and outbox message in one transaction."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def receive_event(self, event: Mapping[str, Any]) -> WebhookResult:
        """Process a Stripe event once, however often it is delivered.

        Raises `invalid_event` for what is not an event. A payment that cannot become an order is kept
        in the inbox and raises an alert.
        """
        event_id, kind = event.get("id"), event.get("type")
        if not _is_name(event_id) or not _is_name(kind):
            message = "The event has no id or no type, or a very long one."
            raise Problem("invalid_event", message, "Send the Stripe event unchanged.", field="id")
        async with self._pool.acquire() as connection, connection.transaction():
            # The insert locks the event: a delivery at the same time waits here for our commit.
            if not await inbox.receive(connection, event_id, kind, dict(event)):
                return await _earlier_result(connection, event_id)
            fault = _fault_of_origin(event)
            found = (
                WebhookResult("refused", fault)
                if fault
                else await self._settle(connection, kind, session_of(event))
            )
            await inbox.settle(connection, event_id, found.outcome, found.detail, found.job_id)
            await _record(connection, event_id, found, whose(event_id, session_of(event)))
        log.info(
            "webhook received", eventId=event_id, type=kind, outcome=found.outcome,
            jobId=str(found.job_id) if found.job_id else None,
        )  # fmt: skip
        return found

    async def keep_unstorable(self, body: bytes, error: Exception) -> WebhookResult:
        """Keep a signed event that no table can hold, byte for byte, and tell staff of it.

        Stripe would send it for days and then be silent: whoever paid would have no order, and nobody
        would know.
        """
        event_id = f"{UNSTORABLE_ID}{hashlib.sha256(body).hexdigest()}"
        found = WebhookResult("refused", f"The event cannot be stored ({type(error).__name__}).")
        payload = {"base64": base64.b64encode(body).decode()}
        async with self._pool.acquire() as connection, connection.transaction():
            if not await inbox.receive(connection, event_id, "unstorable", payload):
                return await _earlier_result(connection, event_id)
            await inbox.settle(connection, event_id, found.outcome, found.detail)
            await _record(connection, event_id, found)
        log.error("a signed event cannot be stored", eventId=event_id, error=type(error).__name__)
        return found

    async def create_test_order(
        self, actor: str, number: int = 5, source: str = "test", tag: str = "", key: str = ""
    ) -> UUID:
        """Create an order of an invented business for `number` demo directories.

        It takes the whole way from the outbox on. `tag` names the business; the same `key` gives the
        same order. Raises `no_directories`, and `invalid_request` for a key with another `number`.
        """
        tag = tag or (
            hashlib.sha256(key.encode()).hexdigest()[:12] if key else secrets.token_hex(4)
        )
        profile = BusinessProfile.model_validate(invented_business(tag))
        session = f"{source}:{key}" if key else None
        async with self._pool.acquire() as connection, connection.transaction():
            wanted = Placement(profile, PACKAGES["starter"], number, source, session, {"tag": tag})
            job = await place(connection, wanted)
            if job is None:
                return await _order_of_key(connection, f"{source}:{key}", number)
            if job.directories_total == 0:
                hint = "Test orders never go to real directories. Start the demo with: hermes up --demo"
                raise Problem("no_directories", "No demo directory is registered here.", hint)
            await history.record(connection, job.id, "job_created", by=actor)
            await audit.record(connection, actor, "order_created", str(job.id), source=source)
        return job.id

    async def _settle(
        self, connection: Connection, kind: str, session: Mapping[str, Any]
    ) -> WebhookResult:
        """Decide what an event means, and create its order."""
        if kind in REVERSING:
            return await _reversed(connection, kind, session)
        if kind in FAILED_EVENTS:
            return WebhookResult(
                "payment_failed", "The payment did not succeed, so no order was created."
            )
        if kind not in PAID_EVENTS:
            return WebhookResult("ignored", f"{kind} events do not create orders.")
        try:
            purchase = purchase_of(session)
        except Problem as problem:
            return WebhookResult("refused", f"{problem.message} {problem.hint}")
        if not purchase.paid:
            return WebhookResult(
                "unpaid", "Not paid yet. Hermes waits for Stripe to confirm the payment."
            )
        if purchase.price_fault:
            return WebhookResult("refused", purchase.price_fault)
        return await _bought(connection, purchase)


def _is_name(given: object) -> TypeGuard[str]:
    return isinstance(given, str) and len(given) <= LONGEST_NAME


def _fault_of_origin(event: Mapping[str, Any]) -> str:
    """Why an event is not to be believed whatever it says: it is another account's, or contradicts itself."""
    account = event.get("account")
    if account:
        return f"The event belongs to the connected account {account}, not to the account of this installation."
    modes = {event.get("livemode"), session_of(event).get("livemode")} - {None}
    if modes == {True, False}:
        return "The event and what it is about disagree on whether this is Stripe's test mode."
    return ""


async def _reversed(connection: Connection, kind: str, about: Mapping[str, Any]) -> WebhookResult:
    reversal = reversal_of(kind, about)
    if reversal:
        await inbox.lock_payment(connection, reversal.payment)
    found = await reverse(connection, reversal) if reversal else None
    if found is None:
        return WebhookResult("ignored", "No order was paid for with this payment.")
    job_id, detail = found
    return WebhookResult("reversed", detail, job_id)


async def _bought(connection: Connection, purchase: Purchase) -> WebhookResult:
    gone = await taken_back(connection, purchase.payment)
    known = await orders.of_session(connection, purchase.session)
    if known is None:
        if gone:
            return WebhookResult(
                "refused", f"{gone} Stripe said so before it confirmed the payment."
            )
        kept = {"tag": purchase.proves, "payment_intent": purchase.payment}
        metadata = {name: value for name, value in kept.items() if value}
        wanted = Placement(
            purchase.profile, purchase.bought, *_extent(purchase), purchase.session, metadata,
            live=not purchase.test_mode, lacking=() if purchase.proves else purchase.lacking,
        )  # fmt: skip
        job = await place(connection, wanted)
        if job is not None:
            return WebhookResult("job_created", "", job.id)
        known = await orders.of_session(connection, purchase.session)
    message = "This checkout session already has an order."
    return WebhookResult("job_created", message, known, duplicate=True)


async def _record(
    connection: Connection, event_id: str, found: WebhookResult, about: str = ""
) -> None:
    """`about` says whose payment it is, where Stripe tells it."""
    if found.outcome == "job_created" and found.job_id is not None and not found.duplicate:
        await history.record_all(
            connection, found.job_id,
            [("webhook_received", None, {"event": event_id}), ("job_created", None, {})],
        )  # fmt: skip
    if found.outcome == "refused":
        text = f"No order could be created from a payment: {found.detail} {about}".rstrip()
        await alerts.raise_alert(connection, f"intake:{event_id}", "intake", text)


async def _earlier_result(connection: Connection, event_id: str) -> WebhookResult:
    known = await inbox.event(connection, event_id)
    assert known is not None, "it was found in this transaction"  # noqa: S101
    return WebhookResult(known.outcome, known.detail, known.job_id, duplicate=True)


async def _order_of_key(connection: Connection, session: str, number: int) -> UUID:
    """The test order that this key has already; the same key for another order is refused."""
    known = await orders.of_session(connection, session)
    assert known is not None, "it was in the way"  # noqa: S101
    job = await orders.lock(connection, known)
    if job is None or job.directories_promised != number:
        message = "This Idempotency-Key was already used with a different number of directories."
        hint = "Use a new key for a new order."
        raise Problem("invalid_request", message, hint, field="Idempotency-Key")
    return known


def _extent(purchase: Purchase) -> tuple[int, str]:
    """(directories, source): a purchase that only proves the system is small."""
    if purchase.proves:
        return PROVING_DIRECTORIES, "verify"
    return purchase.bought.directories, "stripe"
