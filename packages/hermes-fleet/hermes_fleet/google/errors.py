"""What Google says when it does not answer, as a reason of Hermes' list and a sentence for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from hermes_fleet.http import Reply

RATE = frozenset(
    {
        "rateLimitExceeded",
        "userRateLimitExceeded",
        "RATE_LIMIT_EXCEEDED",
        "RESOURCE_TEMPORARILY_EXHAUSTED",
    }
)
QUOTA = frozenset({"quotaExceeded", "dailyLimitExceeded", "RESOURCE_EXHAUSTED"})
SWITCHED_OFF = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
NO_SCOPE = frozenset({"ACCESS_TOKEN_SCOPE_INSUFFICIENT"})
BY_STATUS = {
    401: "auth_401",
    403: "forbidden_403",
    404: "wrong_endpoint_404",
    429: "rate_limited",
}
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Api:
    """One of Google's APIs. `slug`: its name in `base_urls` of the secret; `product`: its name in
    Google Cloud; `cure`: what is wrong when `who` may not read `place`; `wait`: for how long.
    """

    slug: str
    name: str
    product: str
    root: str
    cure: str
    wait: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An error of Google: its HTTP status, every code word in it, and what it says."""

    status: int
    words: frozenset[str]
    message: str

    @property
    def reason(self) -> str:
        if self.words & RATE or (self.status == 429 and "per minute" in self.message):
            return "rate_limited"
        if self.words & QUOTA or (self.status in (403, 429) and "quota" in self.message.lower()):
            return "quota_exceeded"
        if 300 <= self.status < 400:
            return "redirect"
        other = "server_error_5xx" if self.status >= 500 else "worker_failed"
        return BY_STATUS.get(self.status, other)

    def sentence(self, api: Api, who: str, place: str) -> str:
        """What is wrong and what to do; then Google's own words."""
        return self.quoted(self._cause(api, who, place))

    def quoted(self, cause: str) -> str:
        """A cause, then Google's own words."""
        return f'{cause} Google says: "{self.message}"' if self.message else cause

    def _cause(self, api: Api, who: str, place: str) -> str:
        if self.words & SWITCHED_OFF:
            return f"The {api.product} is switched off in the key's Google Cloud project: enable it under APIs & Services > Library."
        if self.words & NO_SCOPE:
            return f"The sign-in does not include {api.name}. Sign in again and grant read access."
        if self.status in (403, 404) and self.reason in ("forbidden_403", "wrong_endpoint_404"):
            return api.cure.format(who=who, Who=who[:1].upper() + who[1:], place=place)
        return {
            "rate_limited": f"{api.name} is limiting requests. Run again in a minute.",
            "quota_exceeded": f"The quota of {api.name} is used up: {api.wait}",
            "auth_401": f"{api.name} did not accept the token of {who}.",
            "redirect": f"{api.name} returned {self.status}, a redirect, which Hermes does not follow.",
            "server_error_5xx": f"{api.name} failed with {self.status}: run again later.",
        }.get(self.reason, f"{api.name} refused the request with {self.status}.")


def refused(reply: Reply) -> Refused | None:
    """The error in an answer, also in one of status 200; None when there is none."""
    return refusal_of(reply.status, reply.fields.get("error"))


def refusal_of(status: int, found: Any) -> Refused | None:
    """The error that stands in an answer of this status; None when there is none."""
    if status == 200 and found is None:
        return None
    error = cast("dict[str, Any]", found) if isinstance(found, dict) else {"message": found or ""}
    code = error.get("code")
    inner = code if status == 200 and isinstance(code, int) else status
    message = " ".join(_message(error).split())[:LONGEST]
    return Refused(inner, frozenset(_words(error)), message)


def _message(error: dict[str, Any]) -> str:
    """The most exact one: in a failure of Google Ads the outer message is the same for all."""
    told = (str(each.get("message") or "") for each in _failures(error))
    return next(filter(None, told), str(error.get("message", "")))


def _words(error: dict[str, Any]) -> Iterator[str]:
    """`status`, and `reason` of every entry: old APIs say it in `errors`, newer ones in `details`."""
    yield str(error.get("status", ""))
    for name in ("errors", "details"):
        yield from (str(entry.get("reason", "")) for entry in _entries(error, name))
    for failure in _failures(error):
        yield from map(str, cast("dict[str, Any]", failure.get("errorCode") or {}).values())


def _failures(error: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The errors inside the details: how Google Ads says what is wrong."""
    for detail in _entries(error, "details"):
        yield from _entries(detail, "errors")


def _entries(fields: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = fields.get(name)
    entries = cast("list[Any]", found) if isinstance(found, list) else []
    return [cast("dict[str, Any]", entry) for entry in entries if isinstance(entry, dict)]
