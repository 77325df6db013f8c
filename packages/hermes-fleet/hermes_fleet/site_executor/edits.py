"""Approved changes made in the files of a repository, in memory; nothing is written here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hermes_fleet.site_executor import html_edits, markdown_edits, redirects
from hermes_fleet.site_executor.change import Change, UnfitError
from hermes_fleet.site_executor.sources import MARKDOWN, file_of


@dataclass(slots=True)
class Edited:
    """`files`: those that change, with their new text. `made`: each change with its file. `left`: with why."""

    files: dict[str, str] = field(default_factory=dict[str, str])
    made: list[tuple[Change, str]] = field(default_factory=list[tuple[Change, str]])
    left: list[tuple[Change, str]] = field(default_factory=list[tuple[Change, str]])


def edit(files: Mapping[str, str], changes: Sequence[Change]) -> Edited:
    """Make every change that fits; `files`: text by name of the pages and the redirects file."""
    found = Edited()
    for change in changes:
        try:
            name = place_of(files, change)
            text = _edited(name, found.files.get(name, files[name]), change)
        except UnfitError as unfit:
            found.left.append((change, str(unfit)))
            continue
        found.files[name] = text
        found.made.append((change, name))
    return found


def place_of(files: Mapping[str, str], change: Change) -> str:
    """The file that a change concerns. UnfitError when it cannot be told, or the change is not sound."""
    change.require_sound()
    if change.kind == "redirect":
        return redirects.redirects_file(files)
    pages = {name: text for name, text in files.items() if not name.endswith(redirects.NAME)}
    return file_of(pages, change.path)


def _edited(name: str, text: str, change: Change) -> str:
    if change.kind == "redirect":
        return redirects.edited(text, change)
    how = markdown_edits if name.lower().endswith(MARKDOWN) else html_edits
    return how.edited(text, change)
