"""Changes as people and workers read them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from hermes.core.changes.proposed import KIND_WORDS, Kind, path_of
from hermes_base.view import Row, View

State = Literal["proposed", "approved", "rejected"]


class ChangeView(View):
    """One change of one value of one page, who decided on it, and where it is now."""

    id: UUID
    page: str
    path: str
    kind: Kind
    kind_words: str
    target: str
    before: str | None = Field(description="null: there was nothing")
    after: str
    why: str
    proposed_by: str
    proposed_at: datetime
    state: State
    approved_by: str | None = Field(description="The person who approved it")
    approved_at: datetime | None
    rejected_by: str | None
    roll_back: bool = Field(description="Whether somebody asked to take it back")
    rolled_back_by: str | None
    request: str | None = Field(description="Address of the pull request that holds it")
    undone: bool = Field(description="Whether its pull request was taken back")


def change_view(row: Row, requests: Mapping[str, tuple[str, bool]]) -> ChangeView:
    """From a row of `storage.changes`; `requests`: (address, undone) of the pull request by id of the change."""
    request, undone = requests.get(str(row["id"]), (None, False))
    approved, rejected = row["state"] == "approved", row["state"] == "rejected"
    kind: Kind = row["kind"]
    return ChangeView(
        id=row["id"],
        page=row["page"],
        path=path_of(row["page"]),
        kind=kind,
        kind_words=KIND_WORDS[kind],
        target=row["target"],
        before=row["before_text"],
        after=row["after_text"],
        why=row["why"],
        proposed_by=row["proposed_by"],
        proposed_at=row["proposed_at"],
        state=row["state"],
        approved_by=row["decided_by"] if approved else None,
        approved_at=row["decided_at"] if approved else None,
        rejected_by=row["decided_by"] if rejected else None,
        roll_back=row["undone_by"] is not None,
        rolled_back_by=row["undone_by"],
        request=request,
        undone=undone,
    )


def requests_of(kept: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, bool]]:
    """(address, undone) of the pull request of each change, from what the runs of site_executor keep."""
    found: dict[str, tuple[str, bool]] = {}
    for artifacts in kept:
        record: Any = artifacts.get("site_changes") or {}
        for each in record.get("proposals", ()):
            for change in map(str, each["changes"]):
                undone = found.get(change, ("", False))[1] or bool(each["rolled_back"])
                found[change] = (str(each["url"]), undone)
    return found
