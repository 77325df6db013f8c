"""Level connection: the worker is there, and its key works. Nothing is started."""

import re
from typing import Any, cast

from hermes_worker.conformance.reading import (
    REFUSED,
    Skipped,
    content_type,
    expect,
    fail,
    read,
)
from hermes_worker.conformance.trial import Trial
from hermes_worker.conformance.wire import Exchange, json_object

ENVELOPE_WORDS = frozenset(
    {"ok", "service", "version", "time", "status", "job_started", "worker_health"}
)
CUT_OFF = b'{"mode": "smoke", '


async def healthy(trial: Trial) -> Exchange:
    answer = trial.health_answer
    if not 200 <= answer.status < 300:
        fail(answer.trouble or f"answered {answer.status}", answer)
    return answer


async def health_is_json(trial: Trial) -> Exchange:
    answer = trial.health_answer
    if isinstance(document := json_object(answer.body), str):
        fail(f"the body is {document}", answer)
    if (kind := content_type(answer)) != "application/json":
        fail(f"Content-Type is {kind or 'missing'}", answer)
    return answer


async def health_is_quick(trial: Trial) -> Exchange:
    answer = trial.health_answer
    if answer.seconds > trial.limits.health:
        fail(f"took {answer.seconds:.1f} s", answer)
    return answer


async def health_declares(trial: Trial) -> Exchange:
    health, modes = trial.health, trial.health.get("modes")
    if health.get("contract") != "v1":
        fail(f"contract is {health.get('contract')!r}", trial.health_answer)
    if not isinstance(modes, list) or not modes:
        fail(f"modes is {modes!r}, not a list of words", trial.health_answer)
    return trial.health_answer


async def outputs_are_slugs(trial: Trial) -> Exchange:
    listed = trial.health.get("outputs", [])
    outputs = cast("list[Any]", listed) if isinstance(listed, list) else None
    if outputs is None or len(outputs) != len(set(map(str, outputs))):
        fail("outputs is not a list of different slugs", trial.health_answer)
    for slug in map(str, outputs):
        if slug in ENVELOPE_WORDS or not re.fullmatch(r"[a-z][a-z0-9_]*", slug):
            fail(f"{slug!r} is no output", trial.health_answer)
    return trial.health_answer


async def no_key_is_refused(trial: Trial) -> Exchange:
    require_a_key(trial)
    answer = await trial.start(trial.new_start(), "no key")
    expect(answer, *REFUSED)
    return answer


async def wrong_key_is_refused(trial: Trial) -> Exchange:
    require_a_key(trial)
    answer = await trial.start(trial.new_start(), "wrong key")
    expect(answer, *REFUSED)
    return answer


async def right_key_is_accepted(trial: Trial) -> Exchange:
    """Whatever the body of the refusal is: what cannot be read there is ANS-3's business alone."""
    answer = await trial.post_start(CUT_OFF)
    if answer.trouble:
        read(answer)
    if answer.status in REFUSED:
        fail(f"answered {answer.status}: is the key right?", answer)
    return answer


async def one_header_is_enough(trial: Trial) -> Exchange:
    require_a_key(trial)
    answers = [
        await trial.post_start(CUT_OFF, "bearer alone"),
        await trial.post_start(CUT_OFF, "x-api-key alone"),
    ]
    for answer in answers:
        read(answer)
        if answer.status in REFUSED:
            fail(f"answered {answer.status}", answer)
    return answers[-1]


def require_a_key(trial: Trial) -> None:
    if trial.wire.key is None:
        raise Skipped("no key was given")


CHECKS = {
    "CON-1": healthy,
    "CON-2": health_is_json,
    "CON-3": health_is_quick,
    "CON-4": health_declares,
    "CON-5": outputs_are_slugs,
    "CON-6": no_key_is_refused,
    "CON-7": wrong_key_is_refused,
    "CON-8": right_key_is_accepted,
    "CON-9": one_header_is_enough,
}
