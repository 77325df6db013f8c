"""Hostile and odd forms in a real browser, through the real submitter: every row of `pages/forms.toml`."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import Field

from directory_bolt.browser import BrowserSubmitter, Timeouts
from directory_bolt.submitting import Outcome
from tests.directory_bolt.browser.pages import Site, served
from tests.world.rows import HERE, Entry, Row, hold, parameters, read

pytestmark = pytest.mark.browser
BRISK = Timeouts(page_load=5, form_build=2, field_entry=3, answer=2, quiet=0.1, total=30)
TAKEN = "<h1>Done</h1><p>Your listing has been submitted.</p>"


class MustEnd(Entry):
    """How a visit must end, how often something is sent, and with which fields; `empty` are traps."""

    status: str
    reason: str = ""
    posts: int = 1
    sent: dict[str, str] = Field(default_factory=dict)
    empty: tuple[str, ...] = ()


class FormRow(Row):
    """The page /add of a directory. What it posts to /thanks is answered that it was taken."""

    page: str
    robots: str = ""
    pages: dict[str, str] = Field(default_factory=dict)
    must: MustEnd


ROWS = read(HERE / "pages" / "forms.toml", "forms", FormRow)


@pytest.fixture(scope="module")
async def submitter(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BrowserSubmitter]:
    folder: Path = tmp_path_factory.mktemp("evidence")
    async with BrowserSubmitter(folder, timeouts=BRISK) as found:
        yield found


async def yes(_payload: dict[str, Any]) -> bool:
    """Whoever asks whether it may be sent is told that it may."""
    return True


@parameters(ROWS)
async def test_a_form_ends_as_it_must(row: FormRow, submitter: BrowserSubmitter) -> None:
    async with served(Site({"/add": row.page, "/thanks": TAKEN, **row.pages}, row.robots)) as site:
        outcome = await submitter.submit(site.task(), yes)
    seen = f"{outcome.status} {outcome.reason or ''}".strip() + f", {len(site.posts)} sent"
    hold(row, seen, *wrong(row.must, outcome, site))


def wrong(must: MustEnd, outcome: Outcome, site: Site) -> list[str]:
    """What is otherwise than it must be."""
    sent = site.posts[-1][1] if site.posts else {}
    faults = {
        f"{must.status} {must.reason}": outcome.status != must.status
        or (outcome.reason or "") != must.reason,
        f"{must.posts} sent": len(site.posts) != must.posts,
    }
    found = [what for what, is_wrong in faults.items() if is_wrong]
    found += [f"{n} = {sent.get(n)}" for n, text in must.sent.items() if sent.get(n) != text]
    return found + [f"{name} = {sent[name]}" for name in must.empty if sent.get(name)]


def test_every_row_has_a_name_of_its_own() -> None:
    assert len({row.id for row in ROWS}) == len(ROWS)
