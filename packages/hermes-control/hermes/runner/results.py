"""What a step came to: an update with its evidence, both free of keys."""

from dataclasses import replace
from typing import Any

from hermes.contact.workers import Exchange
from hermes.core.redaction import redact
from hermes.core.runs.model import RunUpdate
from hermes.core.runs.stages import stages
from hermes.core.worker_config import WorkerConfig
from hermes_base.value import value


@value
class StepResult:
    """The update to write, and the evidence of its exchanges by kind."""

    update: RunUpdate
    evidence: dict[str, Any]


def judged(
    update: RunUpdate, config: WorkerConfig, exchange: Exchange, result: Exchange | None = None
) -> StepResult:
    """An update with the evidence of its exchanges and the stages that it came through, cleaned.
    `result`: the exchange in which a result was fetched from an address of its own."""
    last = result or exchange
    evidence: dict[str, Any] = {exchange.kind: exchange.evidence()}
    if result:
        evidence[result.kind] = result.evidence()
    ended = update.finished_at is not None
    evidence["stages"] = stages(config, last.url, last.result, update.failure, judged=ended)
    return clean(StepResult(update, evidence), config)


def clean(step: StepResult, config: WorkerConfig) -> StepResult:
    """The single place where keys are taken out of what a run stores. Most answers hold none, and
    nothing is copied for them."""
    update = step.update
    stored = {
        "outputs": update.outputs,
        "metrics": update.metrics,
        "detail": update.detail,
        "artifacts": update.artifacts,
    }
    cleaned, evidence = redact((stored, step.evidence), [config.key, config.read_key])
    return step if cleaned is stored else StepResult(replace(update, **cleaned), evidence)
