"""What the channels accepted, in a file of the worker's state.

It is kept here and not beside the runs in Hermes: an alert may be sent by a caller that leaves no run,
and what a job sent must be known before that job has ended, so that a restart does not send it twice.
"""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hermes_fleet.notifications.rules import HOUR, Past

FILE = "accepted.sqlite3"
KEPT_SECONDS = 8 * 24 * HOUR
TABLE = """
create table if not exists accepted (
    token text not null, channel text not null, reference text not null, at real not null,
    scope text not null, key text not null, primary key (token, channel)
)
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """About what, and to whom: the same `key` in the same `scope` (site and recipient) is the same alert."""

    scope: str
    key: str


class Ledger:
    """One line for each message that a channel accepted; `token` is the message's own."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def accept(self, token: str, channel: str, reference: str, at: float, about: Subject) -> None:
        """Record what a channel accepted, in a transaction of its own, before anything else happens."""
        with self._database:
            self._database.execute(
                "insert or replace into accepted values (?, ?, ?, ?, ?, ?)",
                (token, channel, reference, at, about.scope, about.key),
            )

    def reference(self, token: str, channel: str) -> str | None:
        """Under what the channel knows this message, if it accepted it in an earlier life of the job."""
        query = "select reference from accepted where token = ? and channel = ?"
        row = self._database.execute(query, (token, channel)).fetchone()
        return row[0] if row else None

    def past(self, channel: str, about: Subject, now: float) -> Past:
        """What the rules need to know of a channel."""
        query = "select at from accepted where channel = ? and at > ? order by at"
        rows = self._database.execute(query, (channel, now - HOUR)).fetchall()
        query = "select max(at) from accepted where channel = ? and scope = ? and key = ?"
        (latest,) = self._database.execute(query, (channel, about.scope, about.key)).fetchone()
        return Past([at for (at,) in rows], latest if about.key else None)

    def forget(self, before: float) -> None:
        with self._database:
            self._database.execute("delete from accepted where at < ?", (before,))


@contextmanager
def ledger(folder: Path, now: float) -> Generator[Ledger]:
    """The ledger in a folder; what is older than a week is forgotten."""
    database = sqlite3.connect(folder / FILE)
    try:
        database.execute(TABLE)
        found = Ledger(database)
        found.forget(now - KEPT_SECONDS)
        yield found
    finally:
        database.close()
