"""Keys of the stand-ins: made at start, never the same twice."""

from dataclasses import dataclass, field
from secrets import token_hex, token_urlsafe

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

RSA_BITS = 2048


def _rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)


def _short() -> str:
    return token_hex(8)


def _long() -> str:
    return token_urlsafe(24)


def _digits() -> str:
    return str(int(token_hex(8), 16) % 10**17 + 10**17)


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens the stand-ins of one process."""

    google: rsa.RSAPrivateKey = field(default_factory=_rsa, repr=False)
    google_key_id: str = field(default_factory=lambda: token_hex(20), repr=False)
    google_client_id: str = field(default_factory=_digits, repr=False)
    google_client_secret: str = field(default_factory=_long, repr=False)
    google_refresh: str = field(default_factory=lambda: f"1//{_long()}", repr=False)
    google_ads: str = field(default_factory=_long, repr=False)
    dataforseo: str = field(default_factory=_short, repr=False)
    serpapi: str = field(default_factory=lambda: token_hex(32), repr=False)
    brave: str = field(default_factory=lambda: f"BSA{_long()}", repr=False)
    psi: str = field(default_factory=lambda: f"AIza{_long()}", repr=False)
    crux: str = field(default_factory=lambda: f"AIza{_long()}", repr=False)
    language_model: str = field(default_factory=lambda: f"sk-{_long()}", repr=False)
    github: str = field(default_factory=lambda: f"github_pat_{_long()}", repr=False)
    gitlab: str = field(default_factory=lambda: f"glpat-{_long()}", repr=False)
    slack_team: str = field(default_factory=lambda: f"T{token_hex(5).upper()}", repr=False)
    slack_service: str = field(default_factory=lambda: f"B{token_hex(5).upper()}", repr=False)
    slack_token: str = field(default_factory=lambda: token_hex(12), repr=False)
    discord_id: str = field(default_factory=_digits, repr=False)
    discord_token: str = field(default_factory=lambda: token_urlsafe(51), repr=False)
    smtp: str = field(default_factory=_long, repr=False)

    def google_pem(self) -> str:
        """The service account's private key as its key file has it."""
        pem = self.google.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return pem.decode()
