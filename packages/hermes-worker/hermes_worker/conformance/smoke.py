"""Level smoke: bad requests are refused, and one small real run is started and ends."""

import json
from typing import Any

from hermes_worker.conformance.connection import CUT_OFF
from hermes_worker.conformance.reading import (
    FINISHED,
    MALFORMED,
    UNFINISHED,
    expect,
    fail,
    job_of,
    read,
    result_of,
    word_of,
)
from hermes_worker.conformance.trial import Start, Trial
from hermes_worker.conformance.wire import Exchange


async def broken_json_is_refused(trial: Trial) -> Exchange:
    return refused_without_a_job(await trial.post_start(CUT_OFF))


async def a_list_is_refused(trial: Trial) -> Exchange:
    body = json.dumps([trial.new_start().body]).encode()
    return refused_without_a_job(await trial.post_start(body))


async def unknown_mode_is_refused(trial: Trial) -> Exchange:
    start = Start.new("no-such-mode", {**trial.payload, "mode": "no-such-mode"})
    return refused_without_a_job(await trial.start(start))


def refused_without_a_job(answer: Exchange) -> Exchange:
    if job := job_of(expect(answer, *MALFORMED)):
        fail(f"the refusal names the job {job}", answer)
    return answer


async def starts(trial: Trial) -> Exchange:
    """With 200 there must be an outcome, with 202 a job id."""
    modes = trial.health.get("modes")
    if isinstance(modes, list) and trial.mode not in modes:
        fail(f"/health offers no mode {trial.mode!r}; nothing was started", trial.health_answer)
    answer = await trial.start(trial.smoke_start)
    document = expect(answer, 200, 202)
    if answer.status == 202 and not job_of(document):
        fail("202 without a jobId (a text that is not empty)", answer)
    if answer.status == 200 and word_of(document) in UNFINISHED:
        fail(f"200 means that the result is there, but the status is {word_of(document)}", answer)
    if answer.status == 200 and "error" not in document and result_of(document) is None:
        fail("200 with neither a result nor an error", answer)
    trial.smoke_answers = [answer]
    return answer


async def speaks_status_words(trial: Trial) -> Exchange:
    """Polls the smoke run to its end; every answer is kept for the checks that follow."""
    first = trial.smoke_answers[0]
    if first.status == 202:
        trial.smoke_answers += await trial.follow(trial.smoke_job, trial.limits.job)
        for answer in trial.smoke_answers[1:]:
            require_a_status_word(expect(answer, 200), answer)
    elif "status" in read(first):
        require_a_status_word(read(first), first)
    return trial.smoke_answers[-1]


def require_a_status_word(document: dict[str, Any], answer: Exchange) -> None:
    if word_of(document) not in UNFINISHED + FINISHED:
        fail(f"{document.get('status')!r} is not one of the five status words", answer)


async def ends_in_time(trial: Trial) -> Exchange:
    answer = trial.smoke_answers[-1]
    if (word := word_of(read(answer))) in UNFINISHED:
        fail(f"still {word} after {trial.limits.job:g} s", answer)
    return answer


async def ends_as_completed(trial: Trial) -> Exchange:
    answer = trial.smoke_answers[-1]
    document = read(answer)
    if "error" in document and document["error"] is not None:
        fail(f"ended with the error {json.dumps(document['error'])}", answer)
    if (word := word_of(document) or "completed") != "completed":
        fail(f"ended as {word}", answer)
    return answer


CHECKS = {
    "SMK-1": broken_json_is_refused,
    "SMK-2": a_list_is_refused,
    "SMK-3": unknown_mode_is_refused,
    "SMK-4": starts,
    "SMK-5": speaks_status_words,
    "SMK-6": ends_in_time,
    "SMK-7": ends_as_completed,
}
