"""Every page of the application, in light and dark, wide and narrow: axe-core, width, policy, no error."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import pytest
from playwright.async_api import Browser, Page

import hermes_browser
from browser.axe import violations
from browser.screens import Screen, screens, templates
from support.served import Served

pytestmark = pytest.mark.browser
Scheme = Literal["light", "dark"]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with hermes_browser.browser() as started:
        yield started


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
    async with tab(browser, scheme, width) as inside, tab(browser, scheme, width) as outside:
        await served.sign_in(inside)
        for screen in asked:
            page = outside if screen.stranger else inside
            faults += [f"{screen.path}: {fault}" for fault in await faults_of(page, served, screen)]
    assert not faults, "\n" + "\n".join(faults)


@asynccontextmanager
async def tab(browser: Browser, scheme: Scheme, width: int) -> AsyncGenerator[Page]:
    """A page of a browser of its own."""
    context = await browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    yield await context.new_page()
    await context.close()


async def faults_of(page: Page, served: Served, screen: Screen) -> list[str]:
    """What is wrong with one page, with everything that folds open."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    answer = await page.goto(served.url + screen.path)
    assert answer is not None
    if screen.status != 200:
        faults.clear()  # the browser itself calls such an answer an error
    if answer.status != screen.status or not await page.query_selector("main h1"):
        faults.append(f"answered {answer.status}, or without a heading")
    await page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    room, wide = await page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
    if wide > room:
        faults.append(f"{wide} px wide in {room} px")
    return faults + await violations(page)
