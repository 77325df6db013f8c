"""What a channel is: it takes a letter, and some can show it again."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from hermes_fleet.http import Exchange
from hermes_fleet.providers import Credential
from hermes_worker import WorkerError
from hermes_worker.result import Provenance


@dataclass(frozen=True, slots=True)
class Letter:
    """One message on its way. `token` is its own and never changes, however often it is tried."""

    token: str
    subject: str
    text: str
    to: str = ""  # e-mail address
    key: str = ""
    site: str = ""


class TryLater(WorkerError):
    """Refused for now, and certainly not taken: it may be tried again after so many seconds."""

    def __init__(self, code: str, message: str, after: float) -> None:
        super().__init__(code, message)
        self.after = after


@dataclass(frozen=True, slots=True)
class Throttle:
    """Of one channel: seconds between two messages, and how many within an hour."""

    apart: float
    most_an_hour: int = 100


class Channel(ABC):
    """A way to send alerts: the class holds every fact about it, an object is opened by its secret.

    A class that leaves a fact out cannot be defined: TypeError names what it lacks.
    """

    name: ClassVar[str]
    """In payloads, metrics and the ledger."""
    title: ClassVar[str]
    """What people call it."""
    secret_name: ClassVar[str]
    contents: ClassVar[str]
    """What to store as its secret."""
    throttle: ClassVar[Throttle]
    personal: ClassVar[bool] = False
    """Whether it writes to the address in the letter, not to one place for all."""
    place: str
    """What stands behind it, for people."""
    label: str
    """What its acceptance of a message means, for people."""
    readable: bool = False
    """Whether it can show what it took."""

    def __init_subclass__(cls) -> None:
        facts = ("name", "title", "secret_name", "contents", "throttle", "place", "label")
        if lacking := [fact for fact in facts if not hasattr(cls, fact)]:
            raise TypeError(f"The channel {cls.__name__} lacks {', '.join(lacking)}.")

    def __init__(self, secret: Credential, exchange: Exchange) -> None:
        """WorkerError `missing_config` says what the secret lacks."""
        self._exchange = exchange
        self.provenance: Provenance = secret.provenance
        """How far its word can be trusted."""

    @abstractmethod
    async def send(self, letter: Letter) -> str:
        """Hand it over; under what the channel knows it now. WorkerError or TryLater when refused."""

    async def seen(self, reference: str) -> bool:
        """Whether it is there, where it should arrive; False for a channel that cannot show it."""
        return False
