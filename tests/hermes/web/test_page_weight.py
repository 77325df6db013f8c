"""What a page costs its reader: bytes over the wire with an empty cache, and nothing from elsewhere."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page

from tests.acceptance.screens.screens import Screen, screens
from tests.support.served import Served

pytestmark = pytest.mark.browser
MOST = 150 * 1024
LEAST = 20 * 1024
"""Stylesheet and scripts alone weigh more: less means that something was not counted."""


class Wire:
    """Counts what a page transfers, headers too, and notes where it asks."""

    def __init__(self) -> None:
        self.bytes = 0
        self.hosts: set[str] = set()

    async def watch(self, page: Page) -> None:
        client = await page.context.new_cdp_session(page)
        client.on("Network.loadingFinished", self._add)
        client.on("Network.requestWillBeSent", self._note)
        await client.send("Network.enable")

    def _add(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def _note(self, event: dict[str, Any]) -> None:
        place = urlsplit(event["request"]["url"])
        if place.scheme != "data":
            self.hosts.add(place.netloc)


async def weighed(browser: Browser, served: Served, screen: Screen, let_in: Any) -> Wire:
    """A screen opened once in a browser that knows nothing but the session."""
    context = await browser.new_context(storage_state=None if screen.stranger else let_in)
    page, wire = await context.new_page(), Wire()
    await wire.watch(page)
    await page.goto(served.url + screen.path, wait_until="load")
    await page.evaluate("document.fonts.ready")
    await context.close()
    return wire


async def test_no_page_weighs_150_kb_or_asks_another_host(browser: Browser, served: Served) -> None:
    asked = await screens(served)
    context = await browser.new_context()
    await served.sign_in(await context.new_page())
    let_in = await context.storage_state()
    faults: list[str] = []
    for screen in asked:
        wire = await weighed(browser, served, screen, let_in)
        if not LEAST < wire.bytes < MOST:
            faults.append(f"{screen.path} weighs {wire.bytes / 1024:.0f} KB")
        if wire.hosts != {urlsplit(served.url).netloc}:
            faults.append(f"{screen.path} asks {wire.hosts}")
        print(f"{wire.bytes / 1024:5.0f} KB  {screen.path}")
    assert not faults, "\n" + "\n".join(faults)
