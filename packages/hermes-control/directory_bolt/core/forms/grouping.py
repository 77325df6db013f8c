"""Radios and checkboxes that are one question become one field with options."""

import re
from collections import Counter
from collections.abc import Sequence

from directory_bolt.core.forms.page import Field, Form, Option

STARRED = re.compile(
    r"^\s*\*|\*\s*:?\s*$|[([](required|mandatory|pflichtfeld|erforderlich|obligatoire|requis"
    r"|obligatorio|requerido|obbligatorio|richiesto|verplicht|obrigat.rio)[)\]]",
    re.IGNORECASE,
)
FEWEST = 3  # ticks under one legend that are read as one question


def grouped(form: Form) -> Form:
    """The form with one field per question, in the order of the page."""
    marked = [_marked(field) for field in form.fields]
    form = form.model_copy(update={"fields": tuple(marked)})
    fields = list[Field]()
    asked = set[tuple[str, str]]()
    for field in form.fields:
        question = _question(field, form.fields)
        if question is None:
            fields.append(field)
        elif question not in asked:
            asked.add(question)
            fields.append(
                _together([f for f in form.fields if _question(f, form.fields) == question])
            )
    return form.model_copy(update={"fields": tuple(fields)})


def _marked(field: Field) -> Field:
    """Required also where only a star beside its name says so."""
    near = field.label or field.cell or field.placeholder or field.before
    texts = (field.placeholder, field.column, field.group if field.type == "radio" else "", near)
    if field.required or not any(STARRED.search(text) for text in texts):
        return field
    return field.model_copy(update={"required": True})


def _question(field: Field, fields: Sequence[Field]) -> tuple[str, str] | None:
    """What the ticks of one question share: their name, else a legend that holds nothing else."""
    if field.type == "radio":
        return ("radio", field.name or field.group)
    if field.type != "checkbox":
        return None
    names = Counter(f.name for f in fields if f.type == "checkbox")
    if field.name and names[field.name] > 1:
        return ("checkbox", field.name)
    under = [f.type for f in fields if field.group and f.group == field.group]
    if len(under) >= FEWEST and set(under) == {"checkbox"}:
        return ("legend", field.group)
    return None


def _together(parts: Sequence[Field]) -> Field:
    first = parts[0]
    seen = [part for part in parts if not part.hidden]
    options = tuple(
        Option(value=p.value, text=_name(p), shut=p.shut, chosen=p.checked, key=p.key)
        for p in seen or parts
    )
    ids = {part.label for part in parts}
    asked = first.group or (first.before if first.before not in ids else "") or first.cell
    change = {
        "label": asked,
        "options": options,
        "required": any(part.required for part in parts),
        "hidden": "" if seen else first.hidden,
        "complaint": next((part.complaint for part in parts if part.complaint), ""),
        "placeholder": "",
        "after": "",
    }
    return first.model_copy(update=change)


def _name(part: Field) -> str:
    """What one tick says: its label, else the text behind it, else its value."""
    return part.label or part.after or part.before or part.value
