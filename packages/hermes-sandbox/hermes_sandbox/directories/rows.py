"""Rows: labels and controls in the layouts that forms have."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from itertools import groupby

from hermes_sandbox.directories.controls import EMPTY, Filled, boxes, control, identity, starred
from hermes_sandbox.directories.model import Field, Form, Layout, Marks

Row = tuple[str, str]
"""Label and control, each as HTML; the label may be empty."""

CELLS: dict[Layout, Callable[[str, str], str]] = {
    "div": lambda label, control: f'<div class="field">{label} {control}</div>',
    "stack": lambda label, control: f'<div class="stacked">{label}<br>{control}</div>',
    "list": lambda label, control: f"<li>{label} {control}</li>",
    "table": lambda label, control: f"<tr><td>{label}</td><td>{control}</td></tr>",
    "dl": lambda label, control: f"<dt>{label}</dt><dd>{control}</dd>",
    "grid": lambda label, control: (
        f'<div class="row"><div class="cell">{label}</div><div class="cell">{control}</div></div>'
    ),
    "inline": lambda label, control: f"{label}{':' if label else ''} {control}<br>",
}
AROUND: dict[Layout, str] = {"table": "table", "above": "table", "dl": "dl", "list": "ul"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """How the rows of one form are written."""

    layout: Layout
    marks: Marks
    choose: str
    filled: Filled = EMPTY


def body(form: Form, sheet: Sheet) -> str:
    """All fields of a form but the hidden ones and the honeypots, in their order."""
    shown = [field for field in form if field.kind != "hidden" and not _aside(field)]
    parts = [_group(group, list(fields), sheet) for group, fields in groupby(shown, key=_block)]
    aside = [field for field in form if _aside(field)]
    return "\n".join([*parts, *(_trap(field, sheet) for field in aside)])


def _block(field: Field) -> str:
    return field.group


def _aside(field: Field) -> bool:
    return field.hiding in ("none", "offscreen", "aria")


def _group(group: str, fields: list[Field], sheet: Sheet) -> str:
    written = _rows(fields, sheet)
    if not group:
        return written
    return f"<fieldset><legend>{escape(group)}</legend>\n{written}\n</fieldset>"


def _rows(fields: Iterable[Field], sheet: Sheet) -> str:
    rows: list[Row] = []
    for cluster, members in groupby(fields, key=lambda field: field.cluster):
        if cluster:
            rows.append((escape(cluster), " ".join(_bare(each, sheet) for each in members)))
        else:
            rows.extend(_row(each, sheet) for each in members)
    return _laid(rows, sheet.layout)


def _laid(rows: list[Row], layout: Layout) -> str:
    if layout == "above":
        inner = "\n".join(_above(rows[at : at + 3]) for at in range(0, len(rows), 3))
    else:
        inner = "\n".join(CELLS[layout](*row) for row in rows)
    around = AROUND.get(layout)
    return f"<{around}>\n{inner}\n</{around}>" if around else inner


def _above(rows: list[Row]) -> str:
    """Labels in one line of the table, their controls in the line below."""
    lines = ("".join(f"<td>{cell}</td>" for cell in line) for line in zip(*rows, strict=True))
    return "\n".join(f"<tr>{line}</tr>" for line in lines)


def _row(field: Field, sheet: Sheet) -> Row:
    wrong = _wrong(field, sheet)
    if field.options and field.kind in ("radio", "checkbox"):
        legend = f"<legend>{starred(field, sheet.marks)}</legend>"
        return "", f"<fieldset>{legend}{boxes(field, sheet.marks, sheet.filled)}</fieldset>{wrong}"
    written = control(field, sheet.marks, sheet.choose, sheet.filled)
    if field.kind == "checkbox":
        return "", f"<label>{written} {starred(field, sheet.marks)}</label>{wrong}"
    if field.style == "wrap":
        return "", f"<label>{starred(field, sheet.marks)} {written}</label>{wrong}"
    return _label(field, sheet.marks), written + wrong


def _bare(field: Field, sheet: Sheet) -> str:
    """A member of a cluster: its own label is an attribute, or goes with the box, or is not there."""
    label, written = _row(field, sheet)
    return f"{label} {written}".strip()


def _label(field: Field, marks: Marks) -> str:
    text, own = starred(field, marks), identity(field)
    if field.style == "for":
        return f'<label for="{own}">{text}</label>'
    if field.style == "labelledby":
        return f'<span id="{own}_label">{text}</span>'
    return text if field.style == "text" else ""


def _wrong(field: Field, sheet: Sheet) -> str:
    error = sheet.filled.wrong.get(field.name)
    return f' <span class="error">{escape(error)}</span>' if error else ""


def _trap(field: Field, sheet: Sheet) -> str:
    """A honeypot, hidden from people in one of three ways."""
    inner = CELLS["div"](*_row(field, sheet))
    hidden = {
        "none": 'style="display: none"',
        "offscreen": 'class="elsewhere"',
        "aria": 'class="faint" aria-hidden="true"',
    }
    return f"<div {hidden[field.hiding]}>{inner}</div>"
