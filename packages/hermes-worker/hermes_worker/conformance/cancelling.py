"""Level cancellable: a running job can be stopped, an ended one cannot be changed."""

import uuid

from hermes_worker.conformance.connection import require_a_key
from hermes_worker.conformance.reading import (
    FINISHED,
    REFUSED,
    Skipped,
    expect,
    fail,
    job_of,
    word_of,
)
from hermes_worker.conformance.trial import Trial
from hermes_worker.conformance.wire import Exchange


async def unknown_job_is_404(trial: Trial) -> Exchange:
    expect(answer := await trial.cancel(str(uuid.uuid4())), 404)
    return answer


async def cancel_needs_the_key(trial: Trial) -> Exchange:
    require_a_key(trial)
    expect(answer := await trial.cancel(trial.smoke_job, "no key"), *REFUSED)
    return answer


async def running_job_is_cancelled(trial: Trial) -> Exchange:
    begun = await trial.start(trial.new_start())
    expect(begun, 200, 202)
    if begun.status == 200:
        raise Skipped("the job had ended when /start answered", begun)
    job = job_of(expect(begun, 202))
    await stop(trial, job)
    answer = (await trial.follow(job, trial.limits.cancel))[-1]
    if (word := word_of(expect(answer, 200))) != "cancelled":
        fail(f"the cancelled job is {word}", answer)
    trial.cancelled_job = job
    return answer


async def stop(trial: Trial, job: str) -> None:
    """Skipped when the job was faster than its cancellation."""
    reply = await trial.cancel(job)
    expect(reply, 200, 202, 409)
    if reply.status == 409:
        answer = await trial.status(job)
        if (word := word_of(expect(answer, 200))) in FINISHED:
            raise Skipped(f"the job ended as {word} before it could be cancelled", reply)
        fail(f"409, although the job is {word}", reply)


async def cancelled_stays_cancelled(trial: Trial) -> Exchange:
    return await cancel_changes_nothing(trial, trial.cancelled_job, "cancelled")


async def completed_stays_completed(trial: Trial) -> Exchange:
    return await cancel_changes_nothing(trial, trial.smoke_job, "completed")


async def cancel_changes_nothing(trial: Trial, job: str, word: str) -> Exchange:
    reply = await trial.cancel(job)
    expect(reply, 200, 409)
    answer = await trial.status(job)
    if (now := word_of(expect(answer, 200))) != word:
        fail(f"the job was {word} and is now {now}", answer)
    return reply


CHECKS = {
    "CAN-1": unknown_job_is_404,
    "CAN-2": cancel_needs_the_key,
    "CAN-3": running_job_is_cancelled,
    "CAN-4": cancelled_stays_cancelled,
    "CAN-5": completed_stays_completed,
}
