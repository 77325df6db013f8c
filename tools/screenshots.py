"""Pictures of every screen of the demo, in light and dark, wide and narrow, into build/screenshots/.

Starts the demo in a home of its own, presses both buttons, crawls, and sends one order through
Directory-Bolt; then opens every page that the routes have. `--docs` renews the three of the README.

    .venv/bin/python tools/screenshots.py [--docs]
"""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import Browser, Page

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import hermes_browser  # noqa: E402  # below the line that finds the tests
from hermes.core.people import WHO_MAY  # noqa: E402
from support.pages import filled, pages_of  # noqa: E402
from support.system import System, address_in, up  # noqa: E402

PLACE = ROOT / "build" / "screenshots"
DOCS = ROOT / "docs"
Scheme = Literal["light", "dark"]
Values = Mapping[str, Mapping[str, str]]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS = (1440, 360)
WAIT = 120_000


@dataclass(frozen=True)
class Demo:
    """The running demo, a browser, and the cookies of its operator."""

    system: System
    browser: Browser
    let_in: Any

    @asynccontextmanager
    async def page(
        self, width: int = 1440, scheme: Scheme = "light", *, stranger: bool = False
    ) -> AsyncGenerator[Page]:
        """A page, signed in unless for a stranger."""
        context = await self.browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce",
            storage_state=None if stranger else self.let_in, base_url=self.system.url,
        )  # fmt: skip
        yield await context.new_page()
        await context.close()


async def sign_in(system: System, browser: Browser) -> Demo:
    """Through the link that `hermes up` printed; it works once."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(address_in(system.said))
    demo = Demo(system, browser, await context.storage_state())
    await context.close()
    return demo


async def work(demo: Demo, site: str) -> None:
    """Both buttons, pressed as a person does, with a picture of the middle; then a full crawl."""
    async with demo.page() as page:
        await page.goto(f"/sites/{site}/integrations")
        for button, kind in (("test-connections", "Connection"), ("run-smoke-tests", "Smoke")):
            await page.click(f"#{button}")
            await page.wait_for_selector(".chip[data-state=running]", timeout=WAIT)
            await take(page, f"under-way-{kind.lower()}-1440-light")
            await page.locator(f".banner .sentence:has-text('{kind} Test complete')").wait_for(timeout=WAIT)
        await page.goto(f"/sites/{site}/services/crawl_render")
        await page.click("#inspect-full, [id^=full-]")
        await page.wait_for_load_state()
    job, *_ = await demo.system.get(f"/api/sites/{site}/tests")
    await demo.system.job_done(job["id"])


async def order(system: System) -> str:
    """The id of an order that went through Directory-Bolt, finished or not after a minute."""
    environment = {**os.environ, "HERMES_HOME": str(system.home)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hermes", "create-test-job", "--json", env=environment, stdout=-1
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, "hermes create-test-job failed"
    job_id: str = __import__("json").loads(said)["jobId"]
    for _ in range(120):
        job = await system.get(f"/api/staff/jobs/{job_id}")
        if job["status"] in ("completed", "failed", "cancelled"):
            break
        await asyncio.sleep(0.5)
    return job_id
