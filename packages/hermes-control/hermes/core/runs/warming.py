"""Cold starts: a host that sleeps is waited for once, and shown as warming up, before it is judged."""

from datetime import datetime, timedelta
from typing import Any

from hermes.core.catalog import Service
from hermes.core.worker_config import WorkerConfig
from hermes_base.reasons import Failure, Reason
from hermes_egress.addresses import is_private_literal

ALLOWANCE = 60.0  # s, for hosts elsewhere; free hosting takes up to a minute to wake
WAKING = frozenset({Reason.CONNECT_REFUSED, Reason.CONNECT_TIMEOUT, Reason.SERVER_ERROR_5XX})


def allowance(service: Service, config: WorkerConfig) -> float:
    """Seconds that a service's host may take to wake: as the catalog says, else none on this machine
    or a private network, where a refused connection means that nothing runs."""
    if service.warm_up_seconds is not None:
        return service.warm_up_seconds
    return 0.0 if _is_near(config.hostname) else ALLOWANCE


def _is_near(hostname: str) -> bool:
    a_name_of_this_network = "." not in hostname and ":" not in hostname
    return a_name_of_this_network or is_private_literal(hostname)


def still_warming(
    metrics: Any, failure: Failure, now: datetime, seconds: float
) -> dict[str, Any] | None:
    """`warmUp` of a run whose worker may only be asleep: `{since, tries, trouble}`; None when it is final:
    another kind of failure, one that may have started something, or out of patience."""
    if failure.reason not in WAKING or failure.sent:
        return None
    before: dict[str, Any] = metrics.get("warmUp") or {}
    since = datetime.fromisoformat(before["since"]) if before else now
    if now - since >= timedelta(seconds=seconds):
        return None
    cause = {"reason": failure.reason, "detail": failure.detail}
    return {"since": since.isoformat(), "tries": before.get("tries", 0) + 1, "trouble": cause}


def wait_of(warm_up: dict[str, Any]) -> float:
    """Seconds until the next try: 1, 2 ... at most 5."""
    return min(5.0, float(warm_up["tries"]))


def awake(metrics: Any, now: datetime) -> dict[str, Any]:
    """The metrics with the measured seconds of a warm-up that is over; unchanged without one."""
    warm_up = metrics.get("warmUp")
    if not warm_up or "seconds" in warm_up:
        return dict(metrics)
    seconds = (now - datetime.fromisoformat(warm_up["since"])).total_seconds()
    return {**metrics, "warmUp": {**warm_up, "seconds": round(seconds, 3)}}
