"""Why a run did not pass, as evidence: what is concerned, in whose words, and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass

from hermes.core.views import MissingOutput, RunView


@dataclass(frozen=True, slots=True)
class Proof:
    """One cause. `outputs` are missing by it; none for a run that never came to outputs."""

    title: str
    state: str
    outputs: Sequence[MissingOutput]
    quote: str
    cause: str
    next_step: str
    rule: str = ""
    shows: str = ""


def proofs_of(run: RunView) -> list[Proof]:
    """The cause of a failed run first, then the missing outputs that have causes of their own.

    What is missing by one cause stands in one proof: a worker that fails once is not told eight times.
    """
    if run.status not in ("failed", "partial"):
        return []
    found = [_of_run(run)] if run.status == "failed" else []
    by_cause: dict[tuple[str, ...], list[MissingOutput]] = {}
    for each in run.missing.outputs:
        if run.status == "partial" or not _by_the_run(each, run):
            shows = each.shows or ""
            cause = (each.end, each.message, each.likely_cause, each.next_step, shows)
            by_cause.setdefault(cause, []).append(each)
    return [*found, *map(_of_outputs, by_cause.values())]


def _by_the_run(output: MissingOutput, run: RunView) -> bool:
    return output.reason == run.reason and output.message == (run.detail or "")


def _of_run(run: RunView) -> Proof:
    outputs = [each for each in run.missing.outputs if _by_the_run(each, run)]
    title = run.reason_label or run.status_text
    return Proof(title, "failed", outputs, run.detail or "", run.cause or "", run.next_step or "")


def _of_outputs(outputs: Sequence[MissingOutput]) -> Proof:
    first = outputs[0]
    title = ", ".join(each.label for each in outputs)
    cause, rule, shows = first.likely_cause, first.rule or "", first.shows or ""
    return Proof(title, first.end, outputs, first.message, cause, first.next_step, rule, shows)
