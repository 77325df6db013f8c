"""The stages of a run, from configuration to verdict: what was reached, and where it broke."""

from typing import Any

from hermes.core.worker_config import WorkerConfig, fingerprint
from hermes_base.failures import Reason, Trouble
from hermes_base.http.answers import Answer

NAMES = (
    "config loaded",
    "auth ready",
    "endpoint built",
    "request sent",
    "reply typed",
    "schema read",
    "outputs judged",
)

SENT = NAMES.index("request sent")

_BROKEN_AT: dict[Reason, str] = {
    **dict.fromkeys(
        (Reason.MISSING_SECRET, Reason.SECRET_MALFORMED, Reason.MISSING_CONFIG), "config loaded"
    ),
    **dict.fromkeys(
        (Reason.DNS, Reason.TLS, Reason.CONNECT_REFUSED, Reason.CONNECT_TIMEOUT), "request sent"
    ),
    **dict.fromkeys((Reason.READ_TIMEOUT, Reason.START_OUTCOME_UNKNOWN), "request sent"),
    **dict.fromkeys(
        (Reason.HTML_APP_SHELL, Reason.NOT_JSON, Reason.REPLY_TOO_LARGE), "reply typed"
    ),
    **dict.fromkeys(
        (Reason.AUTH_401, Reason.FORBIDDEN_403, Reason.API_KEY_MISMATCH), "reply typed"
    ),
    **dict.fromkeys(
        (Reason.WRONG_ENDPOINT_404, Reason.REDIRECT, Reason.RATE_LIMITED), "reply typed"
    ),
    **dict.fromkeys((Reason.SERVER_ERROR_5XX, Reason.QUOTA_EXCEEDED), "reply typed"),
    **dict.fromkeys(
        (Reason.MALFORMED_REPLY, Reason.MISSING_JOB_ID, Reason.UNKNOWN_STATUS), "schema read"
    ),
    Reason.JOB_UNKNOWN_TO_WORKER: "schema read",
}
"""Where each reason breaks the chain; those not named here break it at the verdict."""


def stages(
    config: WorkerConfig | Trouble,
    url: str | None,
    result: Answer | Trouble | None,
    trouble: Trouble | None,
    *,
    judged: bool,
) -> list[dict[str, Any]]:
    """`[{name, outcome: ok | failed | not reached, seconds?, detail}]`, in order."""
    if trouble and trouble.reason is Reason.CANCELLED:
        trouble, judged = None, False  # stopped, not broken: nothing was judged
    broken = _BROKEN_AT.get(trouble.reason, "outputs judged") if trouble else None
    details = _details(config, url, result)
    end = NAMES.index(broken) if broken else len(NAMES) - (not judged)
    found: list[dict[str, Any]] = [
        {"name": name, "outcome": "ok", "detail": details.get(name, "")} for name in NAMES[:end]
    ]
    if broken and trouble:
        found.append({"name": broken, "outcome": "failed", "detail": trouble.detail})
    rest = NAMES[len(found) :]
    found += [{"name": name, "outcome": "not reached", "detail": ""} for name in rest]
    if isinstance(result, Answer) and end >= SENT:
        found[SENT]["seconds"] = round(result.seconds, 4)
    return found


def _details(
    config: WorkerConfig | Trouble, url: str | None, result: Answer | Trouble | None
) -> dict[str, str]:
    details: dict[str, str] = {}
    if isinstance(config, WorkerConfig):
        details["config loaded"] = f"from {config.source}"
        details["auth ready"] = f"key fingerprint {fingerprint(config.key)}"
        details["endpoint built"] = url or ""
    if isinstance(result, Answer):
        details["request sent"] = f"answered {result.status}"
        details["reply typed"] = result.content_type or "no content type"
    return details
