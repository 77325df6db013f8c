"""What holds for every answer, judged at the end over all that were seen; and that nothing is left behind."""

import asyncio
from collections.abc import Awaitable, Callable

from hermes_worker.conformance.reading import (
    UNFINISHED,
    Skipped,
    broken_rule,
    content_type,
    fail,
    read,
    word_of,
)
from hermes_worker.conformance.trial import Trial
from hermes_worker.conformance.wire import Exchange

Check = Callable[[Trial], Awaitable[Exchange]]
SHORTEST_KEY = 6


async def all_jobs_end(trial: Trial) -> Exchange:
    if not trial.jobs:
        raise Skipped("no job was started")
    ends = await asyncio.gather(*map(trial.end, trial.jobs), return_exceptions=True)
    last = [end for end in ends if isinstance(end, Exchange)]
    for error in ends:
        if isinstance(error, BaseException):
            raise error
    for job, answer in zip(trial.jobs, last, strict=True):
        if (word := word_of(read(answer))) in UNFINISHED:
            fail(f"job {job} is still {word}", answer)
    return last[-1]


async def all_are_typed(trial: Trial) -> Exchange:
    """What is no answer at all is ANS-5's business."""
    for answer in answers(trial):
        if answer.status and (kind := content_type(answer)) != "application/json":
            fail(f"Content-Type is {kind or 'missing'}", answer)
    return answers(trial)[-1]


def rule(name: str) -> Check:
    async def all_obey(trial: Trial) -> Exchange:
        for answer in answers(trial):
            broken, what = broken_rule(answer) or ("", "")
            if broken == name:
                fail(what, answer)
        return answers(trial)[-1]

    return all_obey


async def none_holds_the_key(trial: Trial) -> Exchange:
    if trial.wire.key is None or len(trial.wire.key) < SHORTEST_KEY:
        raise Skipped(f"no key of {SHORTEST_KEY} characters or more was given")
    forms = [form.encode() for form in trial.wire.key_forms()]
    for answer in trial.wire.exchanges:
        if any(form in answer.body for form in forms):
            fail("the answer holds the key", answer)
    return trial.wire.exchanges[-1]


def answers(trial: Trial) -> list[Exchange]:
    """All but those of /health, which has requirements of its own."""
    return [answer for answer in trial.wire.exchanges if not answer.about_health]


CHECKS = {
    "END-1": all_jobs_end,
    "ANS-1": all_are_typed,
    "ANS-2": rule("ANS-2"),
    "ANS-3": rule("ANS-3"),
    "ANS-4": rule("ANS-4"),
    "ANS-5": rule("ANS-5"),
    "ANS-6": none_holds_the_key,
}
