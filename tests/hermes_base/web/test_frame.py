"""The frame of every page: navigation with true counts, search, theme, the same frame around errors."""

import re
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, expect
from selectolax.lexbor import LexborHTMLParser, LexborNode
from yarl import URL

from tests.support.served import Served

PAGES = ("/", "/settings/users", "/staff/dashboard", "/nothing-is-here", "/dev/components")


async def tree(http: aiohttp.ClientSession, path: str, **headers: str) -> LexborHTMLParser:
    async with http.get(path, headers=headers) as answer:
        return LexborHTMLParser(await answer.text())


def links(page: LexborHTMLParser) -> dict[str, str]:
    """The count beside each link of the navigation, "" where there is none; by its label."""
    found: dict[str, str] = {}
    for link in page.css("#links a.nav"):
        count = link.css_first(".n")
        number = count.text(strip=True) if count else ""
        found[link.text(strip=True).removesuffix(number)] = number
    return found


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_has_the_navigation_also_that_of_an_error(
    served: Served, path: str
) -> None:
    async with served.browsing() as http:
        page = await tree(http, path, Accept="text/html")
        assert {"Overview", "Alerts", "Integrations", "Orders", "Needs a person"} <= set(
            links(page)
        )
        assert page.css_first("#palette") is not None
        assert len(page.css("main")) == 1


async def test_who_has_not_signed_in_sees_no_navigation_and_no_names(served: Served) -> None:
    async with aiohttp.ClientSession(served.url) as http:
        page = await tree(http, "/sign-in")
    assert page.css_first("h1") is not None
    assert page.css("#links") == page.css("#palette") == []
    assert served.room.site.name not in (page.html or "")


async def test_counts_are_those_of_the_pages_and_come_again_with_a_live_refresh(
    served: Served,
) -> None:
    room = served.room
    room.all_succeed()
    room.worker.script("serp_intel").final = {"status": "failed", "error": "no"}
    async with served.browsing() as http:
        path = f"/sites/{room.site.id}/integrations"
        assert links(await tree(http, path))["Integrations"] == ""
        await room.hermes.jobs.start_smoke(room.site.id, "tests")
        await room.finish()
        counted = (await room.hermes.integrations.table(room.site.id)).roll_up
        assert (counted.failed, counted.partial) == (1, 0)
        refreshed = await tree(http, path, **{"HX-Request": "true"})
        assert links(refreshed)["Integrations"] == "1"
        swapped = refreshed.css_first("#links")
        assert swapped is not None
        assert swapped.attributes["hx-swap-oob"] == "morph"


async def test_the_site_in_view_stays_in_view_on_pages_of_no_site(served: Served) -> None:
    from hermes.core.sites.input import SiteInput

    later = await served.room.hermes.sites.add(
        SiteInput(base_url="https://zebra.example", name="Zebra"), "tests"
    )
    async with served.browsing() as http:
        assert switch(await tree(http, "/settings/users")) == served.room.site.name
        await tree(http, f"/sites/{later.id}/integrations")
        assert switch(await tree(http, "/settings/users")) == "Zebra"
        http.cookie_jar.update_cookies({"hermes_site": "no id at all"}, URL(served.url))
        assert switch(await tree(http, "/settings/users")) == served.room.site.name


def switch(page: LexborHTMLParser) -> str:
    """The name on the switch of sites."""
    found = page.css_first(".switch")
    assert found is not None
    return found.text(strip=True)


async def test_search_finds_sites_services_settings_and_actions(served: Served) -> None:
    async with served.browsing() as http:
        assert await found(http, served.room.site.name[:5]) >= {("Sites", served.room.site.name)}
        assert ("Services", "SERP & Keyword Intelligence") in await found(http, "serp keyw")
        assert ("Settings", "API tokens") in await found(http, "tokens")
        assert ("Actions", "Run Smoke Tests") in await found(http, "smoke")
        assert await found(http, "zzzz") == set()
        page = await tree(http, "/search?q=zzzz", **{"HX-Request": "true"})
        assert "Nothing matches" in page.text()


async def test_search_offers_only_what_one_may_do(served: Served) -> None:
    viewer = await served.user("eve@example.com", "viewer")
    async with served.browsing(viewer) as http:
        offered = await found(http, "")
        assert {heading for heading, _ in offered} == {"Sites"}
        assert await found(http, "users") == set()


async def test_search_finds_a_run_by_its_id(served: Served) -> None:
    room = served.room
    room.register("serp_intel")
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests", "serp_intel")
    (run,) = await room.hermes.runs.of_job(started.job_id)
    async with served.browsing() as http:
        assert ("Runs", run.service_name) in await found(http, str(run.id))
        assert "Test jobs" in {heading for heading, _ in await found(http, str(started.job_id))}


async def found(http: aiohttp.ClientSession, query: str) -> set[tuple[str, str]]:
    """(heading, label) of what the palette shows."""
    async with http.get("/search", params={"q": query}, headers={"HX-Request": "true"}) as answer:
        assert answer.status == 200
        page = LexborHTMLParser(f"<div>{await answer.text()}</div>")
    heading, things = "", set[tuple[str, str]]()
    for node in page.css("h3, .found"):
        if node.tag == "h3":
            heading = node.text(strip=True)
        else:
            things.add((heading, label_of(node)))
    return things


def label_of(node: LexborNode) -> str:
    label = node.css_first("span.cut")
    assert label is not None
    return label.text(strip=True)


async def test_a_theme_is_remembered_and_an_unknown_one_is_refused(served: Served) -> None:
    async with served.browsing() as http:
        assert theme(await tree(http, "/")) is None
        async with http.post("/theme", data={"theme": "dark", "back": "/settings/users"}) as answer:
            assert answer.url.path == "/settings/users"
        assert theme(await tree(http, "/staff/dashboard")) == "dark"
        async with http.post("/theme", data={"theme": "system"}) as answer:
            assert theme(LexborHTMLParser(await answer.text())) is None
        async with http.post("/theme", data={"theme": "pink"}) as answer:
            assert answer.status == 422
            assert "system, light, dark" in await answer.text()


def theme(page: LexborHTMLParser) -> str | None:
    root: Any = page.css_first("html")
    return root.attributes.get("data-theme")


async def test_the_page_of_components_is_there_only_where_it_is_wanted(served: Served) -> None:
    from dataclasses import replace

    from tests.support.served import ACCESS, serve_web

    async with (
        serve_web(served.room, replace(ACCESS, dev_pages=False)) as plain,
        plain.http.get("/dev/components") as answer,
    ):
        assert answer.status == 404
    async with served.http.get("/dev/components") as answer:
        assert answer.status == 200
        states = re.findall(r'data-s="(\w+)"', await answer.text())
    assert {"passed", "claimed", "refuted", "doubt", "stale", "config"} <= set(states)


@pytest.mark.browser
async def test_ctrl_k_finds_and_opens_with_the_keyboard_alone(
    served: Served, browser: Browser
) -> None:
    page = await browser.new_page()
    await served.sign_in(page, "/settings/users")
    await page.keyboard.press("Control+k")
    await expect(page.locator("#jump")).to_be_focused()
    await page.keyboard.type("api tok")
    await expect(page.locator("#found [aria-selected=true]")).to_contain_text("API tokens")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("API tokens")
    await page.keyboard.press("Control+k")
    await expect(page.locator("#palette")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#palette")).to_be_hidden()
    await page.close()


async def test_head_is_answered_where_get_is_and_never_with_the_way_to_the_sign_in(
    served: Served,
) -> None:
    """F14: a monitor that asks by HEAD was led to the sign-in page, and saw 200 of that."""
    async with (
        aiohttp.ClientSession(served.url) as stranger,
        stranger.head("/health", allow_redirects=False) as answer,
    ):
        assert (answer.status, await answer.read()) == (200, b"")
    async with served.http.head("/api/sites", allow_redirects=False) as answer:
        assert answer.status == 200
