"""People of Hermes: users, their sessions, sign-in and API tokens, for both products."""

import secrets

from hermes_base.clock import Clock, utc_now
from hermes_base.people.second_factors import SecondFactors
from hermes_base.people.sessions import Caller, Session, Sessions
from hermes_base.people.signing_in import SignIn
from hermes_base.people.tokens import Tokens
from hermes_base.people.users import Users
from hermes_base.postgres.database import Pool

__all__ = ["Caller", "People", "SecondFactors", "Session", "Sessions", "SignIn", "Tokens", "Users"]


class People:
    """Everything about who may enter. Raises `Problem` for what was asked wrongly."""

    def __init__(self, pool: Pool, clock: Clock = utc_now, key: bytes | None = None) -> None:
        """`key` is the home's for second factors; without it those of others are worth nothing here."""
        self.second_factors = SecondFactors(pool, clock, key or secrets.token_bytes(32))
        self.sessions = Sessions(pool, clock)
        self.sign_in = SignIn(pool, clock, self.second_factors)
        self.tokens = Tokens(pool, clock)
        self.users = Users(pool, clock)
