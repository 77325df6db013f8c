"""Level idempotent: one Idempotency-Key makes one job, however often it is sent."""

import asyncio

from hermes_worker.conformance.reading import Skipped, expect, fail, job_of, read
from hermes_worker.conformance.trial import Start, Trial
from hermes_worker.conformance.wire import Exchange

AT_ONCE = 10


async def same_key_same_job(trial: Trial) -> Exchange:
    return require_the_job(await trial.start(trial.smoke_start), trial.smoke_job)


async def parallel_starts_make_one_job(trial: Trial) -> Exchange:
    start = trial.new_start()
    answers = await asyncio.gather(*(trial.start(start) for _ in range(AT_ONCE)))
    jobs = {job_of(expect(answer, 200, 202)) for answer in answers}
    if jobs == {""}:
        raise Skipped("the worker answers at once and names no job", answers[0])
    if len(jobs) > 1:
        fail(f"{AT_ONCE} equal starts made {len(jobs)} jobs", answers[-1])
    trial.parallel_job = jobs.pop()
    return answers[-1]


async def other_body_is_refused(trial: Trial) -> Exchange:
    start = trial.smoke_start
    changed = {**start.body, "site_id": "another-site", "run_id": "another-run"}
    answer = await trial.start(Start(start.key, changed))
    if job_of(expect(answer, 422)) not in ("", job_of(read(trial.smoke_answers[0]))):
        fail("the refusal names another job", answer)
    return answer


async def other_key_other_job(trial: Trial) -> Exchange:
    first = trial.smoke_answers[0]
    if trial.parallel_job == trial.smoke_job:
        fail(f"two keys, one job: {trial.smoke_job}", first)
    return first


async def order_of_fields_is_free(trial: Trial) -> Exchange:
    start = trial.smoke_start
    turned = dict(reversed(list(start.body.items())))
    return require_the_job(await trial.start(Start(start.key, turned)), trial.smoke_job)


def require_the_job(answer: Exchange, job: str) -> Exchange:
    if (named := job_of(expect(answer, 200, 202))) != job:
        fail(f"the job was {job} and is now {named or 'not named'}", answer)
    return answer


CHECKS = {
    "IDM-1": same_key_same_job,
    "IDM-2": parallel_starts_make_one_job,
    "IDM-3": other_body_is_refused,
    "IDM-4": other_key_other_job,
    "IDM-5": order_of_fields_is_free,
}
