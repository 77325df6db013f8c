"""API tokens: made by people, for programs."""

import secrets
from datetime import timedelta
from uuid import UUID

from asyncpg import ForeignKeyViolationError, Record

from hermes_base.clock import Clock
from hermes_base.people.roles import Person, Role, at_least, lower_of, role_of
from hermes_base.people.rules import SEEN_EVERY, digest
from hermes_base.people.storage import api_tokens
from hermes_base.people.views import TokenView, token_view
from hermes_base.postgres import audit
from hermes_base.postgres.database import Pool
from hermes_base.problems import Problem

PREFIX = "hermes_"
LONGEST_DAYS = 3660


class Tokens:
    """API tokens of all users: found by their value, listed, made and revoked."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    async def person(self, token: str) -> Person | None:
        """The person a token authenticates; None when it is unknown, expired or revoked."""
        if not token.startswith(PREFIX):
            return None
        now = self._clock()
        row = await api_tokens.token(self._pool, digest(token), now)
        if row is None:
            return None
        if row["used_at"] is None or now - row["used_at"] >= SEEN_EVERY:
            await api_tokens.used(self._pool, row["id"], now)
        return _person(row)

    async def seen_by(self, owner_id: UUID, role: Role) -> list[TokenView]:
        """The tokens a person may see: their own, and for an admin everybody's."""
        rows = await api_tokens.tokens(self._pool, None if role == "admin" else owner_id)
        return [token_view(row, self._clock()) for row in rows]

    async def add(
        self, owner: Person, name: str, role: str, site_id: UUID | None, days: int | None
    ) -> str:
        """A new token, which is never shown again. Raises `name_wrong`, `role_wrong`, `role_too_high`,
        `days_wrong`, `unknown_site`, `token_exists`.
        """
        assert owner.user_id is not None, "the pages ask for a session"  # noqa: S101
        name, role = _name(name), _role(role, owner.role)
        token, now = f"{PREFIX}{secrets.token_urlsafe(32)}", self._clock()
        ends = now + timedelta(days=_days(days)) if days is not None else None
        async with self._pool.acquire() as connection, connection.transaction():
            try:
                added = await api_tokens.add_token(
                    connection, digest(token), name, role, owner.user_id, site_id, now, ends
                )
            except ForeignKeyViolationError:  # the owner is signed in, so it is the site
                hint = "Choose a site from the list."
                raise Problem(
                    "unknown_site", "This site does not exist.", hint, field="site"
                ) from None
            if added is None:
                message = f"You already have a token named {name}."
                hint = "Choose a different name, or revoke that token."
                raise Problem("token_exists", message, hint, field="name")
            await audit.record(connection, owner.actor, "token_added", name, site_id, role=role)
        return token

    async def sites(self) -> list[tuple[UUID, str]]:
        """Id and name of every site that a token can be limited to, by name; the demo site last."""
        return [(row["id"], row["name"]) for row in await api_tokens.sites(self._pool)]

    async def revoke(self, person: Person, token_id: UUID) -> None:
        """Create a token worthless; an admin may revoke everybody's. Raises `unknown_token`."""
        whose = None if person.role == "admin" else person.user_id
        async with self._pool.acquire() as connection, connection.transaction():
            row = await api_tokens.revoke(connection, token_id, whose)
            if row is None:
                hint = "It may have been revoked already; reload the page."
                raise Problem("unknown_token", "You have no such token.", hint)
            await audit.record(
                connection, person.actor, "token_revoked", row["name"], row["site_id"]
            )


def _person(row: Record) -> Person:
    role = lower_of(row["role"], row["owner_role"])
    actor = f"token {row['name']} of {row['owner']}"
    return Person(f"token {row['name']}", role, actor, None, row["site_id"])


def _name(text: str) -> str:
    name = text.strip()
    if not 1 <= len(name) <= 60 or not name.isprintable():
        hint = "Name what will use it, for example: nightly smoke test."
        raise Problem(
            "name_wrong", "A token needs a name of 1 to 60 characters.", hint, field="name"
        )
    return name


def _role(text: str, most: Role) -> Role:
    role = role_of(text)
    if not at_least(most, role):
        message = f"Your tokens can have at most the {most} role."
        raise Problem("role_too_high", message, "Choose a lower role.", field="role")
    return role


def _days(days: int) -> int:
    if not 1 <= days <= LONGEST_DAYS:
        message = f"A token lasts 1 to {LONGEST_DAYS} days."
        raise Problem("days_wrong", message, "Choose a duration from the list.", field="days")
    return days
