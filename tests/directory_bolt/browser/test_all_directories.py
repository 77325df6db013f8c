"""Every demo directory, visited by the real browser submitter, ends in its true state.

The first fifty, which a starter order goes to, do so in tests/acceptance/test_directory_bolt.py.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from directory_bolt.browser import BrowserSubmitter, Timeouts
from directory_bolt.core.orders.packages import PACKAGES
from directory_bolt.core.orders.paid import paid_event
from directory_bolt.core.orders.profile import BusinessProfile
from directory_bolt.core.orders.purchases import purchase_of
from directory_bolt.submitting import Outcome, Task
from hermes_sandbox.directories import DIRECTORIES, Expected, faults, truth
from tests.support.directories import serve_directories

AT_ONCE = 3
MOST_ATTEMPTS = 2  # a directory that stumbles is well the second time
BRISK = Timeouts(page_load=6, form_build=2, field_entry=4, answer=4, quiet=0.15, total=60)
BUSINESS = purchase_of(paid_event("starter", "all", 0)["data"]["object"]).profile


@pytest.mark.browser
@pytest.mark.timeout(600)
async def test_every_directory_ends_in_its_true_state_and_holds_what_it_should(
    tmp_path: Path,
) -> None:
    planted = truth(BUSINESS.model_dump())
    async with (
        serve_directories() as served,
        BrowserSubmitter(tmp_path, at_once=AT_ONCE, timeouts=BRISK) as submitter,
    ):
        announced = sorted(served.directories.announced(served.base)["list"], key=place)
        listed = announced[PACKAGES["starter"].directories :]
        ends = await asyncio.gather(*(visited(submitter, each) for each in listed))
        told = {slug: await served.books(slug) for slug in DIRECTORIES}
    found = {
        each["submission_url"].split("/")[3]: end for each, end in zip(listed, ends, strict=True)
    }
    assert [
        line for slug, end in found.items() for line in differing(planted[slug], end, told[slug])
    ] == []
    assert len(found) == len(DIRECTORIES) - PACKAGES["starter"].directories


def place(listed: Mapping[str, Any]) -> tuple[Any, ...]:
    """Where an order's list has it: the best tier and authority first."""
    return listed["tier"], -listed["domain_authority"], listed["name"]


async def visited(submitter: BrowserSubmitter, listed: Mapping[str, Any]) -> tuple[Outcome, int]:
    """How the last attempt ended, and how often it clicked."""
    clicks = 0

    async def count(_payload: dict[str, Any]) -> bool:
        nonlocal clicks
        clicks += 1
        return True

    task = Task(
        uuid4(), uuid4(), uuid4(), listed["name"], listed["submission_url"], listed["lookup_url"],
        True, BusinessProfile.model_validate(BUSINESS), uuid4().hex,
    )  # fmt: skip
    outcome = await submitter.submit(task, count)
    for _ in range(MOST_ATTEMPTS - 1):
        if outcome.retry:
            outcome = await submitter.submit(task, count)
    return outcome, clicks


def differing(expected: Expected, end: tuple[Outcome, int], told: Mapping[str, Any]) -> list[str]:
    """What is not as it truly is at one directory."""
    outcome, clicks = end
    place = f"{expected.directory} ({expected.kind})"
    found = [f"{place}: {fault}" for fault in faults(expected, told)]
    if (outcome.status, outcome.reason) != (expected.status, expected.reason):
        found.append(
            f"{place}: {outcome.status} {outcome.reason}: {outcome.message},"
            f" not {expected.status} {expected.reason}"
        )
    if clicks > 1 or (expected.posts == 0 and clicks):
        found.append(f"{place}: {clicks} times about to click")
    return found
