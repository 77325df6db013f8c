"""People of Hermes: users, their sessions, and API tokens. Stands beside `control`."""

from hermes.core.clock import Clock, utc_now
from hermes.people.sessions import Caller, Session, Sessions
from hermes.people.signing_in import SignIn
from hermes.people.tokens import Tokens
from hermes.people.users import Users
from hermes.storage.database import Pool

__all__ = ["Caller", "People", "Session", "Sessions", "SignIn", "Tokens", "Users"]


class People:
    """Everything about who may enter. Raises `Problem` for what was asked wrongly."""

    def __init__(self, pool: Pool, clock: Clock = utc_now) -> None:
        self.sessions = Sessions(pool, clock)
        self.sign_in = SignIn(pool, clock)
        self.tokens = Tokens(pool, clock)
        self.users = Users(pool, clock)
