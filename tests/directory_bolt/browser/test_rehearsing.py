"""A rehearsal fills in the form of a directory, keeps what it saw, and sends nothing."""

from pathlib import Path

import pytest

from directory_bolt.browser import BrowserSubmitter, Timeouts
from directory_bolt.core.catalog.entries import DirectoryEntry
from directory_bolt.rehearsing import Rehearsals
from directory_bolt.storage import reading
from hermes_egress.opened import Opened
from tests.directory_bolt.browser.pages import Site
from tests.directory_bolt.browser.pages import served as serving
from tests.directory_bolt.core.forms import BUSINESS
from tests.directory_bolt.processes.shop import Shop
from tests.directory_bolt.web.staff_support import shop_of
from tests.support.served import Served

BRISK = Timeouts(page_load=6, form_build=1, field_entry=3, answer=3, quiet=0.1, total=30)
FORM = """<form method=post action=/add><label>Business name <input name=n required></label>
<label>Website <input name=w></label><label>E-mail <input type=email name=e required></label>{}
<button>Submit listing</button></form>"""
PAGES = {
    "/add": FORM.format(""),
    "/chamber": FORM.format("<label>Chamber number <input name=k required></label>"),
    "/closed/add": FORM.format(""),
}


async def listed(shop: Shop, site: Site) -> None:
    found = [
        DirectoryEntry(name=path, submission_url=site.base + path, pacing_seconds=0)
        for path in PAGES
    ]
    await shop.orders.directories.put(found, "ann")


@pytest.mark.browser
async def test_a_rehearsal_says_what_an_order_would_find_and_sends_nothing(
    served: Served, tmp_path: Path
) -> None:
    shop = shop_of(served)
    site = Site(dict(PAGES), robots="User-agent: *\nDisallow: /closed/")
    async with (
        serving(site),
        BrowserSubmitter(tmp_path, timeouts=BRISK, opened=Opened("127.0.0.1")) as submitter,
    ):
        await listed(shop, site)
        visits = Rehearsals(shop.pool, submitter, shop.clock, shop.sleep)
        rows = {each.name: each for each in await reading.directories(shop.pool)}
        found = {name: await visits.rehearse(rows[name], BUSINESS, "ann") for name in PAGES}
    assert site.posts == []
    assert {name: each.reason for name, each in found.items()} == {
        "/add": None,
        "/chamber": "unknown_required_field",
        "/closed/add": "robots",
    }
    fields = {each.label: (each.kind, each.value) for each in found["/add"].fields}
    assert fields["Business name"] == ("business_name", "Marigold Dental")
    assert fields["E-mail"] == ("email", "hello@marigold.example")
    assert (tmp_path / str(found["/add"].screenshot)).stat().st_size > 0
    assert [each.label for each in found["/chamber"].fields if not each.is_sure] == [
        "Chamber number"
    ]
    assert "/closed/add" not in [path for path, _ in site.asked], "robots.txt comes first"
    seen = {each.name: each for each in await reading.directories(shop.pool)}
    assert {name: (each.requires_login, each.has_captcha) for name, each in seen.items()} == {
        "/add": (False, False),
        "/chamber": (False, False),
        "/closed/add": (None, None),
    }
    one = f"directories/{rows['/chamber'].id}"
    async with served.http.get(f"/api/staff/{one}/rehearsal") as answer:
        assert (await answer.json())["reason"] == "unknown_required_field"
    async with served.http.get(f"/staff/{one}") as answer:
        assert "Chamber number" in await answer.text()
