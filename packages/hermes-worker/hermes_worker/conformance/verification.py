"""Judging a worker: requirement by requirement, in the order of the table."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from hermes_worker.conformance import (
    cancelling,
    connection,
    delivery,
    everywhere,
    polling,
    repeating,
    smoke,
)
from hermes_worker.conformance.everywhere import Check
from hermes_worker.conformance.reading import Failed, Skipped
from hermes_worker.conformance.report import Report, Result
from hermes_worker.conformance.requirements import LEVELS, Requirement, up_to
from hermes_worker.conformance.trial import Limits, Trial
from hermes_worker.conformance.wire import Exchange, Unreachable, Wire, json_object

CHECKS: dict[str, Check] = {
    **connection.CHECKS,
    **smoke.CHECKS,
    **delivery.CHECKS,
    **polling.CHECKS,
    **repeating.CHECKS,
    **cancelling.CHECKS,
    **everywhere.CHECKS,
}
USUAL_LIMITS = Limits()


async def verify(
    url: str,
    key: str | None = None,
    *,
    level: str | None = None,
    mode: str = "smoke",
    payload: Mapping[str, Any] | None = None,
    restart_command: str | None = None,
    wait: float = 0.0,
    limits: Limits = USUAL_LIMITS,
) -> Report:
    """Judge the worker at `url`, up to `level` (None: what /health declares, else smoke).

    `payload`: fields of every start, over site, site_id and run_id. `wait`: seconds to wait for a
    worker that is starting. ValueError for unusable arguments, Unreachable when nobody answers.
    """
    if level not in (None, *LEVELS):
        raise ValueError(f"{level!r} is no level; there are {', '.join(LEVELS)}.")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise ValueError(f"{url!r} is not the http or https address of a worker.")
    async with Wire(url, key) as wire:
        trial = Trial(wire, mode, payload or {}, limits, restart_command)
        await meet(trial, wait)
        asked = level or declared_level(trial)
        results = await judge(trial, up_to(asked))
        return Report(wire.base, asked, tuple(results.values()), len(trial.jobs))


async def meet(trial: Trial, seconds: float) -> None:
    """Asks /health; while nobody answers or the host wakes up (502, 503, 504), again, so long."""
    deadline = time.monotonic() + seconds
    while True:
        late = time.monotonic() >= deadline
        try:
            trial.health_answer = await trial.ask_health()
        except Unreachable:
            if late:
                raise
        else:
            if late or trial.health_answer.status not in (0, 502, 503, 504):
                break
        await asyncio.sleep(0.2)
    if not trial.health_answer.status:
        raise Unreachable(f"{trial.wire.base}/health: {trial.health_answer.trouble}")
    document = json_object(trial.health_answer.body)
    trial.health = document if isinstance(document, dict) else {}


def declared_level(trial: Trial) -> str:
    level = trial.health.get("level")
    return level if level in LEVELS else "smoke"


async def judge(trial: Trial, requirements: list[Requirement]) -> dict[str, Result]:
    """A result for each, by id. What needs something that has not passed is skipped."""
    results: dict[str, Result] = {}
    for requirement in requirements:
        unmet = [needed for needed in requirement.needs if not results[needed].passed]
        if unmet:
            reason = f"needs {unmet[0]}, which is not passed"
            results[requirement.id] = Result(requirement, "skipped", reason, None, 0.0)
        else:
            results[requirement.id] = await judged(trial, requirement)
    return results


async def judged(trial: Trial, requirement: Requirement) -> Result:
    began = time.monotonic()
    try:
        shown, outcome, reason = await CHECKS[requirement.id](trial), "passed", ""
    except Failed as error:
        outcome = "skipped" if isinstance(error, Skipped) else "failed"
        shown, reason = error.exchange, trial.wire.redacted(str(error))
    except Unreachable as error:
        outcome, shown, reason = "failed", None, f"nobody answers any more: {error}"
    evidence = trial.wire.shown(shown) if isinstance(shown, Exchange) else None
    return Result(requirement, outcome, reason, evidence, time.monotonic() - began)
