"""A13: a paid order becomes listings, live on the staff screen, each directory in its true state."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

import hermes_browser
from directory_bolt.core.orders.paid import paid_event
from directory_bolt.core.orders.purchases import purchase_of
from hermes_sandbox.directories import DIRECTORIES, faults, truth
from tests.support.system import System, address_in, up

TAG = "e2e"
MINUTES = 4
CHECKLIST = (
    "webhook_received", "job_created", "enqueued", "queue_claimed", "flow_triggered", "flow_started",
    "job_started", "submitting", "submission_complete", "job_finalized", "flow_completed",
)  # fmt: skip


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """A tab that is never reloaded: whatever it loads by navigation is counted."""
    program = hermes_browser.find()
    assert program is not None
    async with async_playwright() as playwright:
        browser: Browser = await playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        yield await browser.new_page(viewport={"width": 1440, "height": 1000})
        await browser.close()


async def pay(home: Path) -> str:
    """`hermes sandbox pay --package starter`; the id of the order."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hermes", "sandbox", "pay", "--package", "starter", "--tag", TAG, "--json",
        env={**os.environ, "HERMES_HOME": str(home)}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    assert process.returncode == 0, out
    return json.loads(out)["jobId"]


LOOK = """id => {
  const cell = document.querySelector(`#order-${id} [data-l=Processed]`);
  return [document.querySelector(`#over #order-${id}`) !== null, cell ? parseInt(cell.textContent) : null];
}"""
"""Whether the order is over, and how far it is: read at one moment, for the card may move at any."""


async def watched(page: Page, job_id: str) -> list[float]:
    """The progress of the order as the screen shows it, from its first sight until it is over."""
    seen: list[float] = []
    async with asyncio.timeout(MINUTES * 60):
        while True:
            over, shown = await page.evaluate(LOOK, job_id)
            if over:
                return seen
            if shown is not None and seen[-1:] != [float(shown)]:
                seen.append(float(shown))
            await asyncio.sleep(0.1)


async def books(system: System) -> dict[str, Any]:
    base = json.loads((system.home / "sandbox.json").read_text())["directories"]["base_url"]
    async with aiohttp.ClientSession() as http, http.get(f"{base}/__books__") as answer:
        return await answer.json()


@pytest.mark.browser
@pytest.mark.timeout(MINUTES * 60 + 300)
async def test_a_paid_order_moves_live_from_nothing_to_listings_and_every_directory_is_true(
    tmp_path: Path, page: Page
) -> None:
    async with up(tmp_path / "home", "--demo") as system:
        await page.goto(address_in(system.said))
        await page.goto(f"{system.url}/staff/dashboard")
        loads: list[str] = []
        page.on("load", lambda _: loads.append("load"))
        job_id = await pay(system.home)
        seen = await watched(page, job_id)
        assert loads == [], "the page was never loaded again"
        assert len(seen) > 5, seen
        assert seen == sorted(seen)
        await expect(page.locator(f"#over #order-{job_id}")).to_contain_text("50 of 50 processed")
        order = await system.get(f"/api/staff/jobs/{job_id}")
        told = await books(system)
    assert (order["status"], order["progress"], order["directoriesDone"]) == ("completed", 100, 50)
    happened = [event["event"] for event in order["timeline"]]
    assert [event for event in CHECKLIST if event not in happened] == []
    assert happened.count("submission_complete") == 50
    every_directory_is_true(order["results"], told)


def every_directory_is_true(results: list[dict[str, Any]], told: dict[str, Any]) -> None:
    """State and reason of each directory, and what it received, field by field."""
    session = paid_event("starter", TAG, 0)["data"]["object"]
    planted = truth(purchase_of(session).profile.model_dump())
    wrong: list[str] = []
    for result in results:
        slug = result["submissionUrl"].split("/")[3]
        expected = planted[slug]
        if (result["status"], result["reason"]) != (expected.status, expected.reason):
            found = f"{result['status']} {result['reason']}: {result['errorMessage']}"
            wrong.append(
                f"{slug} ({expected.kind}): {found}, not {expected.status} {expected.reason}"
            )
        wrong += [f"{slug}: {fault}" for fault in faults(expected, told[slug])]
    assert wrong == []
    assert len(results) == 50
    assert set(planted) == set(DIRECTORIES)
