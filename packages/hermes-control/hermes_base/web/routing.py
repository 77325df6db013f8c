"""Routes that say, where they are declared, what they need of who asks."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from typing import Any, TypedDict, TypeVar, Unpack

from fastapi.params import Depends
from fastapi.routing import APIRoute, APIRouter, RouteContext, iter_route_contexts
from starlette.responses import Response
from starlette.routing import BaseRoute

from hermes_base.people.roles import Need

ANY = "ANY"
"""Stands for the method of what answers to all of them."""
E = TypeVar("E", bound=Callable[..., Any])
_MARK = "hermes_need"


class UndeclaredRoutesError(RuntimeError):
    """Routes of which nobody has said who may ask them; the message names each, and what to write."""


class Options(TypedDict, total=False):
    """What FastAPI may be told of a route."""

    status_code: int
    tags: list[str | Enum]
    responses: dict[int | str, dict[str, Any]]
    response_class: type[Response]
    include_in_schema: bool


class Router:
    """The routes of one part of the application; a route without its need does not type-check."""

    def __init__(
        self,
        *,
        tags: list[str | Enum] | None = None,
        route_class: type[APIRoute] = APIRoute,
        dependencies: Sequence[Depends] = (),
        include_in_schema: bool = True,
    ) -> None:
        self.api = APIRouter(
            tags=tags,
            route_class=route_class,
            dependencies=dependencies,
            include_in_schema=include_in_schema,
        )

    def include(self, part: "Router") -> None:
        """Take in the routes of a part."""
        self.api.include_router(part.api)

    def get(self, path: str, need: Need, **options: Unpack[Options]) -> Callable[[E], E]:
        """Declare what answers GET at this path."""
        return self._declaring("GET", path, need, options)

    def post(self, path: str, need: Need, **options: Unpack[Options]) -> Callable[[E], E]:
        """Declare what answers POST at this path."""
        return self._declaring("POST", path, need, options)

    def put(self, path: str, need: Need, **options: Unpack[Options]) -> Callable[[E], E]:
        """Declare what answers PUT at this path."""
        return self._declaring("PUT", path, need, options)

    def patch(self, path: str, need: Need, **options: Unpack[Options]) -> Callable[[E], E]:
        """Declare what answers PATCH at this path."""
        return self._declaring("PATCH", path, need, options)

    def delete(self, path: str, need: Need, **options: Unpack[Options]) -> Callable[[E], E]:
        """Declare what answers DELETE at this path."""
        return self._declaring("DELETE", path, need, options)

    def _declaring(self, method: str, path: str, need: Need, options: Options) -> Callable[[E], E]:
        def declaring(endpoint: E) -> E:
            self.api.add_api_route(path, endpoint, methods=[method], **options)
            declare(self.api.routes[-1], need)
            return endpoint

        return declaring


def declare(route: BaseRoute, need: Need) -> None:
    """Say what a route needs that no `Router` made: a mount, or a route that FastAPI adds itself."""
    setattr(route, _MARK, need)


def needs_of(routes: Iterable[BaseRoute]) -> dict[str, Need]:
    """Who may what: the need of every `METHOD /path/{template}`. Raises UndeclaredRoutesError."""
    needs: dict[str, Need] = {}
    undeclared: list[str] = []
    for route in iter_route_contexts(list(routes)):
        need: Need | None = getattr(route.original_route, _MARK, None)
        for place in _places_of(route):
            if need is None:
                undeclared.append(f"{place} ({_where(route)})")
            else:
                needs.setdefault(place, need)  # the first route of a place answers
    if undeclared:
        raise UndeclaredRoutesError(
            f"Nobody has decided who may ask {', '.join(undeclared)}: declare a route with Router "
            'of hermes_base.web.routing, as in @router.get("/api/sites", READ_ANY), anything else '
            "with declare(route, need)."
        )
    return needs


def _places_of(route: RouteContext) -> Iterator[str]:
    """`METHOD /path/{template}` of a route, for each of its methods."""
    for method in sorted(route.methods or {ANY}):
        yield f"{method} {route.path or ''}"


def _where(route: RouteContext) -> str:
    """The function that answers, else the kind of route."""
    endpoint = getattr(route.original_route, "endpoint", None) or type(route.original_route)
    return f"{endpoint.__module__}.{endpoint.__qualname__}"
