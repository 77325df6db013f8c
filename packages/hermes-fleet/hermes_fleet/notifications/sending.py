"""Sending: each message over each of its channels, once, in turn and at the channel's pace."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hermes_fleet.notifications.channels.channel import Channel, Letter, TryLater
from hermes_fleet.notifications.delivery import Delivery
from hermes_fleet.notifications.ledger import Ledger, Subject
from hermes_fleet.notifications.message import Message
from hermes_fleet.notifications.opening import Channels
from hermes_fleet.notifications.rules import HOUR, Go, QuietHours, decide
from hermes_worker import Job, WorkerError

TRIES = 3
LONGEST_TRYING = 10.0  # seconds after which no further try begins
LONGEST_WAIT = 3.0  # seconds that a channel may ask us to wait before the next try
FINAL = frozenset({"auth_401", "forbidden_403", "dns", "tls", "connect_refused", "connect_timeout"})
"""After one of these a channel takes nothing more: it is not tried again in this run."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """For whom this run sends: the site, and its e-mail address for alerts (empty when unknown)."""

    site: str
    site_id: str
    notify_to: str = ""

    def letter(self, message: Message, token: str) -> Letter:
        to = message.to or self.notify_to
        return Letter(token, message.subject, message.text, to, message.key, self.site)

    def about(self, letter: Letter, channel: Channel) -> Subject:
        """An e-mail to another address is another alert; a webhook writes to one place."""
        recipient = letter.to if channel.personal else ""
        return Subject(f"{self.site_id or self.site} {recipient}".strip(), letter.key)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the caller asks for besides the throttles of the channels."""

    quiet: QuietHours | None = None
    same_key_seconds: float = HOUR


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Sending:
    """One run. `deliveries` grow as messages go out."""

    job: Job
    channels: Channels
    ledger: Ledger
    addressed: Addressed
    rules: Rules = field(default_factory=Rules)
    clock: Callable[[], datetime] = utc_now
    deliveries: list[Delivery] = field(default_factory=list[Delivery])

    async def send(self, messages: Sequence[Message]) -> None:
        """Every message, in order; over all its channels at once."""
        for number, message in enumerate(messages, 1):
            await self._tell(number - 1, len(messages), "sending")
            self.deliveries += self._unreachable(number, message)
            letter = self.addressed.letter(message, token_of(self.job.id, number))
            over = [c for c in self.channels.ready.values() if message.channel in (None, c.name)]
            found = await asyncio.gather(*(self._deliver(number, message, letter, c) for c in over))
            self.deliveries += found
        await self._tell(len(messages), len(messages), "reading back")

    async def _tell(self, done: int, total: int, phase: str) -> None:
        await self.job.progress(done, total, unit="messages", phase=phase)

    def _unreachable(self, number: int, message: Message) -> list[Delivery]:
        """A message for a channel that cannot be sent to is refused, not forgotten."""
        gap = self.channels.closed.get(message.channel) if message.channel else None
        if message.channel is None or gap is None:
            return []
        return [Delivery(number, message.channel, "refused", gap.reason, gap.message)]

    async def _deliver(
        self, number: int, message: Message, letter: Letter, channel: Channel
    ) -> Delivery:
        known = self.ledger.reference(letter.token, channel.name)
        if known is not None:  # by an earlier life of this job
            return Delivery(number, channel.name, "accepted", reference=known, requests=1)
        if (before := self._closed(channel.name)) is not None:
            return Delivery(number, channel.name, "refused", before.reason, before.words)
        now, about = self.clock(), self.addressed.about(letter, channel)
        past = self.ledger.past(channel.name, about, now.timestamp())
        decision = decide(
            message, past, channel.throttle, now, self.rules.quiet, self.rules.same_key_seconds
        )  # fmt: skip
        if not isinstance(decision, Go):
            return Delivery(number, channel.name, "held", decision.reason, decision.words)
        await asyncio.sleep(decision.wait)
        return await self._try(number, letter, about, channel)

    def _closed(self, channel: str) -> Delivery | None:
        mine = (each for each in self.deliveries if each.channel == channel)
        return next((each for each in mine if each.reason in FINAL), None)

    async def _try(self, number: int, letter: Letter, about: Subject, channel: Channel) -> Delivery:
        began, tries = time.monotonic(), 1
        while True:
            try:
                reference = await channel.send(letter)
                break
            except WorkerError as error:
                if (pause := pause_after(error, tries, time.monotonic() - began)) is None:
                    return Delivery(
                        number, channel.name, "refused", error.code, error.message, requests=tries
                    )
            await asyncio.sleep(pause)
            tries += 1
        at = self.clock().timestamp()
        self.ledger.accept(letter.token, channel.name, reference, at, about)
        taken = round((time.monotonic() - began) * 1000)
        return Delivery(
            number, channel.name, "accepted", reference=reference, accepted_ms=taken, requests=tries
        )


def token_of(job_id: str, number: int) -> str:
    """The token of a job's message, the same in every life of the job."""
    return f"{job_id}-{number}"


def pause_after(error: WorkerError, tries: int, seconds: float) -> float | None:
    """Seconds until the next try; None for none. Only a channel that surely took nothing is asked again."""
    if not isinstance(error, TryLater) or tries >= TRIES or error.after > LONGEST_WAIT:
        return None
    return error.after if seconds < LONGEST_TRYING else None
