"""From a request to its line in the table of who may what: matched as the router matches it."""

from collections.abc import Iterator
from functools import lru_cache
from re import Pattern

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount, compile_path

from hermes_base.people.roles import Need
from hermes_base.web.routing import ANY, needs_of

Route = tuple[Pattern[str], frozenset[str] | None, str]
KNOWN = 8192
"""Addresses whose route is kept: a page asks for each of its buttons whether it may be shown."""


class Routes:
    """All routes of an application in the router's order, taken when it is put together.

    `needs` is the table of who may what. Raises UndeclaredRoutesError.
    """

    def __init__(self, app: FastAPI) -> None:
        self.needs: dict[str, Need] = needs_of(app.routes)
        self._routes = list(_routes(app))
        self._known = lru_cache(maxsize=KNOWN)(self._find)

    def of(self, method: str, path: str) -> tuple[str, str | None]:
        """(`METHOD /path/{template}`, site id in the path) of the route that will answer; ("", None) of none."""
        return self._known(method, path)

    def _find(self, method: str, path: str) -> tuple[str, str | None]:
        for pattern, methods, template in self._routes:
            found = pattern.match(path)
            if found and (methods is None or method in methods):
                return f"{method if methods else ANY} {template}", found.groupdict().get("site_id")
        return "", None

    def all(self) -> list[str]:
        """Every `METHOD /path/{template}`, for the test that compares them with the table."""
        return sorted(
            f"{method} {template}"
            for _, methods, template in self._routes
            for method in methods or {ANY}
        )


def _routes(app: FastAPI) -> Iterator[Route]:
    for route in iter_route_contexts(app.routes):
        template = route.path or ""
        below = "/{path:path}" if isinstance(route.original_route, Mount) else ""
        methods = frozenset(route.methods) if route.methods else None
        yield compile_path(template + below)[0], methods, template
