"""The one change of a smoke test: a description with the run's token, on a repository made for it."""

from collections.abc import Mapping
from datetime import datetime

from hermes_fleet.crawling.page import read
from hermes_fleet.site_executor.built import ORIGIN
from hermes_fleet.site_executor.change import Change
from hermes_fleet.site_executor.sources import HTML, path_of

APPROVED_BY = "the smoke test, for its own repository"


def smoke_change(files: Mapping[str, str], token: str, now: datetime) -> Change:
    """For the home page in HTML, else the first page; a repository without one gets a change that does not fit."""
    pages = sorted(name for name in files if name.lower().endswith(HTML))
    name = next((each for each in pages if path_of(each, "") == "/"), next(iter(pages), ""))
    page = path_of(name, "") or "/"
    found = read(files.get(name, ""), ORIGIN + page).description
    return Change(
        id="smoke",
        page=page,
        kind="description",
        target="",
        before=found or None,
        after=f"Smoke test {token}",
        approved_by=APPROVED_BY,
        approved_at=now,
        roll_back=False,
    )
