"""Every page of the application, in light and dark, wide and narrow: axe-core, width, policy, no error."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page

from tests.acceptance.screens.axe import violations
from tests.acceptance.screens.screens import Screen, screens, templates
from tests.support.served import PASSWORD, Served

pytestmark = pytest.mark.browser
JUDGED = {("light", 1440), ("dark", 360)}
"""Where axe-core looks: both sets of colours and both layouts, each once (it takes most of the time)."""
MEASURED = """() => {
  for (const each of document.querySelectorAll("details")) each.open = true;
  return [document.querySelectorAll("main h1").length, innerWidth, document.documentElement.scrollWidth];
}"""
"""Headings, room and width at one moment, with everything unfolded."""
Scheme = Literal["light", "dark"]


async def test_axe_finds_what_we_would_be_blamed_for(browser: Browser) -> None:
    page = await browser.new_page()
    await page.set_content("<html lang=en><title>x</title><main><img src=x><input></main>")
    assert {found.split()[0] for found in await violations(page)} == {"image-alt", "label"}


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_can_be_used_by_everybody(
    browser: Browser, served: Served, scheme: Scheme, width: int
) -> None:
    asked = await screens(served)
    assert {screen.template for screen in asked} == set(templates(served))
    faults: list[str] = []
    async with opened(browser, scheme, width) as inside, opened(browser, scheme, width) as outside:
        user = await served.user()  # with a password, which the local operator has not
        await served.people.second_factors.begin(user.id, "tests")
        await inside.sign_in(served.url, user.email or "", PASSWORD)
        for screen in asked:
            tab = outside if screen.stranger else inside
            found = await tab.visit(served.url, screen)
            if (scheme, width) in JUDGED:
                found += await violations(tab.page)
            faults += [f"{screen.path}: {fault}" for fault in found]
    assert not faults, "\n" + "\n".join(faults)


@dataclass
class Tab:
    """A page of a browser session of its own, and what went wrong in it."""

    page: Page
    said: list[str] = field(default_factory=list[str])

    def note(self, message: ConsoleMessage) -> None:
        """Keep an error. That the answer was no success is judged by its status."""
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.said.append(message.text)

    async def sign_in(self, url: str, email: str, password: str) -> None:
        """As a person does it."""
        await self.page.goto(url + "/sign-in")
        await self.page.fill("[name=email]", email)
        await self.page.fill("[name=password]", password)
        await self.page.press("[name=password]", "Enter")
        await self.page.wait_for_url(lambda found: "/sign-in" not in found)

    async def visit(self, url: str, screen: Screen) -> list[str]:
        """What is wrong with one page, with everything that folds open."""
        self.said.clear()
        answer = await self.page.goto(url + screen.path)
        assert answer is not None
        path = urlsplit(self.page.url).path
        if answer.status != screen.status or not path.startswith(urlsplit(screen.path).path):
            return [f"answered {answer.status} at {path}"]
        headings, room, wide = await self.page.evaluate(MEASURED)
        found = [*self.said]
        if headings != 1:
            found.append("has not one heading")
        return [*found, f"{wide} px wide in {room} px"] if wide > room else found


@asynccontextmanager
async def opened(browser: Browser, scheme: Scheme, width: int) -> AsyncGenerator[Tab]:
    """A tab of this width, in light or dark."""
    context = await browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    tab = Tab(await context.new_page())
    tab.page.on("pageerror", lambda error: tab.said.append(str(error)))
    tab.page.on("console", tab.note)
    yield tab
    await context.close()
