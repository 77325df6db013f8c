"""What is shown of users, sessions and API tokens. Never a hash, never a secret."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from hermes_base.people.roles import Role, lower_of
from hermes_base.people.rules import browser_of
from hermes_base.view import Row, View


class UserView(View):
    """A user. `state` is enabled, disabled or no_password; the local operator has no e-mail."""

    id: UUID
    email: str | None
    name: str
    role: Role
    is_local: bool
    state: str = Field(examples=["enabled"])
    has_password: bool
    created_at: datetime
    signed_in_at: datetime | None

    @property
    def actor(self) -> str:
        """The user's name in audit events."""
        return self.email or self.name


class SessionView(View):
    """An open session of a user."""

    id: UUID
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    address: str
    agent: str
    browser: str = Field(examples=["Firefox on Windows"])


class TokenView(View):
    """An API token; `role` is what it is worth now, never more than its owner's."""

    id: UUID
    name: str
    role: Role
    owner: str
    site: str | None
    state: str = Field(examples=["valid"])
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


def user_view(row: Row) -> UserView:
    """A user for pages and API, from a row of `users`."""
    has_password = row["password_hash"] is not None
    usable = "enabled" if has_password or row["is_local"] else "no_password"
    names = ("id", "email", "name", "role", "is_local", "created_at", "signed_in_at")
    return UserView(
        **{name: row[name] for name in names},
        state="disabled" if row["disabled_at"] else usable,
        has_password=has_password,
    )


def session_view(row: Row) -> SessionView:
    """A session for pages and API, from a row of `sessions`."""
    names = ("id", "created_at", "seen_at", "ends_at", "address", "agent")
    return SessionView(**{name: row[name] for name in names}, browser=browser_of(row["agent"]))


def token_view(row: Row, now: datetime) -> TokenView:
    """A token for pages and API, from a row of `api_tokens` joined with its owner and site."""
    expired = row["expires_at"] is not None and row["expires_at"] <= now
    names = ("id", "name", "owner", "site", "created_at", "expires_at", "used_at")
    return TokenView(
        **{name: row[name] for name in names},
        role=lower_of(row["role"], row["owner_role"]),
        state="owner_disabled" if row["disabled_at"] else "expired" if expired else "valid",
    )
