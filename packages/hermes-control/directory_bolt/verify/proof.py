"""Phase 3: one small order through the whole chain, watched, and taken away again."""

import secrets
from uuid import UUID, uuid4

from directory_bolt.core.orders.paid import paid_event, signature_of
from directory_bolt.core.orders.purchases import PROVES
from directory_bolt.core.verification.causes import Cause
from directory_bolt.core.verification.checklist import Seen, lines_of, skipped_lines
from directory_bolt.core.verification.diagnosis import Fault, cause_in
from directory_bolt.core.verification.facts import in_words, table_of
from directory_bolt.core.verification.findings import Finding
from directory_bolt.verify.cleanup import clean_up
from directory_bolt.verify.live import Changes
from directory_bolt.verify.order_watch import OrderWatch
from directory_bolt.verify.target import TargetClient, bytes_of
from hermes_base.clock import Clock
from hermes_base.http.answers import Answer
from hermes_base.reasons import Failure

NO_DEMO = "No demo directory is registered on that server, and a test order is never sent to a real directory. Start that server with: hermes up --demo"


class Proof:
    """One order of an invented business, and what was seen of it."""

    def __init__(
        self,
        client: TargetClient,
        changes: Changes,
        clock: Clock,
        patience: float,
        away: Fault | None = None,
    ) -> None:
        """`away` is what the server said before of its database."""
        self._client = client
        self._away = away
        self._changes = changes
        self._clock = clock
        self._patience = patience

    async def prove(self) -> list[Finding]:
        """The checklist, line by line; skipped whole where it cannot be begun or not be tidied up."""
        if (obstacle := await self._obstacle()) is not None:
            return skipped_lines(obstacle.summary, self._clock(), obstacle.cause)
        seen = Seen()
        paid = await self._pay(seen)
        if isinstance(paid, Fault):
            if paid.cause is Cause.STRIPE_NOT_CONFIGURED:
                return skipped_lines(paid.summary, self._clock(), paid.cause)
            is_known = self._away is not None and paid.cause is Cause.DATABASE_AWAY
            return lines_of(seen, self._away if is_known else paid, self._clock())
        return await self._followed(paid, seen)

    async def _obstacle(self) -> Fault | None:
        """Why no order may be made: no signature, or no right to take it away again."""
        if not self._client.target.stripe_secret:
            message = (
                "Not checked: no webhook secret is set here, so no signed payment can be sent."
            )
            return Fault(Cause.SIGNATURE, message)
        probe = await self._client.ask("DELETE", f"/api/staff/jobs/{uuid4()}")
        if isinstance(probe, Answer) and probe.status in (401, 403):
            message = "This token may not delete test orders, so none is made: it needs the role operator."
            return Fault(Cause.ACCESS, message)
        return None

    async def _pay(self, seen: Seen) -> UUID | Fault:
        """A signed purchase, delivered twice, as Stripe does when it doubts."""
        tag, now = secrets.token_hex(6), int(self._clock().timestamp())
        event = paid_event("starter", tag, now, **{PROVES: tag})
        signature = signature_of(bytes_of(event), self._client.target.stripe_secret, now)
        first = await self._client.pay(event, signature)
        reply = table_of(first)
        if reply is None or not reply.get("jobId"):
            return _refusal(first)
        seen.note("placed", self._clock(), f"Order {reply['jobId']} for an invented business.")
        again = table_of(await self._client.pay(event, signature)) or {}
        if again.get("duplicate") and again.get("jobId") == reply["jobId"]:
            seen.note("once", self._clock(), "Answered with the same order, as a duplicate.")
        return UUID(str(reply["jobId"]))

    async def _followed(self, job_id: UUID, seen: Seen) -> list[Finding]:
        watch = OrderWatch(self._client, self._changes, self._clock, seen, job_id)
        try:
            has_work = await watch.has_work()
            fault = await watch.follow(self._patience) if has_work else None
        finally:
            left = await clean_up(self._client, job_id, self._clock)
        if not has_work:
            return [*skipped_lines(NO_DEMO, self._clock()), left]
        return [*lines_of(seen, fault, self._clock()), left]


def _refusal(seen: Answer | Failure) -> Fault:
    """Why the webhook made no order."""
    if isinstance(seen, Failure):
        return Fault(Cause.WEB_AWAY, seen.detail)
    text = seen.excerpt
    if "stripe_not_configured" in text:
        return Fault(Cause.STRIPE_NOT_CONFIGURED, in_words(seen))
    if "stripe_signature_wrong" in text:
        return Fault(Cause.SIGNATURE, in_words(seen))
    return Fault(cause_in(text, Cause.WEBHOOK_REFUSED), in_words(seen))
