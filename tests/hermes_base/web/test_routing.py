"""Every route says what it needs of who asks; one that does not keeps the application from loading."""

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRouter
from starlette.responses import PlainTextResponse

from hermes.wiring import application as wiring
from hermes_base.people.roles import ACT, OPEN, READ, READ_ANY
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.routing import Router, UndeclaredRoutesError, declare, needs_of
from tests.support.room import Room
from tests.support.served import serve_web


async def answer() -> str:
    return "here"


def test_a_route_without_its_need_cannot_be_declared() -> None:
    router: Any = Router()
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'need'"):
        router.get("/api/forgotten")


def test_needs_survive_however_deep_a_router_is_included() -> None:
    part, pages, whole = Router(), Router(route_class=PageRoute), Router()
    part.get("/api/things", READ_ANY)(answer)
    part.post("/api/things", ACT)(answer)
    pages.get("/things/{site_id}", READ)(answer)
    middle = Router(include_in_schema=False)
    middle.include(part)
    middle.include(pages)
    whole.include(middle)
    app = FastAPI(routes=whole.api.routes, openapi_url=None)
    assert needs_of(app.routes) == {
        "GET /api/things": READ_ANY,
        "POST /api/things": ACT,
        "GET /things/{site_id}": READ,
    }


def test_of_two_routes_at_one_place_the_first_decides_as_it_answers() -> None:
    router = Router()
    router.get("/api/things", ACT)(answer)
    router.get("/api/things", OPEN)(answer)
    assert needs_of(router.api.routes) == {"GET /api/things": ACT}


def test_what_fastapi_adds_itself_is_undeclared_until_it_is_declared() -> None:
    app = FastAPI(docs_url=None, redoc_url=None)
    app.mount("/files", PlainTextResponse("a file"), name="files")
    with pytest.raises(UndeclaredRoutesError, match=r"ANY /files \(starlette\.routing\.Mount\)"):
        needs_of(app.routes)
    declare(app.routes[-1], OPEN)
    with pytest.raises(UndeclaredRoutesError, match=r"GET /openapi\.json \(fastapi\."):
        needs_of(app.routes)
    declare(app.routes[0], READ_ANY)
    assert set(needs_of(app.routes)) == {
        "GET /openapi.json",
        "HEAD /openapi.json",
        "ANY /files",
    }


async def test_the_application_does_not_load_with_a_route_that_nobody_has_decided_on(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten, routes = APIRouter(), Router()
    forgotten.add_api_route("/api/forgotten", answer, methods=["DELETE"])
    routes.include(wiring.ROUTES)
    routes.api.include_router(forgotten)
    monkeypatch.setattr(wiring, "ROUTES", routes)
    where = r"DELETE /api/forgotten \(tests\.hermes_base\.web\.test_routing\.answer\)"
    with pytest.raises(UndeclaredRoutesError, match=where + r".*@router\.get\("):
        async with serve_web(room):
            pass
