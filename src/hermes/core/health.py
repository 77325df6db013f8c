"""What a health answer proves about a worker, and what the latest smoke runs say about a site."""

from datetime import datetime
from typing import Any

from hermes.core.answers import Answer
from hermes.core.envelopes import status_of
from hermes.core.failures import Reason, Trouble
from hermes.core.replies import Document, Postponed, read_document
from hermes.core.worker_config import WorkerConfig, fingerprint

TOLD = ("service", "contract", "version", "modes", "not_ready", "ready")


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
    if (
        isinstance(expected, str)
        and expected
        and config.key
        and expected != fingerprint(config.key)
    ):
        detail = f"The worker expects key {expected}, the vault holds {fingerprint(config.key)}."
        return Trouble(Reason.API_KEY_MISMATCH, detail), facts
    if status_of(document.fields) in ("failed", "cancelled"):
        return Trouble(
            Reason.WORKER_FAILED, "The worker's health answer says that it is not well."
        ), facts
    facts["keyProof"] = (
        "fingerprints agree" if expected else "not proven: the health path is public"
    )
    return None, facts
