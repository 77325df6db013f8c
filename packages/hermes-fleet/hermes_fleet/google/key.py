"""The secret HERMES_PROVIDER_GOOGLE: a service-account key, or an OAuth client with a refresh token."""

# google-auth says nothing of the types of its signers and tokens.
# pyright: reportUnknownMemberType=false

from dataclasses import dataclass, field
from typing import Any, Protocol

from google.auth import crypt, jwt

from hermes_fleet.providers import Credential
from hermes_worker import WorkerError

NAME = "HERMES_PROVIDER_GOOGLE"
WHAT = (
    "a Google service-account key (JSON, from Google Cloud > IAM > Service accounts > Keys) that may"
    " read the Search Console property and the GA4 property"
)
TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPES = (
    "https://www.googleapis.com/auth/webmasters.readonly"
    " https://www.googleapis.com/auth/analytics.readonly"
)
SECONDS_VALID = 3600


@dataclass(frozen=True, slots=True)
class Access:
    """What a sign-in is for: scopes separated by blanks, and what its secret has to be, for people."""

    scopes: str
    what: str


READING = Access(SCOPES, WHAT)


class Key(Protocol):
    """Who asks Google: `who` for sentences, `secrets` that no message may repeat."""

    @property
    def who(self) -> str: ...
    @property
    def token_uri(self) -> str: ...
    @property
    def secrets(self) -> tuple[str, ...]: ...
    def grant(self, now: float) -> dict[str, str]:
        """The form of a token request at `now`, in seconds since 1970."""
        ...


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """An account of its own, known by its e-mail address; signs with its private key."""

    email: str
    token_uri: str
    scopes: str
    signer: Any = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def who(self) -> str:
        return f"the service account {self.email}"

    def grant(self, now: float) -> dict[str, str]:
        issued = int(now)
        claims = {
            "iss": self.email,
            "scope": self.scopes,
            "aud": self.token_uri,
            "iat": issued,
            "exp": issued + SECONDS_VALID,
        }
        signed: bytes = jwt.encode(self.signer, claims)
        return {"grant_type": JWT_BEARER, "assertion": signed.decode()}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person who once signed in and left a refresh token."""

    client_id: str
    token_uri: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)
    who = "the Google account of the refresh token"

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.client_secret, self.refresh_token)

    def grant(self, now: float) -> dict[str, str]:
        return {
            "grant_type": "refresh_token",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "refresh_token": self.refresh_token,
        }


def key_of(credential: Credential, access: Access = READING) -> Key:
    """WorkerError `missing_config` says what the secret lacks."""
    token_uri = credential.text("token_uri") or TOKEN_URI
    if credential.text("refresh_token"):
        parts = (credential.require(name) for name in ("client_secret", "refresh_token"))
        return SignedIn(credential.require("client_id"), token_uri, *parts)
    if not credential.text("client_email", "private_key"):
        raise WorkerError(
            "missing_config", f"{credential.name} has the wrong content. It must be {access.what}."
        )
    email, private = credential.require("client_email"), credential.require("private_key")
    signer = _signer(credential, private)
    return ServiceAccount(email, token_uri, access.scopes, signer, (private,))


def _signer(credential: Credential, private: str) -> Any:
    try:
        return crypt.RSASigner.from_string(private, credential.text("private_key_id") or None)
    except Exception:  # noqa: BLE001 - the library lets many kinds through, some repeat the key
        message = f"private_key in {credential.name} is not an RSA key in PEM format. Copy the complete key file again."
        raise WorkerError("missing_config", message) from None
