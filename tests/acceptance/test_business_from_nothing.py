"""A business with ten directories of its own starts, takes its first paid order, and delivers it."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from playwright.async_api import Page

import hermes_browser
from tests.directory_bolt.browser.pages import Site, served
from tests.directory_bolt.processes.shop import checkout, signed
from tests.support.system import System, up
from tests.support.waiting import until

SECRET = "whsec_of_a_real_business"
ELSEWHERE = "127.0.0.2"
"""Where the directories stand: neither the demo's address nor Hermes' own."""
TAKING = [f"guide-{number}" for number in range(8)]
ASKING, CLOSED = "chamber", "closed"
NAMES = (*TAKING, ASKING, CLOSED)
FACTS = {
    "business_name": "Mill Bakery", "website": "https://bakery.example.com", "category": "Bakery",
    "description": "Bread and rolls, baked every morning.", "phone": "+12125550142",
    "street": "12 Mill Street", "postal_code": "62701", "city": "Springfield", "country": "United States",
}  # fmt: skip


def form(extra: str = "") -> str:
    return f"""<h1>Add your business</h1><form method=post>
    <label>Business name <input name=name required></label>
    <label>E-mail <input type=email name=mail required></label>
    <label>Phone <input name=tel></label> <label>City <input name=town></label>
    <label>Website <input name=web></label> <label>Description <textarea name=about></textarea></label>
    {extra}<button>Submit listing</button></form>"""


def business_directories() -> Site:
    """Eight that take a listing, one that asks what nobody knows, one that robots.txt closes."""

    async def taking(request: web.Request) -> web.StreamResponse:
        page = form()
        if request.method == "POST":
            page = (
                f"<p>Thank you! Your listing was submitted. Reference: R-{request.path[-5]}77</p>"
            )
        return web.Response(text=f"<!doctype html><title>T</title>{page}", content_type="text/html")

    pages: dict[str, Any] = {f"/{name}/add": taking for name in TAKING}
    pages[f"/{ASKING}/add"] = form("<label>Chamber number <input name=k required></label>")
    pages[f"/{CLOSED}/add"] = form()
    return Site(pages, robots=f"User-agent: *\nDisallow: /{CLOSED}/")


@dataclass(frozen=True)
class Business:
    """One installation and its directories, as its one member of staff has them."""

    system: System
    site: Site

    async def command(self, *arguments: str) -> tuple[int, str]:
        """`hermes ...` on the machine of the installation: (exit code, what it printed)."""
        home = {"HERMES_HOME": str(self.system.home), "HERMES_PRIVATE_SITES": "127.0.0.0/8"}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "hermes", *arguments, env={**os.environ, **home, "COLUMNS": "200"},
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, out.decode()

    async def import_directories(self, file: Path) -> None:
        lines = ["name,submissionUrl,tier,pacingSeconds,termsDecision,termsNote"]
        lines += [f"{name},{self.site.base}/{name}/add,1,0,allowed,By mail" for name in NAMES]
        await asyncio.to_thread(file.write_text, "\n".join(lines))
        assert await self.command("directories", "import", str(file)) == (
            0,
            "Imported 10 directories.\n",
        )

    async def paid(self) -> str:
        """A live checkout that knows who paid and no more; the id of its order."""
        details = {"email": "ada@bakery.example.com", "name": "Ada Miller"}
        event = checkout(1, livemode=True, customer_details=details, metadata={"package_type": "starter"}) | {"livemode": True}  # fmt: skip
        body, signature = signed(event, SECRET)
        headers = {"Stripe-Signature": signature}
        async with self.system.http.post("/api/webhook", data=body, headers=headers) as answer:
            told = await answer.json()
        assert told["outcome"] == "job_created", told
        return told["jobId"]

    async def order(self, job_id: str) -> dict[str, Any]:
        return await self.system.get(f"/api/staff/jobs/{job_id}")

    async def is_completed(self, job_id: str) -> bool:
        return (await self.order(job_id))["status"] == "completed"


@pytest.mark.browser
@pytest.mark.timeout(300)
async def test_a_business_starts_from_nothing_and_delivers_its_first_paid_order(
    tmp_path: Path,
) -> None:
    async with (
        served(business_directories(), ELSEWHERE) as site,
        up(tmp_path / "home", HERMES_STRIPE_WEBHOOK_SECRET=SECRET) as system,
    ):
        business = Business(system, site)
        assert await system.get("/api/staff/directories") == []
        await business.import_directories(tmp_path / "directories.csv")
        await one_is_rehearsed(business)
        job_id = await business.paid()
        assert (await business.order(job_id))["waitsFor"] == "profile"
        link = (await system.post(f"/api/staff/jobs/{job_id}/customer-link"))["url"]
        async with hermes_browser.browser() as chromium:
            page = await chromium.new_page()
            await the_customer_completes_the_profile(page, link)
            await until(lambda: business.is_completed(job_id), "the order is completed", 120)
            await staff_finish_by_hand(business, job_id)
            report = await the_customer_reads_the_report(page, link, tmp_path / "report.pdf")
    assert report.startswith(b"%PDF-")
    posted = sorted(path for path, _ in site.posts)
    assert posted == [f"/{name}/add" for name in TAKING], "each form once, and no other"
    assert {sent["name"] for _, sent in site.posts} == {"Mill Bakery"}
    assert f"/{CLOSED}/add" not in {path for path, _ in site.asked}


async def one_is_rehearsed(business: Business) -> None:
    code, said = await business.command("directories", "rehearse", ASKING, "--json")
    seen = json.loads(said)[ASKING]
    assert (code, seen["reason"]) == (1, "unknown_required_field")
    assert business.site.posts == [], "a rehearsal sends nothing"


async def the_customer_completes_the_profile(page: Page, link: str) -> None:
    await page.goto(link)
    await page.click("#complete-profile")
    for name, value in FACTS.items():
        await page.fill(f"#{name}", value)
    await page.click("#save")
    await page.wait_for_url(link)


async def staff_finish_by_hand(business: Business, job_id: str) -> None:
    """What is left needs a person; it is recorded with a proof."""
    results = (await business.order(job_id))["results"]
    states = {each["directoryName"]: (each["status"], each["reason"]) for each in results}
    assert states == {
        **dict.fromkeys(TAKING, ("submitted", None)),
        ASKING: ("needs_manual", "unknown_required_field"),
        CLOSED: ("skipped", "robots"),
    }
    (waiting,) = await business.system.get("/api/staff/manual")
    proof = {"status": "submitted", "listingUrl": f"{business.site.base}/{ASKING}/mill-bakery"}
    await business.system.post(f"/api/staff/results/{waiting['resultId']}/resolve", proof)


async def the_customer_reads_the_report(page: Page, link: str, file: Path) -> bytes:
    await page.goto(link)
    assert "9 of 10 directories submitted" in await page.inner_text("h1")
    async with page.expect_download() as downloading:
        await page.click("#report a[href$='report.pdf']")
    await (await downloading.value).save_as(file)
    async with aiohttp.ClientSession() as http, http.get(f"{link}/report.csv") as answer:
        table = (await answer.text()).splitlines()
    assert len(table) == 1 + len(NAMES)
    return await asyncio.to_thread(file.read_bytes)
