"""What was announced lately in this process, numbered: a page that lost its stream goes on where it stopped."""

import secrets
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

KEPT = 1000


@dataclass(frozen=True, slots=True)
class Announcement:
    """One event of the log; `site_id` None means that it concerns every page."""

    number: int
    name: str
    data: dict[str, Any]
    site_id: str | None


class Announced:
    """The newest `kept` announcements. Their ids name this process: other processes count on their own."""

    def __init__(self, kept: int = KEPT) -> None:
        self._process = secrets.token_hex(4)
        self._newest: deque[Announcement] = deque(maxlen=kept)
        self.last = 0
        """The number of the newest one; 0 when nothing was announced yet."""

    def add(self, name: str, data: dict[str, Any], site_id: str | None) -> None:
        """Append an announcement; when the log is full the oldest one is dropped."""
        self.last += 1
        self._newest.append(Announcement(self.last, name, data, site_id))

    def id_of(self, number: int) -> str:
        """The event id (`Last-Event-ID`) of a number, unique to this process."""
        return f"{self._process}-{number}"

    def number_of(self, event_id: str) -> int | None:
        """The number behind an id; None when nothing can be continued from it."""
        process, _, number = event_id.partition("-")
        if process != self._process or not number.isdecimal() or len(number) > 15:
            return None
        return int(number) if self.since(int(number)) is not None else None

    def since(self, number: int) -> Sequence[Announcement] | None:
        """What came after a number, oldest first; None when a part of it is gone, or it is yet to come."""
        missed = self.last - number
        if missed < 0 or missed > len(self._newest):
            return None
        return list(islice(self._newest, len(self._newest) - missed, None))
