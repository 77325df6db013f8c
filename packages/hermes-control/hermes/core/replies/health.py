"""What the answers of a connection test prove about a worker, its address and our key."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hermes.core.replies.illness import lacking_of, word_of_ill
from hermes.core.replies.key_proofs import agrees
from hermes.core.replies.replies import read_document
from hermes.core.replies.values import Document, Postponed
from hermes.core.replies.words import squashed
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


def read_health(
    result: Answer | Failure, config: WorkerConfig, now: datetime, service: str = ""
) -> tuple[Failure | None, dict[str, Any]]:
    """(why the connection is not good or None, what the worker reports of itself). `service`: the slug that the
    worker should name, where it names any. `doubts` among the facts are what is not proven, each a sentence."""
    if isinstance(result, Failure):
        return result, {}
    document = read_document(result, now)
    if isinstance(document, Postponed):
        return document.failure, {}
    if not isinstance(document, Document):
        return wrong_address(result, document), {}
    facts: dict[str, Any] = {n: document.fields[n] for n in REPORTED if n in document.fields}
    facts["seconds"] = round(result.seconds, 4)
    facts["host"] = config.host  # what a worker told is true of this address alone
    expected = document.fields.get("expected_key_fingerprint")
    known = expected if isinstance(expected, str) else ""
    if known and config.key and not agrees(known, config.key):
        detail = f"The worker expects the key with fingerprint {known[:40]}, but Hermes has {fingerprint(config.key)}."
        return Failure(Reason.API_KEY_MISMATCH, detail), facts
    if (ill := word_of_ill(document.fields)) is not None:
        return Failure(Reason.WORKER_FAILED, f"The worker's health check reports {ill}."), facts
    facts["keyProof"] = (
        "fingerprints agree"
        if known and config.key
        else "not proven, because the path may be public"
    )
    facts["doubts"] = _doubts(document.fields, service, config)
    return None, facts


def _doubts(fields: Mapping[str, Any], service: str, config: WorkerConfig) -> list[str]:
    """What a good health answer leaves open, or says against itself."""
    found: list[str] = []
    named = fields.get("service")
    if (
        isinstance(named, str)
        and named.strip()
        and service
        and squashed(named) != squashed(service)
    ):
        found.append(f"The worker identifies itself as {named[:60]!r}, not {service!r}.")
    if unready := lacking_of(fields):
        found.append(f"The worker reports that it is not ready: {unready}.")
    if not config.key:
        found.append("No key is configured, so anyone may be able to use the worker.")
    return found


def wrong_address(answer: Answer, failure: Failure) -> Failure:
    """A 404 told apart: a hosting platform that knows no such host, or a host without such a path."""
    if failure.reason is not Reason.WRONG_ENDPOINT_404:
        return failure
    seen = f"{answer.headers.get('x-render-routing', '')} {answer.excerpt}".lower()
    if any(words in seen for words in NO_SUCH_HOST):
        detail = f"Wrong host: the hosting platform behind {answer.url} has no such service."
        return Failure(failure.reason, detail)
    return Failure(failure.reason, f"Reachable, wrong path: {failure.detail}")
