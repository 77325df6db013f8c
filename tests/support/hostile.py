"""What no form sends: every route asked with values that texts, numbers and JSON can hold and tables cannot."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

import directory_bolt.web
import hermes.web
import hermes_base.web
from hermes.wiring.application import ROUTES

NAMES = re.compile(r'\bname="([a-zA-Z_]+)"')
STREAMS = ("/api/events", "/api/realtime", "/orders/{token}/live")
DEEP = "[" * 3_000 + "]" * 3_000
IN_JSON = ('"a\\u0000b"', '"a\\ud800b"', "1" * 40, DEEP, f'"{"x" * 9_000}"')
"""As they stand in a JSON body: Python's own encoder would not write all of them."""
IN_ADDRESS = ("a%00b", "%ED%A0%80", "1" * 22, "x" * 3_000)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `body` is bytes as they are sent; `kind` their content type."""

    method: str
    path: str
    body: bytes = b""
    kind: str = ""
    parts: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Place:
    """A route: its method, its template, and the names of its parameters."""

    method: str
    template: str
    query: Sequence[str]
    body: Sequence[str]

    def path(self, known: Mapping[str, str], **hostile: str) -> str:
        """The path with ids that exist, but for the hostile ones, which are encoded already."""

        def value(found: re.Match[str]) -> str:
            name = found[1]
            return hostile.get(name) or quote(known.get(name, "nothing"), safe="")

        return re.sub(r"\{(\w+)(?::\w+)?\}", value, self.template)

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"\{(\w+)(?::\w+)?\}", self.template)


def places() -> list[Place]:
    """Every route but the endless streams."""
    fields = form_fields()
    found: list[Place] = []
    for route in iter_route_contexts(ROUTES.api.routes):
        dependant: Dependant | None = getattr(route.original_route, "dependant", None)
        if dependant is None or route.path is None or route.path in STREAMS:
            continue
        query = [part.alias for each in _all(dependant) for part in each.query_params]
        body = [
            name for each in dependant.body_params for name in _names(each.field_info.annotation)
        ]
        found += [Place(m, route.path, query, body or fields) for m in route.methods or ()]
    return found


def form_fields() -> list[str]:
    """The names of all fields of all forms: what pages read besides what FastAPI knows of."""
    folders = [Path(package.__file__ or "").parent for package in (hermes_base.web, hermes.web, directory_bolt.web)]  # fmt: skip
    texts = (file.read_text() for folder in folders for file in folder.rglob("*.html"))
    return sorted({name for text in texts for name in NAMES.findall(text)} - {"csrf", "viewport"})


def requests_of(place: Place, known: Mapping[str, str]) -> Iterator[Asked]:
    """Every parameter with every hostile value, one at a time; bodies with one value in all fields, too."""
    for name in place.parameters:
        for value in IN_ADDRESS:
            yield Asked(place.method, place.path(known, **{name: value}))
    of_pages = () if place.template.startswith("/api/") or place.method != "GET" else ("q", "page")
    for name in {*place.query, *of_pages}:
        for value in IN_ADDRESS:
            yield Asked(place.method, f"{place.path(known)}?{name}={value}")
    if place.method in ("POST", "PUT", "PATCH"):
        yield from _bodies(place, known)


def _bodies(place: Place, known: Mapping[str, str]) -> Iterator[Asked]:
    path = place.path(known)
    if path.startswith("/api/"):
        for value in IN_JSON:
            body = ",".join(f'"{name}":{value}' for name in place.body)
            yield Asked(place.method, path, f"{{{body}}}".encode(), "application/json")
        yield Asked(place.method, path, DEEP.encode(), "application/json")
        yield Asked(place.method, path, b"\xff\xfe", "application/json")
        return
    for value in IN_ADDRESS:
        form = "&".join(f"{name}={value}" for name in place.body)
        yield Asked(place.method, path, form.encode(), "application/x-www-form-urlencoded")


def _all(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for each in dependant.dependencies:
        yield from _all(each)


def _names(model: Any) -> list[str]:
    fields: Mapping[str, Any] = getattr(model, "model_fields", {})
    return [each.alias or name for name, each in fields.items()]
