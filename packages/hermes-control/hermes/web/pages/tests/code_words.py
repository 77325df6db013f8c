"""Codes in the lists that workers return, in the words of people: `to_noindex` reads "Target has noindex"."""

import re
from collections.abc import Mapping

from hermes_base.audit_actions import LABELS as ACTIONS
from hermes_base.data_files import Data, Entry, load
from hermes_base.reasons import WORDS

COLUMNS = frozenset({"kind", "kinds", "problem", "problems", "reason", "rule", "action", "error"})
"""Fields of an item that hold a code; in every other a text is a value, and stays as it is."""
CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


class _File(Data):
    labels: Mapping[str, Entry]


_LABELS = load(__name__, "code_words.toml", _File).labels


def said(column: str, value: str) -> str:
    """The words of a code in a column of codes; any other value as it is."""
    if column not in COLUMNS or not CODE.fullmatch(value):
        return value
    if column == "action" and value in ACTIONS:
        return ACTIONS[value]
    if column == "reason" and value in WORDS:
        return WORDS[value].label
    return _LABELS.get(value) or value.replace("_", " ").capitalize()


def heading(column: str) -> str:
    """`final_status` and `finalStatus` head a column as "Final status"."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", column).replace("_", " ").lower()
    named = re.sub(r"\b(url|html|h1|ctr)\b", lambda found: found[0].upper(), spaced)
    return named[:1].upper() + named[1:]
