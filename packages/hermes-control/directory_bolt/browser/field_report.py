"""The report of what was entered into a form, as JSON for the staff. A form never receives a secret."""

from collections.abc import Mapping
from typing import Any

from directory_bolt.core.filling.plan import Fill, Plan


def field_report(plan: Plan, before: Mapping[str, Any]) -> dict[str, Any]:
    """Field name -> label, kind, value, confidence (0 to 1), signals, note.

    `before` is the report of earlier pages of the form; its names are not used again.
    """
    found = dict[str, Any]()
    for fill in plan.fills:
        name = fill.field.name or fill.field.id or fill.field.visible_name
        found[_free(name, fill, {**before, **found})] = _entry(fill)
    return found


def _free(name: str, fill: Fill, taken: Mapping[str, Any]) -> str:
    """The field's name; with a number behind it where another field is reported under it."""
    label, number, free = fill.field.visible_name, 1, name
    while free in taken and taken[free]["label"] != label:
        number += 1
        free = f"{name} ({number})"
    return free


def _entry(fill: Fill) -> dict[str, Any]:
    mapping = fill.mapped.mapping
    kind = f"{mapping.kind} ({mapping.part})" if mapping.part else str(mapping.kind)
    return {
        "label": fill.field.visible_name,
        "kind": kind,
        "value": fill.shown,
        "confidence": mapping.confidence,
        "signals": [f"{signal.source}: {signal.words}" for signal in mapping.signals],
        "note": fill.note,
    }
