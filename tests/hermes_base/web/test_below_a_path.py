"""F15: Hermes below a path of a host that others share. Behind real proxies: tests/acceptance/screens/test_behind_a_proxy.py."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from hermes.wiring.application import FOLDERS
from hermes_base.problems import Problem
from hermes_base.web.below import LINKS, inner, outer, require_free
from tests.support.room import Room
from tests.support.served import ACCESS, PASSWORD, Served, serve_web

BELOW = "/hermes"
NO_LINK = {"aria-keyshortcuts", "to"}
"""A key; the argument of a macro."""
AT_ROOT = re.compile(
    r'\b(?:href|src|action|hx-[a-z]+|data-stream|data-root)="/(?!/)(?!hermes/)[^"]*"'
)


@pytest.fixture
async def below(room: Room) -> AsyncIterator[Served]:
    access = replace(ACCESS, public_url=f"https://127.0.0.1{BELOW}")
    async with serve_web(room, access) as found:
        yield found


def test_a_path_goes_out_with_the_outer_path_and_comes_in_without_it() -> None:
    assert outer("/sites/1", BELOW) == "/hermes/sites/1"
    assert [outer(each, BELOW) for each in ("//evil.example", "https://x.example/")] == ["//evil.example", "https://x.example/"]  # fmt: skip
    told = {"/hermes": "/", "/hermes/": "/", "/hermes/jobs": "/jobs", "/hermesx": "/hermesx", "/jobs": "/jobs"}  # fmt: skip
    assert {path: inner(path, BELOW) for path in told} == told
    assert inner("/jobs", "") == "/jobs"


def test_no_template_names_a_path_in_an_attribute_that_is_not_told_outside() -> None:
    files = [file for folder in FOLDERS for file in Path(folder, "templates").rglob("*.html")]
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    named = {
        (found[1], line) for line in lines for found in re.finditer(r'\s([a-z-]+)="/(?!/)', line)
    }
    missed = {name for name, _ in named if not LINKS.search(f' {name}="/x"'.encode())}
    assert len(named) > 100
    assert missed <= NO_LINK


def test_an_outer_path_that_hides_a_page_of_hermes_is_refused() -> None:
    routes = ["GET /", "GET /sites/{site_id}", "ANY /static"]
    require_free("", routes)
    require_free("/tools/sites", routes)
    with pytest.raises(Problem, match="/sites"):
        require_free("/sites", routes)


async def test_pages_redirects_and_cookies_are_told_with_the_outer_path(below: Served) -> None:
    user = await below.user()
    form = {"email": user.email or "", "password": PASSWORD, "back": "/settings/account"}
    headers = {"Origin": below.url, "Sec-Fetch-Site": "same-origin"}
    async with aiohttp.ClientSession(below.url) as http:
        async with http.post("/hermes/sign-in", data=form, headers=headers, allow_redirects=False) as answer:  # fmt: skip
            assert answer.headers["Location"] == "/hermes/settings/account"
            cookies = answer.headers.getall("Set-Cookie")
        assert all("Path=/hermes;" in each and "Secure" in each for each in cookies)
        assert all(each.startswith("__Secure-hermes_") for each in cookies)
        jar = {
            "Accept": "text/html",
            "Cookie": "; ".join(each.partition(";")[0] for each in cookies),
        }
        for path in ("/hermes", "/hermes/settings/account", "/hermes/staff/dashboard", "/settings/account", "/hermes/nothing"):  # fmt: skip
            async with http.get(path, headers=jar) as answer:
                page = await answer.text()
            assert AT_ROOT.findall(page) == []
            assert 'href="/hermes/static/hermes-' in page
            assert answer.headers["Content-Type"].startswith("text/html")
        async with http.get("/hermes/staff", headers=jar, allow_redirects=False) as answer:
            assert answer.headers["Location"] == "/hermes/staff/dashboard"


async def test_who_is_not_signed_in_is_led_to_the_sign_in_and_back(below: Served) -> None:
    async with aiohttp.ClientSession(below.url) as http:
        async with http.get("/hermes/settings/users", allow_redirects=False) as answer:
            assert answer.headers["Location"] == "/hermes/sign-in?back=/settings/users"
        seen = {"HX-Request": "true", "HX-Current-URL": f"{below.url}/hermes/jobs/1?a=b"}
        async with http.get("/hermes/settings/users", headers=seen) as answer:
            assert answer.status == 401
            assert answer.headers["HX-Redirect"].startswith("/hermes/sign-in?back=/jobs/1")


async def test_programs_find_the_api_with_and_without_the_outer_path(below: Served) -> None:
    for path in ("/api/sites", "/hermes/api/sites"):
        async with below.http.get(path) as answer:
            assert answer.status == 200
    async with below.http.get("/hermes/openapi.json") as answer:
        assert (await answer.json())["servers"] == [{"url": "/hermes"}]
