"""The second factor of a user: set up with an authenticator app, asked for after the password, removed."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from hermes_base.clock import Clock
from hermes_base.people import totp
from hermes_base.people.storage import people, second_factors
from hermes_base.postgres import audit
from hermes_base.postgres.database import Connection, Pool
from hermes_base.problems import Problem

PENDING = timedelta(minutes=5)
"""How long after the password the code may be typed."""


class CodeNeededError(Exception):
    """The password was right, and the code of the second factor is wanted. `pending` stands for the password."""

    def __init__(self, pending: str) -> None:
        super().__init__("the code of the second factor is needed")
        self.pending = pending


@dataclass(frozen=True, slots=True)
class SetUp:
    """What a new factor is typed into an app as: the secret for people, and the address for a phone."""

    secret: str
    address: str


class SecondFactors:
    """Second factors; `key` is the home's, without which the database's part is worth nothing."""

    def __init__(self, pool: Pool, clock: Clock, key: bytes) -> None:
        self._pool = pool
        self._clock = clock
        self._key = key

    async def left(self, user_id: UUID) -> int | None:
        """How many recovery codes are left; None without a second factor."""
        row = await second_factors.factor(self._pool, user_id)
        return len(row["recovery"]) if row and row["confirmed_at"] else None

    async def owners(self) -> set[UUID]:
        """The users with one."""
        return await second_factors.owners(self._pool)

    async def begin(self, user_id: UUID, email: str) -> SetUp:
        """A new secret, worth something once a code of it was typed. Raises `factor_exists`."""
        nonce = secrets.token_bytes(16)
        if not await second_factors.begin(self._pool, user_id, nonce):
            raise _exists()
        return self._set_up(nonce, email)

    async def begun(self, user_id: UUID, email: str) -> SetUp | None:
        """The secret that waits for its first code."""
        row = await second_factors.factor(self._pool, user_id)
        return self._set_up(row["nonce"], email) if row and not row["confirmed_at"] else None

    async def confirm(self, user_id: UUID, code: str, actor: str) -> list[str]:
        """From now on it is asked for. Returns the recovery codes, which are never shown again.

        Raises `code_wrong`, `factor_exists`.
        """
        row = await second_factors.factor(self._pool, user_id)
        now = self._clock()
        step = totp.step_of(totp.secret_of(self._key, row["nonce"]), code, now, 0) if row else None
        if step is None:
            raise code_wrong()
        codes = totp.recovery_codes()
        digests = [totp.recovery_digest(each) for each in codes]
        async with self._pool.acquire() as connection, connection.transaction():
            if not await second_factors.confirm(connection, user_id, now, step, digests):
                raise _exists()
            await audit.record(connection, actor, "second_factor_added", actor)
        return codes

    async def remove(self, user_id: UUID, actor: str) -> None:
        """Sign-in asks for the password alone from now on."""
        async with self._pool.acquire() as connection, connection.transaction():
            user = await people.user(connection, user_id)
            if await second_factors.remove(connection, user_id) and user is not None:
                await audit.record(connection, actor, "second_factor_removed", user["email"])

    async def asked_of(self, connection: Pool | Connection, user_id: UUID) -> bool:
        """Whether this user has one."""
        row = await second_factors.factor(connection, user_id)
        return bool(row and row["confirmed_at"])

    async def use(self, user_id: UUID, code: str) -> bool:
        """Whether this is a code of the app or a recovery code; it is used up."""
        row = await second_factors.factor(self._pool, user_id)
        if row is None or not row["confirmed_at"]:
            return False
        secret = totp.secret_of(self._key, row["nonce"])
        step = totp.step_of(secret, code, self._clock(), row["last_step"])
        if step is not None:
            return await second_factors.use_step(self._pool, user_id, step)
        return await second_factors.use_recovery(self._pool, user_id, totp.recovery_digest(code))

    # Between password and code --------------------------------------------------------------------

    def pending(self, user_id: UUID, password_hash: str) -> str:
        """Stands for a right password for five minutes, and no longer than that password."""
        ends = int((self._clock() + PENDING).timestamp())
        return f"{user_id}.{ends}.{self._sign(user_id, ends, password_hash)}"

    async def user_of(self, pending: str) -> UUID:
        """Whose password was right. Raises `sign_in_over`."""
        try:
            name, ends, signature = pending.split(".")
            user_id, until = UUID(name), int(ends)
        except ValueError:
            raise _over() from None
        user = await people.user(self._pool, user_id)
        stored = user["password_hash"] if user and not user["disabled_at"] else None
        if stored is None or until < self._clock().timestamp():
            raise _over()
        if not hmac.compare_digest(self._sign(user_id, until, stored).encode(), signature.encode()):
            raise _over()
        return user_id

    def _sign(self, user_id: UUID, ends: int, password_hash: str) -> str:
        text = f"pending\0{user_id}\0{ends}\0{password_hash}".encode()
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()

    def _set_up(self, nonce: bytes, email: str) -> SetUp:
        secret = totp.secret_of(self._key, nonce)
        return SetUp(totp.readable(secret), totp.address_of(secret, email))


def code_wrong() -> Problem:
    """What a wrong code is answered with."""
    hint = "Type the six digits that your app shows now, or a recovery code that you have not used."
    return Problem("code_wrong", "This code is not valid.", hint, field="code")


def _exists() -> Problem:
    hint = "Remove it first, under Settings > Account."
    return Problem("factor_exists", "You have a second factor already.", hint)


def _over() -> Problem:
    return Problem("sign_in_over", "The time to type the code is over.", "Sign in once more.")
