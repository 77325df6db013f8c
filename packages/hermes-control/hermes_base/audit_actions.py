"""The actions of the audit log in the words of people: `site_added` reads "Added site"."""

from collections.abc import Mapping

from hermes_base.data_files import Data, Entry, load


class _File(Data):
    labels: Mapping[str, Entry]


LABELS: Mapping[str, str] = load(__name__, "audit_actions.toml", _File).labels
"""Label by action, for every action that this version records."""


def label(action: str) -> str:
    """What people read for an action. One that another version recorded is shown as it is stored."""
    return LABELS.get(action) or action.replace("_", " ").capitalize()
