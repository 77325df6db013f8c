"""Google's token endpoint: signed assertions of a service account, and refresh tokens."""

from collections.abc import Callable
from secrets import compare_digest
from time import time
from typing import Any
from urllib.parse import parse_qsl

from hermes_sandbox.providers.google.assertion import BadAssertion, read_assertion
from hermes_sandbox.providers.google.tokens import Tokens
from hermes_sandbox.providers.keys import Keys
from hermes_sandbox.providers.wire import Answer, Asked, Route

ACCOUNT = "hermes-demo@juniper-dental-demo.iam.gserviceaccount.com"
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
AUDIENCES = ("https://oauth2.googleapis.com/token", "https://accounts.google.com/o/oauth2/token")
"""Google's own names for this endpoint: its library signs for them whatever the address asked."""
SCOPES = frozenset(
    f"https://www.googleapis.com/auth/{name}"
    for name in ("webmasters", "webmasters.readonly", "analytics", "analytics.readonly", "adwords")
)


def _refusal(code: int, error: str, description: str) -> Answer:
    return Answer(code, {"error": error, "error_description": description})


ERRORS = {
    "invalid_grant": _refusal(400, "invalid_grant", "Invalid JWT Signature."),
    "account_not_found": _refusal(400, "invalid_grant", "Invalid grant: account not found"),
    "clock_skew": _refusal(
        400,
        "invalid_grant",
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
        "timeframe. Check your iat and exp values in the JWT claim.",
    ),
    "revoked": _refusal(400, "invalid_grant", "Token has been expired or revoked."),
    "server_error": _refusal(500, "internal_failure", "Internal server error."),
}


class OAuth:
    """Gives tokens to whoever holds the generated key of the service account."""

    name = "google_oauth"
    errors = ERRORS
    modes = frozenset[str]()

    def __init__(self, keys: Keys, tokens: Tokens, clock: Callable[[], float] = time) -> None:
        self._keys, self._tokens, self._clock = keys, tokens, clock

    def routes(self) -> list[Route]:
        return [("POST", "/token", self._token)]

    def refuses(self, asked: Asked) -> Answer | None:
        return None  # the key is in the body, and judging it is what this endpoint does

    def _token(self, asked: Asked) -> Answer:
        form = dict(parse_qsl(asked.body.decode("utf-8", "replace"))) or asked.fields()
        grant = form.get("grant_type")
        if grant == JWT_GRANT:
            return self._assertion(form.get("assertion", ""), asked.url)
        if grant == "refresh_token":
            return self._refresh(form)
        return _refusal(400, "unsupported_grant_type", f"Invalid grant_type: {grant or ''}")

    def _assertion(self, assertion: str, audience: str) -> Answer:
        try:
            claims = read_assertion(assertion, self._keys.google.public_key())
        except BadAssertion as bad:
            return _refusal(400, "invalid_grant", str(bad))
        return self._judge(claims, audience) or self._given(str(claims.get("scope", "")))

    def _judge(self, claims: dict[str, Any], audience: str) -> Answer | None:
        issued, ends, now = claims.get("iat"), claims.get("exp"), self._clock()
        if claims.get("iss") != ACCOUNT:
            return ERRORS["account_not_found"]
        if claims.get("aud") not in (audience, *AUDIENCES):
            return _refusal(400, "invalid_grant", f"Invalid JWT: Failed audience check: {audience}")
        if not _timely(issued, ends, now):
            return ERRORS["clock_skew"]
        asked = str(claims.get("scope", "")).split()
        if not asked or not SCOPES.issuperset(asked):
            return _refusal(
                400, "invalid_scope", "Invalid OAuth scope or ID token audience provided."
            )
        return None

    def _refresh(self, form: dict[str, Any]) -> Answer:
        pairs = (
            (form.get("client_id"), self._keys.google_client_id),
            (form.get("client_secret"), self._keys.google_client_secret),
        )
        if not all(compare_digest(str(given), right) for given, right in pairs):
            return _refusal(401, "invalid_client", "The OAuth client was not found.")
        if not compare_digest(str(form.get("refresh_token")), self._keys.google_refresh):
            return ERRORS["revoked"]
        return self._given(" ".join(sorted(SCOPES)))

    def _given(self, scope: str) -> Answer:
        token, seconds = self._tokens.give(scope)
        form = {"access_token": token, "expires_in": seconds, "token_type": "Bearer"}
        return Answer(200, {**form, "scope": scope})


def _timely(issued: Any, ends: Any, now: float) -> bool:
    """An hour at most, begun and not over; a minute of difference between clocks is forgiven."""
    if not isinstance(issued, int | float) or not isinstance(ends, int | float):
        return False
    return issued - 60 <= now < ends <= issued + 3660
