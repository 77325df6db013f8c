"""Access tokens given out, and what they open."""

from collections.abc import Callable
from secrets import token_urlsafe
from time import time

from hermes_sandbox.providers.google.refusal import UNAUTHENTICATED, info, refusal
from hermes_sandbox.providers.wire import Answer, Asked

LIFE_SECONDS = 3599


class Tokens:
    """Tokens by value, each with its scopes and its end."""

    def __init__(self, clock: Callable[[], float] = time) -> None:
        self._clock, self._given = clock, dict[str, tuple[frozenset[str], float]]()

    def give(self, scope: str) -> tuple[str, int]:
        """A new token for these scopes, and its seconds."""
        token = f"ya29.{token_urlsafe(48)}"
        self._given[token] = (frozenset(scope.split()), self._clock() + LIFE_SECONDS)
        return token, LIFE_SECONDS

    def refusal(self, asked: Asked, service: str, *scopes: str) -> Answer | None:
        """401 without a living token, 403 with one for other scopes; None where it opens."""
        held, ends = self._given.get(asked.bearer(), (frozenset[str](), 0.0))
        if self._clock() >= ends:
            detail = info("ACCESS_TOKEN_EXPIRED" if ends else "CREDENTIALS_MISSING", service)
            return refusal(401, UNAUTHENTICATED, "UNAUTHENTICATED", detail)
        if held.isdisjoint(f"https://www.googleapis.com/auth/{scope}" for scope in scopes):
            message = "Request had insufficient authentication scopes."
            detail = info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", service)
            return refusal(403, message, "PERMISSION_DENIED", detail)
        return None
