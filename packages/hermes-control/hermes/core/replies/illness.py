"""What a health answer says against its worker: that it is ill, or that it is not ready."""

from collections.abc import Mapping
from typing import Any, cast

from hermes.core.replies.standing import said_status, status_of
from hermes.core.replies.words import as_flag, squashed

ILL = frozenset(
    [
        "unhealthy",
        "down",
        "critical",
        "fatal",
        "dead",
        "offline",
        "outage",
        "fail",
        "outofservice",
        "maintenance",
        "undermaintenance",
        "unavailable",
        "notok",
        "bad",
        "red",
        "notserving",
        "notservingyet",
        "disabled",
    ]
)
"""Words for not being well, squashed; those of a job that failed count too."""
NOT_READY = frozenset({"notready", "starting", "initializing", "warmingup", "booting", "degraded"})
SOUND = ("healthy", "isHealthy", "is_healthy", "alive", "live", "up", "available")
CHECKS = ("checks", "components", "details", "dependencies", "services")


def word_of_ill(fields: Mapping[str, Any]) -> str | None:
    """The worker's own word for not being well; None for anything else, which is only shown."""
    if status_of(fields) in ("failed", "cancelled"):
        return said_status(fields) or "a problem"
    for name in SOUND:
        if as_flag(fields.get(name)) is False:
            return f"{name}: {str(fields[name]).lower()}"
    word = said_status(fields)
    return word if squashed(word) in ILL else _ill_check(fields)


def _ill_check(fields: Mapping[str, Any]) -> str | None:
    """A check of its own that says that something is down, at most three levels deep."""
    for name in CHECKS:
        if word := _word_of_ill(fields.get(name), name, 3):
            return word
    return None


def _word_of_ill(value: Any, path: str, depth: int) -> str | None:
    if isinstance(value, str):
        bad = squashed(value) in ILL or squashed(value) in ("failed", "error")
        return f"{path}: {value[:60]}" if bad else None
    if depth == 0:
        return None
    if isinstance(value, dict):
        inner = cast("dict[str, Any]", value)
        told: dict[str, Any] = {
            f"{path}.{name}": each
            for name, each in inner.items()
            if isinstance(each, dict | list) or depth == 3 or name in ("status", "state", "health")
        }
        words = (_word_of_ill(each, where, depth - 1) for where, each in told.items())
        return next((word for word in words if word), None)
    if isinstance(value, list):
        rows = cast("list[Any]", value)
        return next((word for row in rows if (word := _word_of_ill(row, path, depth - 1))), None)
    return None


def lacking_of(fields: Mapping[str, Any]) -> str:
    """What the worker lacks in its own words; "" where it is ready."""
    lacking = fields.get("not_ready")
    if isinstance(lacking, dict) and lacking:
        named = cast("dict[str, Any]", lacking)
        return "; ".join(f"{name}: {str(why).rstrip('.')}" for name, why in named.items())[:300]
    if isinstance(lacking, list | str) and lacking:
        return str(cast("object", lacking))[:300]
    if as_flag(fields.get("ready")) is False:
        return "ready: false"
    word = said_status(fields)
    return word if squashed(word) in NOT_READY else ""
