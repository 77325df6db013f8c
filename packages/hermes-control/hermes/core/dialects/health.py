"""What a connection test proves of a worker that speaks a dialect."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hermes.core.dialects.dialect import Dialect
from hermes.core.dialects.expressions import find
from hermes.core.replies.health import wrong_address
from hermes.core.replies.http_errors import http_failure
from hermes.core.replies.key_proofs import doubted
from hermes.core.replies.replies import refusal
from hermes.core.replies.values import Postponed
from hermes.core.worker_config import WorkerConfig
from hermes_base.http.answers import Answer, parse_value
from hermes_base.reasons import Failure, Reason

REFUSES_THE_JOB = (400, 404, 410, 422)
"""Statuses with which an API says that it does not know a job: it is there, and read the request."""


def read_health(
    dialect: Dialect, result: Answer | Failure, config: WorkerConfig, now: datetime
) -> tuple[Failure | None, dict[str, Any]]:
    """(why the connection is not good or None, what is known of the worker)."""
    if isinstance(result, Failure):
        return result, {}
    asked_for_a_job = not (dialect.health.path or config.path("health_path"))
    refused = refusal(result, now)
    failure = refused.failure if isinstance(refused, Postponed) else refused
    known = asked_for_a_job and result.status in REFUSES_THE_JOB and not result.is_html
    if failure is not None and not known:
        return wrong_address(result, failure), {}
    facts: dict[str, Any] = {
        "dialect": dialect.name,
        "seconds": round(result.seconds, 4),
        "host": config.host,
        "keyProof": "not proven, because the path may be public",
        "doubts": [] if config.key else [NO_KEY],
    }
    return _ill(dialect, result), facts


NO_KEY = "No key is configured, so anyone may be able to use the worker."


def _ill(dialect: Dialect, answer: Answer) -> Failure | None:
    """What the dialect says must be true of a worker that is well."""
    if not dialect.health.well:
        return None
    document = parse_value(answer)
    if isinstance(document, Failure):
        return document
    found = find(dialect.health.well, document)
    if found:
        return None
    detail = f"The health check of {dialect.title} is not good: {answer.excerpt}"
    return Failure(Reason.WORKER_FAILED, detail)


def read_probe(
    result: Answer | Failure, facts: Mapping[str, Any]
) -> tuple[Failure | None, dict[str, Any]]:
    """What asking for a job that nobody has proves of our key."""
    failure = result if isinstance(result, Failure) else http_failure(result)
    if failure is not None and failure.reason in (Reason.AUTH_401, Reason.FORBIDDEN_403):
        return failure, dict(facts)
    heard = isinstance(result, Answer) and (
        result.status < 300 or (result.status in REFUSES_THE_JOB and not result.is_html)
    )
    if not heard:
        seen = failure.detail if failure else ""
        return None, doubted(facts, f"Hermes could not check whether the key is accepted: {seen}")
    return None, {**facts, "keyProof": "the key was accepted"}
