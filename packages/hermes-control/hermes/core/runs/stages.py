"""The stages of a run, from configuration to verdict: what was reached, and where it broke."""

from typing import Any, get_args

from hermes.core.worker_config import WorkerConfig, fingerprint
from hermes_base.http.answers import Answer
from hermes_base.reasons import Failure, Reason, Stage

NAMES: tuple[Stage, ...] = get_args(Stage)
SENT = NAMES.index("request sent")


def stages(
    config: WorkerConfig | Failure,
    url: str | None,
    result: Answer | Failure | None,
    failure: Failure | None,
    *,
    judged: bool,
) -> list[dict[str, Any]]:
    """`[{name, outcome: ok | failed | not reached, seconds?, detail}]`, in order."""
    if failure and failure.reason is Reason.CANCELLED:
        failure, judged = None, False  # stopped, not broken: nothing was judged
    broken = failure.reason.stage if failure else None
    details = _details(config, url, result)
    end = NAMES.index(broken) if broken else len(NAMES) - (not judged)
    found: list[dict[str, Any]] = [
        {"name": name, "outcome": "ok", "detail": details.get(name, "")} for name in NAMES[:end]
    ]
    if broken and failure:
        found.append({"name": broken, "outcome": "failed", "detail": failure.detail})
    rest = NAMES[len(found) :]
    found += [{"name": name, "outcome": "not reached", "detail": ""} for name in rest]
    if isinstance(result, Answer) and end >= SENT:
        found[SENT]["seconds"] = round(result.seconds, 4)
    return found


def _details(
    config: WorkerConfig | Failure, url: str | None, result: Answer | Failure | None
) -> dict[str, str]:
    details: dict[str, str] = {}
    if isinstance(config, WorkerConfig):
        details["config loaded"] = f"from {config.source}"
        details["auth ready"] = f"key fingerprint {fingerprint(config.key)}"
        details["endpoint built"] = url or ""
    if isinstance(result, Answer):
        details["request sent"] = f"status {result.status}"
        details["reply typed"] = result.content_type or "no content type"
    return details
