"""Pictures of every screen, in light and dark, wide and narrow, into build/screenshots/: of the demo as it starts
(`demo-`), and with a month of history behind it (`month-`).

Starts each in a home of its own, presses both buttons, crawls, and sends one order through
Directory-Bolt; then opens every page that the routes have. `--docs` renews the three of the README.
"""

import argparse
import asyncio
import json
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import structlog
from playwright.async_api import Browser, Page, expect

import hermes_browser
from hermes.wiring.application import ROUTES
from hermes_base.web.routing import needs_of
from tests import ROOT
from tests.support.month import into_home
from tests.support.pages import filled, pages_of
from tests.support.system import System, address_in, up

PLACE = ROOT / "build" / "screenshots"
DOCS = {
    "integrations": "sites-site_id-integrations",
    "inspector": "sites-site_id-services-slug",
    "run": "runs-run_id",
}
"""Pictures of the README, and the pages that they show."""
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS = (1440, 360)
WAIT = 120_000
NEEDS = needs_of(ROUTES.api.routes)
STRANGERS = {path.removeprefix("GET ") for path, need in NEEDS.items() if need.role is None}


@dataclass(frozen=True)
class Demo:
    """The running demo, a browser, and the cookies of its operator."""

    system: System
    browser: Browser
    let_in: Any
    site: str
    name: str
    """`demo` or `month`: how the names of its pictures begin."""

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


async def entered(system: System, browser: Browser, name: str) -> Demo:
    """Through the link that `hermes up` printed; it works once."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(address_in(system.said))
    let_in = await context.storage_state()
    await context.close()
    return Demo(system, browser, let_in, (await system.demo_site())["id"], name)


async def press_buttons(demo: Demo) -> None:
    """Both buttons as a person presses them, with a picture of the middle."""
    async with demo.page() as page:
        await page.goto(f"/sites/{demo.site}/integrations")
        for button, kind in (("test-connections", "Connection"), ("run-smoke-tests", "Smoke")):
            await page.click(f"#{button}")
            sentence = page.locator(".job .sentence").first
            await expect(sentence).to_contain_text(f"{kind} Test started")
            await page.screenshot(
                path=PLACE / f"{demo.name}-under-way-{kind.lower()}-1440-light.png"
            )
            await expect(sentence).to_contain_text(f"{kind} Test complete", timeout=WAIT)


async def crawl(demo: Demo) -> str:
    """The id of a finished full crawl."""
    wanted = {"siteId": demo.site, "service": "crawl_render"}
    job_id = (await demo.system.post("/api/tests/full/start", wanted))["jobId"]
    await demo.system.job_done(job_id)
    return (await demo.system.run_of(job_id))["id"]


async def order(system: System) -> str:
    """The id of an order that went through Directory-Bolt, at its end or after a minute."""
    environment = {**os.environ, "HERMES_HOME": str(system.home)}
    command = [sys.executable, "-m", "hermes", "create-test-job", "--json"]
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=-1)
    said, _ = await process.communicate()
    job_id: str = json.loads(said)["jobId"]
    for _ in range(120):
        if (await system.get(f"/api/staff/jobs/{job_id}"))["status"] in ("completed", "failed"):
            break
        await asyncio.sleep(0.5)
    return job_id


async def link_of_a_new_user(demo: Demo) -> str:
    """The token of a link with which somebody chooses a password."""
    async with demo.page() as page:
        await page.goto("/settings/users")
        await page.fill("#email", "ann@example.com")
        await page.click("#add-user")
        return (await page.inner_text("#link")).rsplit("/", 1)[1]


async def values_of(demo: Demo) -> dict[str, dict[str, str]]:
    """Values of the parameters in paths: for all pages (""), or for the page of one template."""
    run_id = await crawl(demo)
    await press_buttons(demo)
    smoke, *_ = await demo.system.get(f"/api/sites/{demo.site}/tests")
    runs = await demo.system.get(f"/api/tests/{smoke['id']}/runs")
    partial = next((run for run in runs if run["status"] == "partial"), runs[0])
    order_id = await order(demo.system)
    link = await demo.system.post(f"/api/staff/jobs/{order_id}/customer-link")
    return {
        "": {"site_id": demo.site, "job_id": smoke["id"], "run_id": run_id,
             "slug": partial["serviceSlug"], "token": await link_of_a_new_user(demo)},
        "/staff/jobs/{job_id}": {"job_id": order_id},
        "/orders/{token}": {"token": urlsplit(link["url"]).path.rsplit("/", 1)[1]},
    }  # fmt: skip


async def picture(demo: Demo, template: str, values: Mapping[str, Mapping[str, str]]) -> None:
    """One page in all widths and schemes; its name is made of its template."""
    path = filled(template, {**values[""], **values.get(template, {})})
    name = template.strip("/").translate({ord("/"): "-", ord("{"): "", ord("}"): ""}) or "overview"
    print(f"{demo.name}: {path}", flush=True)
    for scheme in SCHEMES:
        for width in WIDTHS:
            async with demo.page(width, scheme, stranger=template in STRANGERS) as page:
                answer = await page.goto(path)
                assert answer is not None
                assert answer.ok, f"{path} answered {answer.status}"
                await page.evaluate("document.fonts.ready")
                await page.screenshot(
                    path=PLACE / f"{demo.name}-{name}-{width}-{scheme}.png", full_page=True
                )
                if (demo.name, width, scheme) == ("demo", 1440, "light") and name in DOCS.values():
                    await page.screenshot(path=PLACE / f"docs-{name}.png")


async def visit(name: str, browser: Browser) -> None:
    """All pages of one of the two."""
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "hermes"
        if name == "month":
            await into_home(home)
        async with up(home, "--demo", HERMES_DEV_PAGES="true") as system:
            demo = await entered(system, browser, name)
            values = await values_of(demo)
            for template in pages_of(NEEDS):
                await picture(demo, template, values)


async def main(names: Sequence[str], *, docs: bool) -> None:
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=quiet)
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    async with hermes_browser.browser() as browser:
        for name in names:
            await visit(name, browser)
    for name, page in DOCS.items() if docs else ():
        shutil.copy(PLACE / f"docs-{page}.png", ROOT / "docs" / f"{name}.png")
    print(f"{len(list(PLACE.glob('*.png')))} pictures in {PLACE.relative_to(ROOT)}/")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", action="store_true", help="renew the pictures of the README")
    parser.add_argument("--of", nargs="+", choices=("demo", "month"), default=("demo", "month"))
    asked = parser.parse_args()
    asyncio.run(main(asked.of, docs=asked.docs))
