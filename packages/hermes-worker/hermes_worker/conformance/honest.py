"""`verify-worker --honest`: questions to which a worker that makes its figures up gives itself away.

The contract says how a worker answers; these ask whether what it answers is so. Nothing is known here of the service:
values are compared with each other, with what was asked, and with what no figure can be.
"""

import json
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from hermes_worker.conformance.reading import (
    FINISHED,
    Failed,
    Skipped,
    job_of,
    read,
    result_of,
    word_of,
)
from hermes_worker.conformance.trial import Limits, Start, Trial
from hermes_worker.conformance.values import faults_in, is_measured, told_values, unlike
from hermes_worker.conformance.wire import Exchange, Unreachable, Wire

Answered = Literal["kept", "broken", "open"]
MARKS: dict[Answered, str] = {"kept": "✓", "broken": "✗", "open": "○"}
NOWHERE = "https://no-such-site-of-the-conformance-kit.invalid"
SECOND = "https://example.org"


@dataclass(frozen=True, slots=True)
class Finding:
    """One question: `asked`, how it was answered, and what was `seen`."""

    asked: str
    answered: Answered
    seen: str

    def as_json(self) -> dict[str, str]:
        return {"asked": self.asked, "answered": self.answered, "seen": self.seen}


@dataclass(frozen=True, slots=True)
class Honesty:
    """All findings. `score`: of the questions that could be judged, how many were kept, in percent; None where
    none could be."""

    url: str
    findings: tuple[Finding, ...]

    @property
    def honest(self) -> bool:
        """Nothing was broken, and something could be judged."""
        return self.score == 100

    @property
    def score(self) -> int | None:
        judged = [finding for finding in self.findings if finding.answered != "open"]
        kept = sum(finding.answered == "kept" for finding in judged)
        return round(100 * kept / len(judged)) if judged else None

    def as_json(self) -> dict[str, Any]:
        findings = [finding.as_json() for finding in self.findings]
        return {"honest": self.honest, "score": self.score, "findings": findings}

    def text(self) -> str:
        lines = [
            f"{MARKS[each.answered]} {each.asked}\n         {each.answered}: {each.seen}"
            for each in self.findings
        ]
        score = "nothing could be judged" if self.score is None else f"{self.score} of 100"
        return "\n".join([*lines, "", f"Honesty of {self.url}: {score}."])


async def honesty(
    url: str, key: str | None, *, mode: str, payload: Mapping[str, Any], limits: Limits
) -> Honesty:
    """Ask them all, one after the other: at most five small jobs. Raises Unreachable where nobody answers."""
    async with Wire(url, key) as wire:
        questions = Questions(Trial(wire, mode, payload, limits, None))
        findings = [await questions.ask(words, question) for words, question in ASKED.items()]
    return Honesty(wire.base, tuple(findings))


class Questions:
    """The questions to one worker, and the first answer, which others are compared with."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.first: dict[str, Any] = {}
        self.first_job = ""

    async def ask(self, words: str, question: Callable[["Questions"], Awaitable[str]]) -> Finding:
        """`kept` with what was seen; `broken` where the answer gives itself away; `open` where it proves nothing."""
        try:
            seen = await question(self)
        except Skipped as error:
            return Finding(words, "open", self._shown(error))
        except Failed as error:
            return Finding(words, "broken", self._shown(error))
        except Unreachable as error:
            return Finding(words, "broken", f"nobody answers any more: {error}")
        return Finding(words, "kept", seen)

    def _shown(self, error: Failed) -> str:
        return self.trial.wire.redacted(str(error))

    async def outputs(self, **changed: Any) -> tuple[dict[str, Any], Exchange]:
        """The outputs of one more run, {} where it ended without any; and the last answer."""
        start = Start.new(self.trial.mode, {**self.trial.payload, **changed})
        answer = await self.trial.start(start)
        job = job_of(read(answer)) if answer.status in (200, 202) else ""
        if answer.status == 202 and job:
            answer = (await self.trial.follow(job, self.trial.limits.job))[-1]
        document = read(answer)
        if answer.status != 200 or word_of(document) not in ("", "completed"):
            if answer.status == 200 and word_of(document) not in FINISHED:
                await self.trial.end(job)
            return {}, answer
        self.first_job = self.first_job or job
        return told_values(result_of(document)), answer

    async def once(self) -> dict[str, Any]:
        """The outputs of the first run, which is made once."""
        if not self.first:
            self.first, answer = await self.outputs()
            if not self.first:
                raise Skipped(f"the first run delivered nothing: {_excerpt(answer)}", answer)
        return self.first


async def values_are_values(ask: Questions) -> str:
    outputs = await ask.once()
    if faults := faults_in(outputs):
        raise Failed("; ".join(faults[:5]))
    return f"{len(outputs)} outputs, none of which contradicts itself"


async def two_sites_differ(ask: Questions) -> str:
    first = {slug: value for slug, value in (await ask.once()).items() if is_measured(value)}
    if not first:
        raise Skipped("the first run delivered no figures or rows that could be compared")
    second, answer = await ask.outputs(site=SECOND, site_id=str(uuid.uuid4()))
    if not second:
        return f"{SECOND} gave no outputs: {_excerpt(answer)}"
    same = [slug for slug, value in first.items() if second.get(slug) == value]
    if len(same) == len(first):
        raise Failed(
            f"{SECOND} has exactly the same values as the first site: {', '.join(same[:6])}"
        )
    return f"{len(first) - len(same)} of {len(first)} outputs differ between two sites"


async def no_site_no_figures(ask: Questions) -> str:
    outputs, answer = await ask.outputs(site=NOWHERE, site_id=str(uuid.uuid4()))
    made = [slug for slug, value in outputs.items() if is_measured(value)]
    if made:
        raise Failed(f"{NOWHERE} does not exist, and has values: {_values(outputs, made)}")
    return f"no figures for a site that does not exist: {_excerpt(answer)}"


async def nonsense_is_refused(ask: Questions) -> str:
    outputs, answer = await ask.outputs(site="no address at all", max_urls="many")
    made = [slug for slug, value in outputs.items() if is_measured(value)]
    if made:
        raise Failed(f"a site that is no address has values: {_values(outputs, made)}")
    return _excerpt(answer)


async def the_same_twice(ask: Questions) -> str:
    first = await ask.once()
    second, answer = await ask.outputs()
    if not second:
        raise Skipped(f"the second run delivered nothing: {_excerpt(answer)}")
    if differing := unlike(first, second):
        raise Failed(
            f"asked twice within a minute, the figures have nothing in common: {differing}"
        )
    return "the same question was answered alike twice"


async def wrong_key_is_refused(ask: Questions) -> str:
    if ask.trial.wire.key is None:
        raise Skipped("no key was given")
    await ask.once()
    answer = await ask.trial.status(ask.first_job or "any-job", "wrong key")
    if answer.status not in (401, 403):
        raise Failed(f"a job is told to a wrong key: {_excerpt(answer)}")
    return f"a wrong key is refused with {answer.status}"


async def job_of_nobody_is_unknown(ask: Questions) -> str:
    answer = await ask.trial.status(str(uuid.uuid4()))
    if answer.status == 200 and word_of(read(answer)) != "failed":
        raise Failed(f"a job that nobody has is known: {_excerpt(answer)}")
    return f"a job that does not exist returns {answer.status}"


def _values(outputs: Mapping[str, Any], slugs: list[str]) -> str:
    return ", ".join(f"{slug} {json.dumps(outputs[slug])[:60]}" for slug in slugs[:4])


def _excerpt(answer: Exchange) -> str:
    return f"{answer.status} {answer.body.decode('utf-8', 'replace')[:120]}"


ASKED: dict[str, Callable[[Questions], Awaitable[str]]] = {
    "Its values are values, and do not contradict themselves.": values_are_values,
    "Two sites have different figures.": two_sites_differ,
    "A site that does not exist has no figures.": no_site_no_figures,
    "A site that is no address has no figures.": nonsense_is_refused,
    "The same question has the same answer within a minute.": the_same_twice,
    "A wrong key learns nothing of a job.": wrong_key_is_refused,
    "A job that nobody has is unknown.": job_of_nobody_is_unknown,
}
