"""Users: added, given a role, disabled, given a password."""

from uuid import UUID

from asyncpg import Record

from hermes_base.clock import Clock
from hermes_base.people import rules
from hermes_base.people.passwords import hashed
from hermes_base.people.roles import role_of
from hermes_base.people.storage import people, sessions, sign_in
from hermes_base.people.views import UserView, user_view
from hermes_base.postgres import audit
from hermes_base.postgres.database import Connection, Pool
from hermes_base.problems import Problem, not_found


class Users:
    """The users of this installation: listed, added, disabled and given roles and passwords."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    async def all(self) -> list[UserView]:
        """All users by name, the local operator last."""
        return [user_view(row) for row in await people.users(self._pool)]

    async def find(self, email: str) -> UserView:
        """The user with this e-mail address. Raises `unknown_user`."""
        row = await people.user_by_email(self._pool, email.strip().lower())
        if row is None:
            raise not_found("unknown_user", email, "See them all with: hermes users list")
        return user_view(row)

    async def one(self, user_id: UUID) -> UserView:
        """The user with this id. Raises `unknown_user`."""
        return user_view(await self._row(self._pool, user_id))

    async def have_passwords(self) -> bool:
        """Whether anybody can sign in with a password."""
        return await people.has_passwords(self._pool)

    async def admins(self) -> int:
        """How many enabled admins have a password."""
        async with self._pool.acquire() as connection, connection.transaction():
            return len(await people.lock_admins(connection))

    async def add(self, email: str, name: str, role: str, actor: str) -> UserView:
        """A new user, still without a password. Raises `email_wrong`, `role_wrong`, `user_exists`."""
        address, role = _email(email), role_of(role)
        name = name.strip()[:120] or address.split("@")[0]
        async with self._pool.acquire() as connection, connection.transaction():
            row = await people.add_user(connection, address, name, role, self._clock())
            if row is None:
                hint = "Change that user's role, or use a different email."
                message = f"A user with the email {address} already exists."
                raise Problem("user_exists", message, hint, field="email")
            await audit.record(connection, actor, "user_added", address, role=role)
        return user_view(row)

    async def set_role(self, user_id: UUID, role: str, actor: str) -> None:
        """Give another role. Raises `unknown_user`, `role_wrong`, `last_admin`."""
        role = role_of(role)
        async with self._pool.acquire() as connection, connection.transaction():
            row = await self._changeable(connection, user_id, keeps_admin=role == "admin")
            await people.set_role(connection, user_id, role)
            await audit.record(connection, actor, "role_changed", row["email"], role=role)

    async def disable(self, user_id: UUID, actor: str) -> None:
        """Shut a user out at once: sessions and links end. Raises `unknown_user`, `last_admin`."""
        async with self._pool.acquire() as connection, connection.transaction():
            row = await self._changeable(connection, user_id, keeps_admin=False)
            await people.set_disabled(connection, user_id, self._clock())
            await sessions.end_all(connection, user_id)
            await sign_in.drop_links(connection, user_id)
            await audit.record(connection, actor, "user_disabled", row["email"])

    async def enable(self, user_id: UUID, actor: str) -> None:
        """Enable a disabled user. Raises `unknown_user`."""
        async with self._pool.acquire() as connection, connection.transaction():
            row = await self._changeable(connection, user_id, keeps_admin=True)
            await people.set_disabled(connection, user_id, None)
            await audit.record(connection, actor, "user_enabled", row["email"])

    async def set_password(
        self, user_id: UUID, password: str, actor: str, but: UUID | None = None
    ) -> None:
        """A new password; all sessions but one end. Raises `unknown_user`, `password_refused`."""
        row = await self._row(self._pool, user_id)
        if row["is_local"]:
            hint = "Add yourself as a user, and set that user's password."
            raise Problem("no_password", "The local operator has no password.", hint)
        secret = await hashed(password, row["email"])
        async with self._pool.acquire() as connection, connection.transaction():
            await people.set_password(connection, user_id, secret)
            await sessions.end_all(connection, user_id, but)
            await sign_in.drop_links(connection, user_id)
            await audit.record(connection, actor, "password_changed", row["email"])

    async def _changeable(
        self, connection: Connection, user_id: UUID, *, keeps_admin: bool
    ) -> Record:
        """The user's row, unless Hermes would be left without an admin who can sign in."""
        admins = await people.lock_admins(connection)
        row = await self._row(connection, user_id)
        if row["is_local"]:
            hint = "Only someone with access to this machine can sign in as the local operator."
            raise Problem("unknown_user", "The local operator cannot be changed.", hint)
        if not keeps_admin and [admin["id"] for admin in admins] == [user_id]:
            hint = "First make another user who has a password an admin."
            raise Problem("last_admin", f"{row['email']} is the last admin.", hint)
        return row

    async def _row(self, pool: Pool | Connection, user_id: UUID) -> Record:
        row = await people.user(pool, user_id)
        if row is None:
            raise not_found("unknown_user", user_id, "Choose from the list of users.")
        return row


def _email(text: str) -> str:
    address = rules.email_of(text)
    if address is None:
        message = f"{text.strip()[:80]!r} is not an email address."
        raise Problem("email_wrong", message, "For example: ann@example.com.", field="email")
    return address
