"""What a health answer proves about a worker, and what the latest smoke runs say about a site."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hermes.core.answers import Answer
from hermes.core.envelopes import said_status, status_of
from hermes.core.failures import Reason, Trouble
from hermes.core.replies import Document, Postponed, read_document
from hermes.core.worker_config import WorkerConfig, fingerprint

TOLD = ("service", "contract", "version", "modes", "not_ready", "ready")

ILL = frozenset({"unhealthy", "down", "critical", "fatal", "dead", "offline", "outage"})
NOT_HEX = re.compile(r"[^0-9a-f]")


def read_health(
    result: Answer | Trouble, config: WorkerConfig, now: datetime
) -> tuple[Trouble | None, dict[str, Any]]:
    """(why the connection is not good or None, what the worker told about itself)."""
    if isinstance(result, Trouble):
        return result, {}
    document = read_document(result, now)
    if isinstance(document, Postponed):
        return document.trouble, {}
    if not isinstance(document, Document):
        return document, {}
    facts = {name: document.fields[name] for name in TOLD if name in document.fields}
    facts["seconds"] = round(result.seconds, 4)
    expected = document.fields.get("expected_key_fingerprint")
    known = expected if isinstance(expected, str) else ""
    if known and config.key and not _agree(known, config.key):
        detail = f"The worker expects key {known[:40]}, the vault holds {fingerprint(config.key)}."
        return Trouble(Reason.API_KEY_MISMATCH, detail), facts
    if (ill := _ill(document.fields)) is not None:
        return Trouble(Reason.WORKER_FAILED, f"The worker's health answer says {ill}."), facts
    facts["keyProof"] = (
        "fingerprints agree" if known and config.key else "not proven: the path may be public"
    )
    return None, facts


def _agree(told: str, key: str) -> bool:
    """Whether a fingerprint is that of our key, whatever stands between its two halves."""
    return NOT_HEX.sub("", told.lower()) == NOT_HEX.sub("", fingerprint(key))


def _ill(fields: Mapping[str, Any]) -> str | None:
    """The worker's own word for not being well; None for anything else, which is only shown."""
    if status_of(fields) in ("failed", "cancelled"):
        return said_status(fields) or "that it is not well"
    if fields.get("healthy") is False:
        return "that it is not healthy"
    word = said_status(fields)
    return word if word.lower() in ILL else None
