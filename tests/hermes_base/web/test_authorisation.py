"""Who may what: every route of the application, asked by everybody. A new route needs its need."""

import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import pytest
from aiohttp import ClientSession
from selectolax.lexbor import LexborHTMLParser

from hermes.core.sites.input import SiteInput
from hermes_base.people.roles import Person, Role, at_least
from hermes_base.people.rules import digest
from hermes_base.problems import Problem
from hermes_base.web import access
from hermes_base.web.access import AccessSettings
from hermes_base.web.live import OpenStreams
from tests.support.room import Room
from tests.support.served import Served, serve_web

TEMPLATES = Path(access.__file__).parent.parent / "templates"
ROLES: tuple[Role, ...] = ("viewer", "operator", "admin")
LAST = "POST /sign-out"  # it ends the session of the walk


@dataclass(frozen=True)
class Stage:
    """A site with a job and a run, and the values that fill the templates of paths."""

    served: Served
    values: Mapping[str, str]

    def url(self, place: str) -> str:
        """A concrete path for a place."""
        _, _, template = place.partition(" ")
        if template == "/static":
            return "/static/icon.svg"
        path = re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: self.value(found[1]), template)
        return f"{path}?site_id={self.values['site_id']}" if "/integrations/" in path else path

    def value(self, name: str) -> str:
        """The example of a parameter; an id that the stage has none of is one of nothing."""
        return self.values.get(name) or (str(uuid4()) if name.endswith("_id") else "nothing")

    def body(self, place: str) -> dict[str, Any]:
        """What a start of a test needs to be understood at all."""
        if not place.startswith("POST /api/tests/") or not place.endswith("/start"):
            return {}
        return {"json": {"siteId": self.values["site_id"], "service": "content_qa"}}


@pytest.fixture
async def stage(served: Served) -> Stage:
    room = served.room
    room.register("content_qa")
    started = await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")
    await room.runner().drain()
    (run,) = await room.hermes.runs.of_job(started.job_id)
    user = await served.people.users.add("spare@example.com", "", "viewer", "tests")
    values = {
        "site_id": str(room.site.id), "job_id": str(started.job_id), "run_id": str(run.id), "slug": "content_qa",
        "user_id": str(user.id),
    }  # fmt: skip
    return Stage(served, values)


async def ask(http: ClientSession, stage: Stage, place: str) -> tuple[int, str, str]:
    """(status, code of the problem, where it leads)."""
    method = place.partition(" ")[0].replace("ANY", "GET")
    headers = {"Accept": "application/json"}
    async with http.request(
        method, stage.url(place), headers=headers, allow_redirects=False, **stage.body(place)
    ) as answer:
        said: Any = {}
        if answer.content_type == "application/problem+json":
            said = await answer.json(content_type=None) or {}  # HEAD has no body
        return answer.status, said.get("code", ""), answer.headers.get("Location", "")


@asynccontextmanager
async def stranger(served: Served, **headers: str) -> AsyncGenerator[ClientSession]:
    async with aiohttp.ClientSession(served.url, headers=headers) as http:
        yield http


def places(served: Served) -> list[str]:
    return sorted(served.routes, key=lambda route: route == LAST)


async def test_the_table_holds_every_route_and_nothing_else(served: Served) -> None:
    unlisted = set(served.routes) - set(served.needs)
    assert not unlisted, f"declare the need of these: {sorted(unlisted)}"
    assert not set(served.needs) - set(served.routes), "these routes are gone"
    assert len(served.needs) > 60, "what the tests below go through"


async def test_a_route_that_is_not_in_the_table_is_refused_even_to_an_admin(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(served.needs, "GET /api/services")
    async with served.http.get("/api/services") as answer:
        problem = await answer.json(content_type=None)
    assert (answer.status, problem["code"]) == (403, "not_listed")
    assert "GET /api/services" in problem["message"]


def test_every_form_that_changes_something_carries_the_token_of_the_session() -> None:
    door = {
        "sign_in.html",
        "choose_password.html",
        "enter_code.html",
    }  # who is not in yet has no session
    templates = [file for file in TEMPLATES.rglob("*.html") if file.name not in door]
    forms = [
        (file.name, form)
        for file in templates
        for form in re.findall(r"<form\b.*?</form>", file.read_text("utf-8"), re.DOTALL)
        if 'method="post"' in form
    ]
    assert len(forms) >= 8
    assert [name for name, form in forms if "csrf_field()" not in form] == []


async def test_every_operation_of_the_openapi_document_names_its_role(served: Served) -> None:
    async with served.http.get("/openapi.json") as answer:
        document = await answer.json()
    assert set(document["components"]["securitySchemes"]) == {"token", "session", "form"}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            need = served.needs[f"{method.upper()} {path}"]
            assert operation.get("x-role") == need.role
            if need.role is None:
                assert operation["security"] == []
                continue
            by_session = {"session"} if method == "get" else {"session", "form"}
            assert [set(way) for way in operation["security"]] == [{"token"}, by_session]
            assert {"401", "403"} <= set(operation["responses"])


async def test_without_a_sign_in_everything_but_the_door_is_closed(stage: Stage) -> None:
    async with stranger(stage.served) as http:
        for place in places(stage.served):
            status, code, to = await ask(http, stage, place)
            if stage.served.needs[place].role is None:
                by_browser = place.startswith(("POST /sign-in", "POST /second-factor"))
                assert (code == "cross_site") == by_browser, place
                assert code not in ("sign_in_needed", "token_missing"), place
                assert not to.startswith("/sign-in"), place
            elif "/api/" in place or "openapi" in place or place.endswith("/metrics"):
                assert status == 401, place
            elif place.startswith("GET "):
                assert (status, to.split("?")[0]) == (303, "/sign-in"), place
            else:
                assert (status, code) == (403, "cross_site"), place


async def test_a_form_sent_after_the_session_is_over_leads_to_the_sign_in(stage: Stage) -> None:
    from_page = {"Sec-Fetch-Site": "same-origin", "Referer": f"{stage.served.url}/sites/1/x?q=1"}
    async with stranger(stage.served, **from_page) as http:
        forms = [
            place
            for place, need in stage.served.needs.items()
            if need.role is not None and place.startswith("POST /") and "/api/" not in place
        ]
        assert len(forms) >= 8
        for place in forms:
            _, _, to = await ask(http, stage, place)
            assert to == "/sign-in?back=/sites/1/x%3Fq%3D1", place


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_may_what_the_table_says_and_is_refused_the_rest(
    stage: Stage, role: Role
) -> None:
    user = await stage.served.user(f"{role}@example.com", role)
    async with stage.served.browsing(user) as http:
        for place in places(stage.served):
            need = stage.served.needs[place]
            status, code, to = await ask(http, stage, place)
            if need.role is None or at_least(role, need.role):
                assert code not in REFUSALS, f"{place}: {code}"
                assert not to.startswith("/sign-in") or place == LAST or need.role is None, place
                assert status < 500, place
            else:
                assert (status, code) == (403, "role_too_low"), place


REFUSALS = ("role_too_low", "site_only", "not_listed", "cross_site", "csrf_wrong", "sign_in_needed")


@asynccontextmanager
async def limited(
    served: Served, site_id: UUID, role: Role = "admin"
) -> AsyncGenerator[ClientSession]:
    """A client with a token for one site."""
    user = await served.user("owner@example.com", "admin")
    owner = Person(user.name, "admin", user.actor, user.id)
    token = await served.people.tokens.add(owner, "one site", role, site_id, None)
    async with stranger(served, Authorization=f"Bearer {token}") as http:
        yield http


async def test_a_token_of_another_site_finds_nothing_of_this_one(stage: Stage) -> None:
    wanted = SiteInput(base_url="https://other.example", name="Other")
    other = await stage.served.room.hermes.sites.add(wanted, "tests")
    async with limited(stage.served, other.id) as http:
        for place in places(stage.served):
            need = stage.served.needs[place]
            status, code, _ = await ask(http, stage, place)
            if need.role is None:
                continue
            if need.reach == "all":
                assert (status, code) == (403, "site_only"), place
            elif need.reach == "site":
                assert status == 404, f"{place}: {status} {code}"
            else:
                assert status in (200, 303), f"{place}: {status} {code}"
    assert await stage.served.room.hermes.sites.one(stage.served.room.site.id), "it is still there"


async def test_what_reaches_one_site_names_it_in_a_way_that_is_checked(served: Served) -> None:
    by_id = re.compile(r"\{(site_id|job_id|run_id)\}")
    start = re.compile(r"POST /api/(tests/\w+/start|integrations/[\w-]+)")
    for place, need in served.needs.items():
        if need.role is not None and need.reach == "site":
            assert by_id.search(place) or start.fullmatch(place), (
                f"{place}: check its site, or give it the reach `any` or `all`"
            )


async def test_a_token_of_a_site_sees_that_site_alone(stage: Stage) -> None:
    wanted = SiteInput(base_url="https://other.example", name="Other")
    other = await stage.served.room.hermes.sites.add(wanted, "tests")
    async with limited(stage.served, other.id, "operator") as http:
        async with http.get("/api/sites") as answer:
            assert [site["name"] for site in await answer.json()] == ["Other"]
        async with http.get(f"/api/sites/{other.id}/integrations") as answer:
            assert answer.status == 200
        async with http.get("/") as answer:
            names = [
                a.text() for a in LexborHTMLParser(await answer.text()).css("table.sites .name")
            ]
            assert [name.strip() for name in names] == ["Other"]
        async with http.get("/api/operations") as answer:
            assert (await answer.json())["runHistory"] == []
        body = {"siteId": str(other.id), "service": "content_qa"}
        async with http.post("/api/tests/smoke/start", json=body) as answer:
            assert answer.status == 202


async def test_a_token_of_a_site_hears_of_that_site_alone(stage: Stage) -> None:
    room = stage.served.room
    wanted = SiteInput(base_url="https://other.example", name="Other")
    other = await room.hermes.sites.add(wanted, "tests")
    async with limited(stage.served, other.id) as http, http.get("/api/events") as stream:
        await room.hermes.jobs.start_connections(room.site.id, "tests")
        await room.hermes.jobs.start_connections(other.id, "tests")
        seen = b""
        while str(other.id).encode() not in seen:
            seen += await stream.content.readany()
    assert b"event: hello" in seen
    assert str(room.site.id).encode() not in seen


@pytest.mark.parametrize(("role", "forms"), [("viewer", 0), ("operator", 1)])
async def test_buttons_that_a_role_may_not_press_are_not_there(
    stage: Stage, role: Role, forms: int
) -> None:
    user = await stage.served.user(f"{role}@example.com", role)
    site = f"/sites/{stage.values['site_id']}"
    async with stage.served.browsing(user) as http:
        for path in (f"{site}/integrations", f"{site}/services/content_qa", "/settings/account"):
            async with http.get(path) as answer:
                assert answer.status == 200
                tree = LexborHTMLParser(await answer.text())
            pressed = [f.attributes["action"] or "" for f in tree.css("form[method=post]")]
            assert any(action == "/sign-out" for action in pressed)
            starts = [action for action in pressed if action.startswith("/sites/")]
            assert (len(starts) > 0) == (forms > 0 and "/settings" not in path), path
            for section in tree.css(".tabs a"):
                async with http.get(section.attributes["href"] or "") as answer:
                    assert answer.status == 200


async def test_an_empty_bearer_is_nobody_even_where_an_empty_token_is_known(room: Room) -> None:
    """S1: the digest of an empty token file stood in the table, and `Authorization: Bearer ` found it."""
    admin = Person("api token", "admin", "api token")
    open_to_all = AccessSettings({digest(""): admin}, metrics=digest(""))
    async with serve_web(room, open_to_all) as served:
        for given in ("Bearer ", "Bearer", "Bearer \t", "", "Basic "):
            async with stranger(served, Authorization=given) as http:
                for path in ("/api/secrets", "/metrics"):
                    async with http.get(path) as answer:
                        assert answer.status == 401, (given, path)


async def test_head_is_answered_where_get_is_and_uses_no_link_up(served: Served) -> None:
    """F14: a monitor's HEAD of /health was led to the sign-in page, which is a false up."""
    async with stranger(served) as http:
        async with http.head("/health", allow_redirects=False) as answer:
            assert (answer.status, await answer.read()) == (200, b"")
        async with http.head("/api/sites") as answer:
            assert answer.status == 401
        link = await served.link()
        async with http.head(link, allow_redirects=False) as answer:
            assert answer.status != 200
        async with http.get(link, allow_redirects=False) as answer:
            assert answer.status == 303
    async with served.http.head("/", allow_redirects=False) as answer:
        assert answer.status == 200


async def test_one_caller_holds_so_many_streams_and_keeps_nobody_else_out() -> None:
    """S16: one customer link opened 500 event streams."""

    async def text() -> AsyncGenerator[str]:
        yield "one"
        yield "two"

    streams = OpenStreams(most=2)
    held = [streams.of("link a", text()) for _ in range(2)]
    assert [await anext(stream) for stream in held] == ["one", "one"]
    with pytest.raises(Problem, match="2 pages listen to this already"):
        streams.of("link a", text())
    assert await anext(streams.of("link b", text())) == "one"
    assert [part async for part in held[0]] == ["two"]
    assert await anext(streams.of("link a", text())) == "one"
