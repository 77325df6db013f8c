"""One field as HTML: the control, without what stands around it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby

from hermes_sandbox.directories.model import Field, Marks, Option

Sent = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form shows again after it was sent: the values, and name of a field -> what is wrong."""

    sent: Sent = field(default_factory=dict[str, Sequence[str]])
    wrong: Mapping[str, str] = field(default_factory=dict[str, str])


EMPTY = Filled()


def control(field: Field, marks: Marks, choose: str, filled: Filled = EMPTY) -> str:
    """The control of a field that is no group of boxes. `choose` stands first in a select."""
    writer = _CONTROLS.get(field.kind, _line)
    return writer(field, _attributes(field, marks, filled), choose, filled)


def boxes(field: Field, marks: Marks, filled: Filled = EMPTY) -> str:
    """All boxes of a field with options, below their headings where they have some."""
    parts: list[str] = []
    for group, options in groupby(field.options, key=lambda option: option.group):
        inner = "\n".join(_box(field, marks, option, filled) for option in options)
        parts.append(f"<li>{escape(group)}\n<ul>{inner}</ul></li>" if group else inner)
    return f'<ul class="boxes">{"".join(parts)}</ul>'


def identity(field: Field) -> str:
    """The id of the control."""
    return re.sub(r"\W+", "_", f"f_{field.name}").strip("_")


def starred(field: Field, marks: Marks) -> str:
    """The label, escaped, with a star where the directory marks what is required in that way."""
    return escape(field.label) + (" *" if field.required and marks in ("star", "both") else "")


def _attributes(field: Field, marks: Marks, filled: Filled) -> str:
    found = {
        "id": identity(field),
        "name": field.name,
        "autocomplete": field.autocomplete or ("off" if field.hiding else ""),
        "maxlength": str(field.maxlength or ""),
        "placeholder": starred(field, marks) if field.style == "placeholder" else "",
        "aria-label": escape(field.label) if field.style == "aria" else "",
        "aria-labelledby": f"{identity(field)}_label" if field.style == "labelledby" else "",
        "aria-invalid": "true" if field.name in filled.wrong else "",
        "tabindex": "-1" if field.hiding == "aria" else "",
    }
    written = [f'{name}="{value}"' for name, value in found.items() if value]
    return " ".join([*written, *_required(field, marks)])


def _required(field: Field, marks: Marks) -> list[str]:
    if not field.required or marks == "star":
        return []
    return ['aria-required="true"'] if marks == "aria" else ["required"]


def _line(field: Field, attributes: str, _choose: str, filled: Filled) -> str:
    value = "" if field.kind in ("file", "password") else _value(field, filled)
    shown = f' value="{escape(value)}"' if value else ""
    return f'<input type="{field.kind}" {attributes}{shown}>'


def _text(field: Field, attributes: str, _choose: str, filled: Filled) -> str:
    return f'<textarea rows="4" cols="40" {attributes}>{escape(_value(field, filled))}</textarea>'


def _tick(field: Field, attributes: str, _choose: str, filled: Filled) -> str:
    ticked = field.name in filled.sent if filled.sent else field.ticked
    checked = " checked" if ticked else ""
    return f'<input type="checkbox" {attributes} value="{escape(field.value)}"{checked}>'


def _select(field: Field, attributes: str, choose: str, filled: Filled) -> str:
    first = field.label if field.style == "placeholder" else choose
    parts = [f'<option value="">{escape(first)}</option>']
    for group, options in groupby(field.options, key=lambda option: option.group):
        inner = "".join(_option(option, _value(field, filled)) for option in options)
        parts.append(f'<optgroup label="{escape(group)}">{inner}</optgroup>' if group else inner)
    return f"<select {attributes}>{''.join(parts)}</select>"


def _option(option: Option, chosen: str) -> str:
    selected = " selected" if option.value == chosen else ""
    return f'<option value="{escape(option.value)}"{selected}>{escape(option.text)}</option>'


def _box(field: Field, marks: Marks, option: Option, filled: Filled) -> str:
    name, value = escape(field.name), escape(option.value)
    required = " required" if field.kind == "radio" and _required(field, marks) else ""
    checked = " checked" if option.value in filled.sent.get(field.name, [field.value]) else ""
    box = f'<input type="{field.kind}" name="{name}" value="{value}"{required}{checked}>'
    return f"<li><label>{box} {escape(option.text)}</label></li>"


def _value(field: Field, filled: Filled) -> str:
    return next(iter(filled.sent.get(field.name, [field.value])), "")


_CONTROLS: dict[str, Callable[[Field, str, str, Filled], str]] = {
    "textarea": _text,
    "checkbox": _tick,
    "select": _select,
}
