"""From what was promised and what arrived to success, partial or failed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from typing import Any, Literal, TypeVar

from hermes.core.catalog import Service
from hermes.core.truth.asked import Asked
from hermes.core.truth.ends import Doubt, End, Explained
from hermes.core.truth.outputs import NOT_SAID, Delivered, deliver
from hermes_base.reasons import PROVIDER_MAY_CAUSE, WORKER_MAY_SAY, Failure, Reason
from hermes_base.value import value

ON_ITS_OWN_WAY = PROVIDER_MAY_CAUSE - WORKER_MAY_SAY - {Reason.MALFORMED_REPLY}
"""Failures between a worker and its provider: of the whole run they would read as ours with the worker."""
V = TypeVar("V")
Outcome = Literal["success", "partial", "failed", "cancelled"]


@value
class Verdict:
    """The end of a run: outcome, why not success, and the outputs that arrived or did not.

    `notes` say of an output how its value was read where that was not plain.
    """

    outcome: Outcome
    failure: Failure | None
    actual: tuple[str, ...]
    missing: tuple[str, ...]
    values: Mapping[str, Any]
    provenance: Mapping[str, str]
    explanations: Mapping[str, Explained]
    metrics: Mapping[str, Any]
    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    artifacts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    doubts: Mapping[str, Sequence[Doubt]] = field(default_factory=dict[str, Sequence[Doubt]])


def judge(
    service: Service,
    expected: Sequence[str],
    document: Mapping[str, Any],
    asked: Asked = NOT_SAID,
    waived: Collection[str] = (),
) -> Verdict:
    """Judge a finished answer by its outputs: all delivered, some, none."""
    return weigh(service, expected, deliver(service, document, asked), waived)


def weigh(
    service: Service,
    expected: Sequence[str],
    delivered: Delivered,
    waived: Collection[str] = (),
) -> Verdict:
    """`missing = expected - actual - waived`, in the catalog's order. What brought nothing at all has
    failed, whatever is waived."""
    values = {s: delivered.values[s] for s in expected if s in delivered.values}
    actual = tuple(values)
    absent = [slug for slug in expected if slug not in values]
    missing = tuple([slug for slug in absent if slug not in waived])
    explanations = _of(delivered.missing, absent)
    return Verdict(
        outcome=_outcome(absent, actual, missing),
        failure=_failure(service, actual, missing if actual else absent, explanations),
        actual=actual,
        missing=missing,
        values=values,
        provenance=_of(delivered.provenance, actual),
        explanations=explanations,
        metrics=delivered.metrics,
        notes=_of(delivered.notes, actual),
        artifacts=delivered.artifacts,
        doubts=_of(delivered.doubts, actual),
    )


def _of(table: Mapping[str, V], slugs: Sequence[str]) -> dict[str, V]:
    """What a table says of these, in their order."""
    return {slug: table[slug] for slug in slugs if slug in table} if table else {}


def _outcome(absent: Sequence[str], actual: Sequence[str], missing: Sequence[str]) -> Outcome:
    if actual or not absent:
        return "partial" if missing else "success"
    return "failed"


def failed(failure: Failure, expected: Sequence[str], outcome: Outcome = "failed") -> Verdict:
    """A run that delivered nothing, for this reason."""
    return Verdict(outcome, failure, (), tuple(expected), {}, {}, {}, {})


def _failure(
    service: Service,
    actual: Sequence[str],
    missing: Sequence[str],
    explanations: Mapping[str, Explained],
) -> Failure | None:
    if not missing:
        return None
    names = ", ".join(service.label(slug) for slug in missing)
    if actual:
        return Failure(Reason.OUTPUTS_MISSING, _by_end(service, missing, explanations))
    reasons = {explanations[slug].reason for slug in missing if slug in explanations}
    only = reasons.pop() if len(reasons) == 1 else ""
    if only and only not in (Reason.OUTPUTS_MISSING, ""):
        message = next(e.message for e in explanations.values())
        reason = Reason.WORKER_FAILED if only in ON_ITS_OWN_WAY else Reason(only)
        return Failure(reason, message or f"None of the expected outputs was returned: {names}.")
    return Failure(Reason.NO_OUTPUTS, f"None of the expected outputs was returned: {names}.")


def _by_end(service: Service, missing: Sequence[str], explanations: Mapping[str, Explained]) -> str:
    """`Missing: A, B. Claimed: C. Refuted: D.`"""
    ends = {s: explanations[s].end if s in explanations else "missing" for s in missing}
    told = ((end, [service.label(s) for s in missing if ends[s] == end]) for end in ENDS)
    return " ".join(f"{end.capitalize()}: {', '.join(names)}." for end, names in told if names)


ENDS: tuple[End, ...] = ("missing", "claimed", "refuted")
