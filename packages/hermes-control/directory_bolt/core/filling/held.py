"""Whether a field holds already what it is to be filled in with."""

from directory_bolt.core.filling.plan import Fill
from directory_bolt.core.forms.words import words_of


def holds(fill: Fill) -> bool:
    """Whether nothing is left to do; case and punctuation that a mask adds make no difference."""
    field = fill.field
    if fill.action == "leave":
        return True
    if fill.action in ("tick", "untick"):
        return field.checked is (fill.action == "tick")
    if fill.action == "choose":
        return {o.key or o.value for o in field.options if o.chosen} >= set(fill.values)
    return "".join(words_of(field.value)) == "".join(words_of(fill.values[0]))
