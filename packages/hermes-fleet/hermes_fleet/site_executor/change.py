"""One approved change: what it is about, who approved it, and what keeps it from being made."""

import re
from datetime import datetime
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import ConfigDict

from hermes_fleet.hermes_api import ApiModel

Kind: TypeAlias = Literal["title", "description", "canonical", "alt", "link", "redirect"]
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
NO_ADDRESS = re.compile(r"[\s<>\"'()`\\]")


class UnfitError(Exception):
    """The change cannot be made here; the text says why, in a sentence for people."""


class Change(ApiModel):
    """As Hermes tells it.

    `page`: an address or a path of the site. `target`: which image (its src) or link (its href), else empty.
    `before` None: there was nothing. A redirect leads from `page` to `after`.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, frozen=True)

    id: str
    page: str
    kind: Kind
    target: str
    before: str | None
    after: str
    approved_by: str
    approved_at: datetime
    roll_back: bool

    @property
    def path(self) -> str:
        """The page's path, with its leading slash."""
        return urlsplit(self.page).path or "/"

    def require_sound(self) -> None:
        """UnfitError for a value that would write more than one value into a file."""
        if UNPRINTABLE.search(self.after) or UNPRINTABLE.search(self.target):
            raise UnfitError("The new text contains a line break or a control character.")
        if not self.after.strip() and self.kind != "alt":
            raise UnfitError("The new text is empty.")
        if self.kind in ("canonical", "link", "redirect") and NO_ADDRESS.search(self.after):
            raise UnfitError("The new address contains a character that addresses do not have.")
        if not self.approved_by.strip():
            raise UnfitError("Nobody is named as the person who approved it.")


def same(found: str | None, expected: str | None) -> bool:
    """Whether a text is the approved one, however its blanks are laid out."""
    if found is None or expected is None:
        return found is expected
    return " ".join(found.split()) == " ".join(expected.split())


def require_before(found: str | None, change: Change) -> None:
    """UnfitError when the page no longer says what it said at the approval."""
    if not same(found, change.before):
        now = "nothing" if found is None else repr(" ".join(found.split())[:120])
        raise UnfitError(f"The page has changed since the approval: there is now {now}.")
