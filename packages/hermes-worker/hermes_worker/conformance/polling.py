"""Level async: a job can be asked for, says the truth while it runs, and stays as it ended."""

import asyncio
import time
import uuid
from typing import Any, TypeGuard, cast

from hermes_worker.conformance.connection import require_a_key
from hermes_worker.conformance.reading import (
    FINISHED,
    REFUSED,
    UNFINISHED,
    Skipped,
    expect,
    fail,
    job_of,
    read,
    result_of,
    wait_readable,
    word_of,
)
from hermes_worker.conformance.trial import Trial
from hermes_worker.conformance.wire import Exchange, Unreachable


async def unknown_job_is_404(trial: Trial) -> Exchange:
    expect(answer := await trial.status(str(uuid.uuid4())), 404)
    return answer


async def status_needs_the_key(trial: Trial) -> Exchange:
    require_a_key(trial)
    expect(answer := await trial.status(trial.smoke_job, "no key"), *REFUSED)
    return answer


async def status_is_about_the_job(trial: Trial) -> Exchange:
    answer = await trial.status(job := trial.smoke_job)
    named = expect(answer, 200).get("jobId", job)
    if named != job:
        fail(f"asked about {job}, told about {named!r}", answer)
    return answer


async def progress_is_monotone(trial: Trial) -> Exchange:
    pairs = [(answer, read(answer).get("progress")) for answer in trial.smoke_answers]
    given = [(answer, progress) for answer, progress in pairs if progress is not None]
    if not given:
        raise Skipped("no answer about the smoke run held progress", trial.smoke_answers[-1])
    before = 0.0
    for answer, progress in given:
        if fault := progress_fault(progress, before):
            fail(fault, answer)
        before = progress["done"]
    return given[-1][0]


def progress_fault(progress: Any, before: float) -> str:
    """What is wrong with one progress after another; "" when nothing is."""
    if not isinstance(progress, dict):
        return f"progress is not an object: {progress!r}"
    fields = cast("dict[str, Any]", progress)
    done, total = fields.get("done"), fields.get("total")
    if not is_number(done) or not (total is None or is_number(total)):
        return f"done is {done!r} and total is {total!r}; numbers are needed (total may be null)"
    if done < before:
        return f"done fell from {before:g} to {done:g}"
    return f"done is {done:g} of {total:g}" if total is not None and done > total else ""


def is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


async def ended_stays_ended(trial: Trial) -> Exchange:
    answer = await trial.status(trial.smoke_job)
    now, then = expect(answer, 200), read(trial.smoke_answers[-1])
    if word_of(now) != (word_of(then) or "completed"):
        fail(f"the job had ended as {word_of(then)} and is now {word_of(now)}", answer)
    if (result_of(now), now.get("error")) != (result_of(then), then.get("error")):
        fail("the job had ended with another result or error", answer)
    return answer


async def retry_after_is_readable(trial: Trial) -> Exchange:
    for answer in trial.smoke_answers:
        if not wait_readable(answer):
            fail(f"Retry-After is {answer.headers['Retry-After']!r}", answer)
    return trial.smoke_answers[0]


async def survives_a_restart(trial: Trial) -> Exchange:
    if trial.restart_command is None:
        raise Skipped("no --restart-command was given")
    begun = await trial.start(trial.new_start())
    if begun.status != 202:
        raise Skipped("the job had ended when /start answered", begun)
    await restart(trial, trial.restart_command, begun)
    answer = (await trial.follow(job_of(expect(begun, 202)), trial.limits.job))[-1]
    document = expect(answer, 200)
    if (word := word_of(document)) in UNFINISHED or word not in FINISHED:
        fail(f"the job is {word} after the restart", answer)
    if word == "failed" and not document.get("error"):
        fail("the job failed after the restart and does not say why", answer)
    return answer


async def restart(trial: Trial, command: str, begun: Exchange) -> None:
    """Runs the command and waits until /health answers again."""
    process = await asyncio.create_subprocess_shell(command)
    if code := await process.wait():
        raise Skipped(f"the restart command ended with code {code}", begun)
    deadline = time.monotonic() + trial.limits.restart
    while time.monotonic() < deadline:
        try:
            if (await trial.ask_health()).status == 200:
                return
        except Unreachable:
            pass
        await asyncio.sleep(0.1)
    fail(f"/health did not respond within {trial.limits.restart:g} s of the restart", begun)


CHECKS = {
    "ASY-1": unknown_job_is_404,
    "ASY-2": status_needs_the_key,
    "ASY-3": status_is_about_the_job,
    "ASY-4": progress_is_monotone,
    "ASY-5": ended_stays_ended,
    "ASY-6": retry_after_is_readable,
    "ASY-7": survives_a_restart,
}
