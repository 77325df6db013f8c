"""Signing in: with a password, or once with a link."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from asyncpg import Record

from hermes_base.clock import Clock
from hermes_base.people import rules
from hermes_base.people.passwords import hashed, is_right
from hermes_base.people.second_factors import CodeNeededError, SecondFactors, code_wrong
from hermes_base.people.sessions import Caller, open_session
from hermes_base.people.storage import people, sessions, sign_in
from hermes_base.people.views import UserView, user_view
from hermes_base.postgres import audit
from hermes_base.postgres.database import Connection, Pool
from hermes_base.problems import Problem

log = structlog.get_logger()


class SignIn:
    """Opens sessions for people, by password or by one-time link, and limits how often they may try."""

    def __init__(self, pool: Pool, clock: Clock, factors: SecondFactors) -> None:
        self._pool = pool
        self._clock = clock
        self._factors = factors

    async def with_password(
        self, email: str, password: str, caller: Caller, old: str | None = None
    ) -> str:
        """A new session's token; the session `old` of this browser ends. Raises `sign_in_wrong`, `too_many_tries`,
        and `CodeNeededError` for a user with a second factor.

        The answer and its time are the same for a wrong password, an unknown and a disabled user.
        """
        known = rules.email_of(email)
        await self._admit(known or email, caller)
        user = await people.user_by_email(self._pool, known) if known else None
        stored = user["password_hash"] if user and user["disabled_at"] is None else None
        fits = await is_right(stored, password)
        if user is None or not fits:
            raise await self._refused(user, caller)
        await self._require_code(self._pool, user["id"], user["password_hash"])
        async with self._pool.acquire() as connection, connection.transaction():
            await sign_in.drop_tries(connection, rules.digest(known or ""), _place(caller))
            return await self._enter(connection, user, caller, "password", old)

    async def with_code(
        self, pending: str, code: str, caller: Caller, old: str | None = None
    ) -> str:
        """A new session's token, for a right password and the code. Raises `sign_in_over`, `code_wrong`,
        `too_many_tries`: guessed codes count as guessed passwords do.
        """
        user = await people.user(self._pool, await self._factors.user_of(pending))
        assert user is not None  # noqa: S101  # just read
        await self._admit(user["email"], caller)
        if not await self._factors.use(user["id"], code):
            await audit.record(
                self._pool,
                "anyone",
                "sign_in_failed",
                user["email"],
                address=caller.address,
                way="code",
            )
            raise code_wrong()
        async with self._pool.acquire() as connection, connection.transaction():
            await sign_in.drop_tries(connection, rules.digest(user["email"]), _place(caller))
            return await self._enter(connection, user, caller, "password and code", old)

    async def _require_code(self, pool: Pool | Connection, user_id: UUID, stored: str) -> None:
        if await self._factors.asked_of(pool, user_id):
            raise CodeNeededError(self._factors.pending(user_id, stored))

    async def confirm(self, user_id: UUID, password: str, caller: Caller) -> None:
        """Raises `password_wrong` unless this user's password is typed once more; `too_many_tries`."""
        user = await people.user(self._pool, user_id)
        email = (user["email"] if user else None) or ""
        await self._admit(email, caller)
        if user is None or not await is_right(user["password_hash"], password):
            hint = "Enter the password you use now."
            raise Problem(
                "password_wrong", "This is not your current password.", hint, field="current"
            )
        await sign_in.drop_tries(self._pool, rules.digest(email), _place(caller))

    async def _admit(self, email: str, caller: Caller) -> None:
        """Note the try, unless there were too many. Raises `too_many_tries`."""
        now, who = self._clock(), rules.digest(email)
        number = await sign_in.add_try(self._pool, who, _place(caller), now)
        counted = await sign_in.tries(self._pool, who, _place(caller), now - rules.WINDOW)
        left = rules.wait(_kinds(counted)[: 1 if caller.known else None], now)
        if left is None:
            return
        await sign_in.drop_try(self._pool, number)
        log.warning("sign-in refused unchecked: too many tries", address=caller.address)
        seconds = max(1, int(left.total_seconds()))
        minutes = -(-seconds // 60)
        hint = f"Try again in {minutes} minute{'s' if minutes > 1 else ''}."
        message = "Too many failed attempts."
        raise Problem("too_many_tries", message, hint, details={"retryAfter": seconds})

    async def _refused(self, user: Record | None, caller: Caller) -> Problem:
        subject = user["email"] if user else "unknown user"  # people type passwords into this field
        await audit.record(self._pool, "anyone", "sign_in_failed", subject, address=caller.address)
        hint = "Check both. An admin can create a link for you to set a new password."
        return Problem("sign_in_wrong", "The email or password is incorrect.", hint)

    async def _enter(
        self, connection: Connection, user: Record, caller: Caller, way: str, old: str | None
    ) -> str:
        now = self._clock()
        if old:
            await sessions.end(connection, rules.digest(old))
        await sessions.forget(connection, now, now - rules.IDLE)
        await sign_in.forget(connection, now, now - rules.WINDOW)
        await people.signed_in(connection, user["id"], now)
        actor = user["email"] or user["name"]
        await audit.record(connection, actor, "signed_in", actor, address=caller.address, way=way)
        return await open_session(connection, user, caller, self._clock)

    # Links ---------------------------------------------------------------------------------------

    async def local_link(self, leads_to: str = "/") -> str:
        """A link's token for the operator of this machine: valid 15 minutes, for one use."""
        async with self._pool.acquire() as connection, connection.transaction():
            user = await people.local_operator(connection, self._clock())
            await audit.record(connection, "command line", "local_link_made", user["name"])
            return await self._link(connection, user["id"], leads_to, rules.LOCAL_LINK)

    async def password_link(self, user_id: UUID, actor: str) -> str:
        """A link's token with which a user sets a password: valid a day, for one use; older ones end."""
        async with self._pool.acquire() as connection, connection.transaction():
            user = await people.user(connection, user_id)
            if user is None or user["is_local"] or user["disabled_at"]:
                hint = "Choose an enabled user who has an email address."
                raise Problem("unknown_user", "No link can be created for this user.", hint)
            await sign_in.drop_links(connection, user_id)
            await audit.record(connection, actor, "password_link_made", user["email"])
            return await self._link(connection, user_id, "/", rules.PASSWORD_LINK)

    async def _link(
        self, connection: Connection, user_id: UUID, leads_to: str, lasts: timedelta
    ) -> str:
        token, now = secrets.token_urlsafe(32), self._clock()
        await sign_in.add_link(connection, rules.digest(token), user_id, leads_to, now, now + lasts)
        return token

    async def link(self, token: str) -> UserView:
        """The user a one-time link is for; does not use the link up. Raises `link_over`."""
        return user_view(await self._found(self._pool, token, self._clock()))

    async def with_link(
        self, token: str, caller: Caller, password: str | None = None, old: str | None = None
    ) -> tuple[str, str]:
        """(token of a new session, where the link leads); the link is used up. Raises `link_over`,
        `password_refused`; `CodeNeededError` once the password is set. Only the local operator comes without setting a password.
        """
        row = await self._found(self._pool, token, self._clock())
        secret = None if row["is_local"] else await hashed(password or "", row["email"])
        async with self._pool.acquire() as connection, connection.transaction():
            if not await sign_in.use_link(connection, rules.digest(token)):
                raise _link_over()
            if secret is not None:
                await people.set_password(connection, row["id"], secret)
                await sessions.end_all(connection, row["id"])
            needed = secret is not None and await self._factors.asked_of(connection, row["id"])
            entered = "" if needed else await self._enter(connection, row, caller, "link", old)
        if needed:
            await self._require_code(self._pool, row["id"], secret or "")
        return entered, row["leads_to"]

    async def _found(self, pool: Pool, token: str, now: datetime) -> Record:
        row = await sign_in.link(pool, rules.digest(token), now)
        if row is None:
            raise _link_over()
        return row


def _place(caller: Caller) -> str:
    """Where a try is counted: a browser that is known to the user is apart from everything at its address."""
    return caller.known or caller.address


def _kinds(row: Record) -> list[tuple[int, int, datetime | None]]:
    return [
        (row["pair"], rules.MOST_OF_USER_AT_ADDRESS, row["pair_oldest"]),
        (row["here"], rules.MOST_AT_ADDRESS, row["here_oldest"]),
        (row["whose"], rules.MOST_OF_USER, row["whose_oldest"]),
    ]


def _link_over() -> Problem:
    hint = "Create a new one on the machine that runs Hermes with: hermes users link"
    return Problem("link_over", "This link has expired or was already used.", hint)
