"""What the answers of a connection test prove about a worker, its address and our key."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hermes.core.replies.http_errors import forgets_job, http_failure
from hermes.core.replies.replies import read_document
from hermes.core.replies.standing import said_status, status_of
from hermes.core.replies.values import Document, Postponed
from hermes.core.worker_config import WorkerConfig, fingerprint
from hermes_base.http.answers import Answer
from hermes_base.reasons import Failure, Reason

REPORTED = (
    "service",
    "contract",
    "version",
    "modes",
    "not_ready",
    "ready",
    "expected_key_fingerprint",
)

NO_SUCH_HOST = (
    "no-server",
    "no such app",
    "deployment_not_found",
    "application not found",
    "there isn't a github pages site here",
    "no such site",
    "nosuchbucket",
)
"""Words with which hosting platforms answer for a host that none of their customers has."""

ILL = frozenset({"unhealthy", "down", "critical", "fatal", "dead", "offline", "outage"})
NOT_HEX = re.compile(r"[^0-9a-f]")


def read_health(
    result: Answer | Failure, config: WorkerConfig, now: datetime
) -> tuple[Failure | None, dict[str, Any]]:
    """(why the connection is not good or None, what the worker reports of itself)."""
    if isinstance(result, Failure):
        return result, {}
    document = read_document(result, now)
    if isinstance(document, Postponed):
        return document.failure, {}
    if not isinstance(document, Document):
        return wrong_address(result, document), {}
    facts = {name: document.fields[name] for name in REPORTED if name in document.fields}
    facts["seconds"] = round(result.seconds, 4)
    facts["host"] = config.host  # what a worker told is true of this address alone
    expected = document.fields.get("expected_key_fingerprint")
    known = expected if isinstance(expected, str) else ""
    if known and config.key and not agrees(known, config.key):
        detail = f"The worker expects the key with fingerprint {known[:40]}, but Hermes has {fingerprint(config.key)}."
        return Failure(Reason.API_KEY_MISMATCH, detail), facts
    if (ill := _ill(document.fields)) is not None:
        return Failure(Reason.WORKER_FAILED, f"The worker's health check reports {ill}."), facts
    facts["keyProof"] = (
        "fingerprints agree"
        if known and config.key
        else "not proven, because the path may be public"
    )
    return None, facts


def read_probe(
    result: Answer | Failure, facts: Mapping[str, Any]
) -> tuple[Failure | None, dict[str, Any]]:
    """What asking for a job that nobody has proves of our key: refused, accepted, or nothing."""
    if isinstance(result, Failure):
        return None, dict(facts)
    failure = http_failure(result)
    if failure is not None and failure.reason in (Reason.AUTH_401, Reason.FORBIDDEN_403):
        return failure, dict(facts)
    if not _looked_for_the_job(result):
        return None, dict(facts)
    proven = "fingerprints agree, and the key was accepted"
    proof = proven if facts.get("keyProof") == "fingerprints agree" else "the key was accepted"
    return None, {**facts, "keyProof": proof}


def _looked_for_the_job(answer: Answer) -> bool:
    """Whether the worker got as far as the job; a path it does not have says nothing of the key."""
    if not answer.content_type.endswith("json"):
        return False
    return answer.status in (200, 202, 400, 422) or forgets_job(answer)


def read_open_door(result: Answer | Failure, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What asking without a key proves: that strangers are refused, or that they are not."""
    if not isinstance(result, Answer):
        return dict(facts)
    if result.status in (401, 403):
        return {**facts, "keyProof": f"{facts['keyProof']}; refused without it"}
    return {**facts, "warning": f"{result.url} returns {result.status} without any key."}


def wrong_address(answer: Answer, failure: Failure) -> Failure:
    """A 404 told apart: a hosting platform that knows no such host, or a host without such a path."""
    if failure.reason is not Reason.WRONG_ENDPOINT_404:
        return failure
    seen = f"{answer.headers.get('x-render-routing', '')} {answer.excerpt}".lower()
    if any(words in seen for words in NO_SUCH_HOST):
        detail = f"Wrong host: the hosting platform behind {answer.url} has no such service."
        return Failure(failure.reason, detail)
    return Failure(failure.reason, f"Reachable, wrong path: {failure.detail}")


def agrees(reported: str, key: str) -> bool:
    """Whether a fingerprint is that of our key, whatever stands between its two halves."""
    return NOT_HEX.sub("", reported.lower()) == NOT_HEX.sub("", fingerprint(key))


def _ill(fields: Mapping[str, Any]) -> str | None:
    """The worker's own word for not being well; None for anything else, which is only shown."""
    if status_of(fields) in ("failed", "cancelled"):
        return said_status(fields) or "a problem"
    if fields.get("healthy") is False:
        return "that it is unhealthy"
    word = said_status(fields)
    return word if word.lower() in ILL else None
