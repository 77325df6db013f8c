"""Who is signed in, and for how long."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from asyncpg import Record

from hermes_base.clock import Clock
from hermes_base.people import rules as sign_in
from hermes_base.people.roles import Person
from hermes_base.people.storage import sessions
from hermes_base.people.views import SessionView, session_view
from hermes_base.postgres import audit
from hermes_base.postgres.database import Connection, Pool
from hermes_base.problems import Problem


@dataclass(frozen=True, slots=True)
class Caller:
    """Where somebody comes from: network address and name of the browser."""

    address: str
    agent: str
    known: str = ""
    """The browser's own name, where this user has signed in with it before."""


@dataclass(frozen=True, slots=True)
class Session:
    """A browser session that has not ended, with the person it belongs to."""

    id: UUID
    user_id: UUID
    person: Person
    csrf: str


async def open_session(connection: Connection, user: Record, caller: Caller, clock: Clock) -> str:
    """A new session of a user. Returns its token, which is stored nowhere else."""
    token, now = secrets.token_urlsafe(32), clock()
    ends_at = now + sign_in.LONGEST
    await sessions.add_session(
        connection, sign_in.digest(token), user["id"], now, ends_at, caller.address, caller.agent
    )
    return token


def person_of(user: Record) -> Person:
    """The Person that a row of `users` stands for."""
    actor = user["email"] or user["name"]
    return Person(user["name"], user["role"], actor, user["id"])


class Sessions:
    """Browser sessions that have not ended: found, listed and ended."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    async def find(self, token: str, *, used: bool = True) -> Session | None:
        """The open session of a token; None when it is over. Only what is `used` keeps it open."""
        now = self._clock()
        row = await sessions.session(self._pool, sign_in.digest(token), now, now - sign_in.IDLE)
        if row is None:
            return None
        if used and now - row["seen_at"] >= sign_in.SEEN_EVERY:
            await sessions.seen(self._pool, row["session_id"], now)
        return Session(row["session_id"], row["id"], person_of(row), sign_in.csrf_of(token))

    async def of(self, user_id: UUID) -> list[SessionView]:
        """The open sessions of a user, the one used last first."""
        now = self._clock()
        rows = await sessions.sessions(self._pool, user_id, now, now - sign_in.IDLE)
        return [session_view(row) for row in rows]

    async def sign_out(self, token: str, actor: str) -> None:
        """End the session with this token; nothing happens when there is none."""
        async with self._pool.acquire() as connection, connection.transaction():
            if await sessions.end(connection, sign_in.digest(token)) is not None:
                await audit.record(connection, actor, "signed_out", actor)

    async def end(self, session: Session, which: UUID | None) -> int:
        """End one session of the same user; with None all but this one. Raises `unknown_session`."""
        async with self._pool.acquire() as connection, connection.transaction():
            if which is None:
                ended = await sessions.end_all(connection, session.user_id, session.id)
            else:
                ended = int(await sessions.end_one(connection, session.user_id, which))
            if which is not None and not ended:
                hint = "It may have ended already; reload the page."
                raise Problem("unknown_session", "There is no such session.", hint)
            actor = session.person.actor
            await audit.record(connection, actor, "sessions_ended", actor, sessions=ended)
        return ended
