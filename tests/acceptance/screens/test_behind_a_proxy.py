"""Hermes below a path, behind nginx and Caddy with TLS and HTTP/2, by the examples of deploy/, in a real browser."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support.ports import held_port
from tests.support.proxies import proxy
from tests.support.room import Room
from tests.support.served import ACCESS, Served, serve_web

pytestmark = pytest.mark.browser
BELOW = "/hermes"
PAGES = (
    "/",
    "/alerts",
    "/staff/dashboard",
    "/staff/directories",
    "/settings/account",
    "/settings/alerts",
)
ASKED = """async () => {
  const named = document.querySelectorAll("a[href], link[href], script[src], img[src], [hx-get]");
  const of = (one) => one.href || one.src || one.getAttribute("hx-get");
  const own = [...named].map((one) => new URL(of(one), location)).filter((url) => url.origin === location.origin);
  const told = new Set(own.filter((url) => !url.pathname.includes("/sign-in/")).map((url) => url.pathname + url.search));
  return Promise.all([...told].map(async (path) => [path, (await fetch(path)).status]));
}"""
"""Every address that a page names, asked for: [path, status]."""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("nginx", marks=pytest.mark.nginx),
        pytest.param("caddy", marks=pytest.mark.caddy),
    ],
)
async def test_a_live_page_is_whole_behind_a_proxy_below_a_path(
    name: str, room: Room, browser: Browser, tmp_path: Path
) -> None:
    room.all_succeed()
    with held_port() as port:
        public = f"https://localhost:{port}{BELOW}"
        async with serve_web(room, replace(ACCESS, public_url=public)) as served:
            upstream = urlsplit(served.url).netloc
            async with proxy(name, upstream, port, BELOW, tmp_path):
                context = await browser.new_context(ignore_https_errors=True)
                page = await context.new_page()
                await _is_whole(page, served, public)
                await context.close()


async def _is_whole(page: Page, served: Served, public: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    home = f"/sites/{served.room.site.id}/integrations"
    await page.goto(public + await served.link(home))
    assert page.url == public + home
    assert (
        await page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol") == "h2"
    )
    await _is_live(page, served)
    await _acts(page)
    for path in PAGES:
        await page.goto(public + path)
        found: list[tuple[str, int]] = await page.evaluate(ASKED)
        assert len(found) > 5
        assert [each for each in found if each[1] != 200 or not each[0].startswith(BELOW)] == []
    cookies: list[Any] = await page.context.cookies()
    assert {(each["path"], each["secure"]) for each in cookies} == {(BELOW, True)}
    assert [url for url in asked if not url.startswith(public)] == []
    await _leaves(page, public)


async def _is_live(page: Page, served: Served) -> None:
    """What moves is told through the proxy, while it moves."""
    await expect(page.locator("#live-state")).to_have_attribute("data-state", "live")
    await served.room.hermes.jobs.start_smoke(served.room.site.id, "tests", "crawl_render")
    chip = page.locator("#row-crawl_render td.smoke .st")
    await expect(chip).to_have_attribute("data-state", "queued")


async def _acts(page: Page) -> None:
    """A form is accepted, and leads back to a page below the path."""
    async with page.expect_navigation():
        await page.locator(
            "form[action$='/theme'] button, form[action$='/theme'] [type=submit]"
        ).first.evaluate("button => button.form.requestSubmit(button)")
    assert urlsplit(page.url).path.startswith(f"{BELOW}/")


async def _leaves(page: Page, public: str) -> None:
    async with page.expect_navigation():
        await page.locator("form[action$='/sign-out'] button").first.evaluate(
            "button => button.form.requestSubmit(button)"
        )
    await page.goto(f"{public}/settings/users")
    assert page.url == f"{public}/sign-in?back=/settings/users"
