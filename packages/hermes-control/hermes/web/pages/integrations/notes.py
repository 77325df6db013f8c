"""Why a row is not simply fine, in one line, and what to do about it in another."""

from collections.abc import Mapping
from dataclasses import dataclass

from hermes.core.views import NextAction, ServiceRow
from hermes.core.views.services import MOVING


@dataclass(frozen=True, slots=True)
class Note:
    """What a row says below its name. Both are empty where all is well."""

    why: str = ""
    step: str = ""


def note_of(row: ServiceRow, actions: Mapping[str, NextAction]) -> Note:
    """Of one row; `actions`: the first next action of each service by its slug."""
    if any(test.state in MOVING for test in (row.connection, row.smoke, row.full)):
        return Note(row.summary if row.smoke.state in MOVING else "")
    if row.readiness == "needs_config":
        return Note(row.readiness_text, row.next_step)
    action = actions.get(row.slug)
    if action and action.kind != "not_tested":
        return Note(_why(row, action), action.how)
    if row.smoke.state in ("failed", "cancelled") or not row.supports_smoke:
        return Note(row.summary)
    return _passed(row)


def _why(row: ServiceRow, action: NextAction) -> str:
    """A failure with its label; what is missing by its names; else as the action says it."""
    if action.kind == "missing":
        ends = ("missing", "claimed", "refuted")
        named = {end: [o.label for o in row.missing.outputs if o.end == end] for end in ends}
        told = [f"{end.capitalize()}: {', '.join(names)}" for end, names in named.items() if names]
        return ". ".join(told)
    if action.kind == "failed":
        return row.summary
    return action.why


def _passed(row: ServiceRow) -> Note:
    """What is worth knowing of a service that passed."""
    if row.connection.state == "failed" and (run := row.connection.run):
        return Note(f"Connection failed: {run.reason_label}", run.next_step or "")
    if row.full.state in ("failed", "partial") and (run := row.full.run):
        return Note(f"The last full run: {run.reason_label}", run.next_step or "")
    return Note(row.summary if row.missing.waived or row.missing.doubts else "")
