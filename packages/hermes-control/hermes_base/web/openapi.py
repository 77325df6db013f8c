"""Who may what, said in the OpenAPI document: from the same table that access is decided by."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.routing import Route

from hermes_base.people.roles import OPEN, READ_ANY, Need
from hermes_base.web.access.own_form import HEADER
from hermes_base.web.api import problems
from hermes_base.web.routing import declare, needs_of

SAFE = ("get", "head", "options")


def declare_security(app: FastAPI, cookie: str) -> None:
    """Make the document of this application name the schemes, and the role of every operation.

    Whoever reads anything may read the document.
    """

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _with_security(_plain(app), cookie, needs_of(app.routes))
        return app.openapi_schema

    app.openapi = document
    for route in app.routes:
        if isinstance(route, Route) and route.path == app.openapi_url:
            declare(route, READ_ANY)


def _plain(app: FastAPI) -> dict[str, Any]:
    return get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        routes=app.routes,
        servers=app.servers or None,
    )


def _with_security(
    document: dict[str, Any], cookie: str, needs: Mapping[str, Need]
) -> dict[str, Any]:
    schemes = {
        "token": {"type": "http", "scheme": "bearer", "description": "An API token."},
        "session": {"type": "apiKey", "in": "cookie", "name": cookie},
        "form": {
            "type": "apiKey",
            "in": "header",
            "name": HEADER,
            "description": "The CSRF token of the session, from <meta name=csrf> of any page.",
        },
    }
    document.setdefault("components", {})["securitySchemes"] = schemes
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            need = needs[f"{method.upper()} {path}"]
            operation.update(_operation(need, method, operation.get("responses", {})))
    return document


def _operation(need: Need, method: str, responses: dict[str, Any]) -> dict[str, Any]:
    """`x-role` and `security` of an operation, and the answers of those who may not."""
    if need == OPEN:
        return {"security": []}
    by_session: dict[str, list[str]] = {"session": []}
    if method not in SAFE:
        by_session["form"] = []
    return {
        "x-role": need.role,
        "security": [{"token": []}, by_session],
        "responses": _refusals() | responses,
    }


def _refusals() -> dict[str, Any]:
    named = {str(status): answer for status, answer in problems(403).items()}
    return {status: named[status] for status in ("401", "403")}
