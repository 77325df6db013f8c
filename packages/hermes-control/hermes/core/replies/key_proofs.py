"""What the probes of a connection test prove of our key, and of any other."""

import re
from collections.abc import Mapping
from typing import Any

from hermes.core.replies.http_errors import forgets_job, http_failure
from hermes.core.replies.standing import said_status, standing_of
from hermes.core.worker_config import fingerprint
from hermes_base.http.answers import Answer, parse_json
from hermes_base.reasons import Failure, Reason

NOT_HEX = re.compile(r"[^0-9a-f]")


def read_probe(
    result: Answer | Failure, facts: Mapping[str, Any]
) -> tuple[Failure | None, dict[str, Any]]:
    """What asking for a job that nobody has proves of our key: refused, accepted, or nothing."""
    failure = None if isinstance(result, Failure) else http_failure(result)
    if failure is not None and failure.reason in (Reason.AUTH_401, Reason.FORBIDDEN_403):
        return failure, dict(facts)
    if isinstance(result, Failure) or not _looked_for_the_job(result):
        seen = (
            result.detail
            if isinstance(result, Failure)
            else f"{result.url} returned {result.status}."
        )
        return None, doubted(facts, f"Hermes could not check whether the key is accepted: {seen}")
    proven = "fingerprints agree, and the key was accepted"
    proof = proven if facts.get("keyProof") == "fingerprints agree" else "the key was accepted"
    facts = {**facts, "keyProof": proof}
    told = _job_of_nobody(result)
    if not told:
        return None, facts
    return None, doubted(facts, f"The worker reports {told} for a job that does not exist.")


def _job_of_nobody(answer: Answer) -> str:
    """How a worker says that a job stands which does not exist; "" where it does not say so."""
    parsed = parse_json(answer)
    if isinstance(parsed, Failure) or answer.status >= 300:
        return ""
    state = standing_of(parsed).state
    return repr(said_status(parsed) or state) if state in ("queued", "running", "completed") else ""


def _looked_for_the_job(answer: Answer) -> bool:
    """Whether the worker got as far as the job; a path it does not have says nothing of the key."""
    if not answer.content_type.endswith("json"):
        return False
    return answer.status in (200, 202, 400, 422) or forgets_job(answer)


def read_wrong_key(result: Answer | Failure, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What asking with a key that nobody has proves: that it is refused, or that any key will do."""
    if not isinstance(result, Answer):
        return doubted(
            facts, f"Hermes could not check whether a wrong key is rejected: {result.detail}"
        )
    if result.status in (401, 403):
        return {**facts, "keyProof": f"{facts['keyProof']}; a wrong key is rejected"}
    if result.status >= 500 or result.status == 429:
        detail = f"Hermes could not check whether a wrong key is rejected: {result.url} returned {result.status}."
        return doubted(facts, detail)
    proof = "the worker takes any key"
    detail = f"A wrong key is not rejected: {result.url} returned {result.status}."
    return doubted({**facts, "keyProof": proof}, detail)


def read_mirror(
    result: Answer | Failure, wrong_key: str, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """What the health answer to a wrong key says of the fingerprint: a worker that expects whatever key it was
    sent has proved nothing by agreeing."""
    parsed = parse_json(result) if isinstance(result, Answer) else result
    expected = "" if isinstance(parsed, Failure) else str(parsed.get("expected_key_fingerprint"))
    if not agrees(expected, wrong_key):
        return dict(facts)
    detail = "The worker expects the fingerprint of whatever key it was sent, which proves nothing."
    return doubted(facts, detail)


def doubted(facts: Mapping[str, Any], doubt: str) -> dict[str, Any]:
    """The facts with one more thing that is not proven."""
    return {**facts, "doubts": [*facts.get("doubts", ()), doubt]}


def agrees(reported: str, key: str) -> bool:
    """Whether a fingerprint is that of our key, whatever stands between its two halves."""
    return NOT_HEX.sub("", reported.lower()) == NOT_HEX.sub("", fingerprint(key))
