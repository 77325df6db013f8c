"""Why Bitwarden gives no secrets: the closed list, each with what to do next."""

from dataclasses import dataclass
from enum import StrEnum


class Closed(StrEnum):
    """The closed list of why a Bitwarden vault cannot be opened."""

    MISSING_TOKEN = "missing_token"  # noqa: S105 - the name of a reason
    MISSING_ORGANIZATION = "missing_organization"
    MALFORMED_TOKEN = "malformed_token"  # noqa: S105 - the name of a reason
    SDK_MISSING = "sdk_missing"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    ORGANIZATION_NOT_FOUND = "organization_not_found"
    PROJECT_NOT_FOUND = "project_not_found"
    ZERO_SECRETS = "zero_secrets"
    UNKNOWN_NAMES = "unknown_names"
    RATE_LIMITED = "rate_limited"
    UNREACHABLE = "unreachable"
    API_ERROR = "api_error"


AWAY = frozenset({Closed.RATE_LIMITED, Closed.UNREACHABLE, Closed.API_ERROR})
"""Bitwarden did not say no: what it gave last stays in use. After every other reason it does not."""
PASSES = frozenset({Closed.UNREACHABLE, Closed.API_ERROR})
"""Worth asking again soon; after a refusal that would only use up the limit of logins."""

_RENEW = "In Bitwarden Secrets Manager open Machine accounts > Access tokens, create a new token and set it as HERMES_BITWARDEN_TOKEN."
_ACCESS = "In Bitwarden Secrets Manager open the project that holds the secrets and give the machine account read access."
_WAIT = "Hermes tries again automatically. If it continues, check Bitwarden's status page."

NEXT_STEPS: dict[Closed, str] = {
    Closed.MISSING_TOKEN: _RENEW,
    Closed.MISSING_ORGANIZATION: "Set HERMES_BITWARDEN_ORGANIZATION to the organisation's id.",
    Closed.MALFORMED_TOKEN: _RENEW,
    Closed.SDK_MISSING: "Install it: pip install 'hermes-control[bitwarden]'",
    Closed.UNAUTHORIZED: _RENEW,
    Closed.FORBIDDEN: _ACCESS,
    Closed.ORGANIZATION_NOT_FOUND: "Compare HERMES_BITWARDEN_ORGANIZATION with the id in Bitwarden's address bar.",
    Closed.PROJECT_NOT_FOUND: "Compare HERMES_BITWARDEN_PROJECT with the project's id in Bitwarden, and give the machine account read access.",
    Closed.ZERO_SECRETS: _ACCESS,
    Closed.UNKNOWN_NAMES: "Name the secrets in Bitwarden as Settings > Secrets lists them.",
    Closed.RATE_LIMITED: "Wait a few minutes, and press Refresh less often.",
    Closed.UNREACHABLE: "Allow the addresses of Bitwarden in this network, or correct HERMES_BITWARDEN_API_URL and _IDENTITY_URL.",
    Closed.API_ERROR: _WAIT,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure to read: the reason and one sentence. Holds nothing secret."""

    reason: Closed
    detail: str

    @property
    def next_step(self) -> str:
        """What to do."""
        return NEXT_STEPS[self.reason]
