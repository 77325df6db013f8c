"""What every channel is: it takes a letter, and some can show it again."""

from dataclasses import dataclass
from typing import Protocol

from hermes_fleet.notifications.message import ChannelName
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


class Channel(Protocol):
    """`place`: what stands behind it, for people; `label`: what a receipt of it means.

    `readable`: whether it can show what it took; `provenance`: what its word is worth.
    """

    @property
    def name(self) -> ChannelName: ...
    @property
    def place(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def readable(self) -> bool: ...
    @property
    def provenance(self) -> Provenance: ...

    async def send(self, letter: Letter) -> str:
        """Hand it over; under what the channel knows it now. WorkerError or TryLater when refused."""
        ...

    async def seen(self, reference: str) -> bool:
        """Whether it is there, where it should arrive; False for a channel that cannot show it."""
        ...
