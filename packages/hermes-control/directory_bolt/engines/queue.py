"""What a queue must do; tests/directory_bolt/queues/queue_contract.py holds every implementation to it."""

from dataclasses import dataclass
from typing import Protocol

from hermes_base.postgres.database import Connection

MOST_RECEIVES = 3  # after so many fruitless receives a message is a dead letter


class QueueAwayError(Exception):
    """The queue cannot be reached or refuses; the text says why, without credentials."""


@dataclass(frozen=True, slots=True)
class Message:
    """One delivery: `receipt` is good for this delivery only, `receive_count` counts this one too."""

    id: str
    receipt: str
    body: str
    receive_count: int


@dataclass(frozen=True, slots=True)
class Depth:
    """How many messages wait, are being worked on, and are given up."""

    visible: int
    in_flight: int
    dead: int


class Queue(Protocol):
    """At least once, with a visibility timeout in seconds. Every method may raise QueueAwayError."""

    provider: str

    async def send(self, body: str, priority: int, within: Connection | None = None) -> str:
        """Append a message; its id. A queue in the same database sends `within` that transaction."""
        ...

    async def receive(self, most: int, wait: float, visibility: float) -> list[Message]:
        """Up to `most` messages, waiting at most `wait` seconds for the first."""
        ...

    async def delete(self, message: Message) -> bool:
        """Done with a message; False when it is not ours any more."""
        ...

    async def dead_letter(self, message: Message, reason: str) -> None:
        """Move a message to the dead letters."""
        ...

    async def reprioritise(self, message_id: str, priority: int, within: Connection) -> None:
        """Move a waiting message up or down; a queue that delivers in its own order does nothing."""
        ...

    async def forget(self, message_id: str, within: Connection) -> None:
        """Drop a message by its id, because its order is deleted in the transaction `within`.

        A queue that cannot find a message by its id does nothing: the subscriber deletes it unread.
        """
        ...

    async def depth(self) -> Depth:
        """How many messages wait, are being worked on, and are dead."""
        ...

    async def empty_dead(self) -> int:
        """Move what the engine itself gave up into Hermes' table of dead letters; how many."""
        ...

    async def check(self) -> None:
        """Whether the queue is there and ours to use."""
        ...
