"""Templates to answers. A page and its live fragment are one template in two layouts."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hermes_base.web import locales
from hermes_base.web.access.request_context import csrf_field, may, request_context
from hermes_base.web.html import formatting, words
from hermes_base.web.html.files import Bundle
from hermes_base.web.html.themes import theme_of
from hermes_base.web.navigation import NO_NAVIGATION, Navigation, navigation_of, remember_site


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([]),  # `use_folders` says where templates stand
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = (
        formatting.duration,
        formatting.running,
        formatting.ago,
        formatting.stamp,
        formatting.readable,
        formatting.in_full,
        formatting.as_json,
        formatting.strip_paths,
        locales.number,
        locales.short,
        locales.fixed,
        locales.day_and_time,
    )
    filters_by_name: dict[str, Any] = {f.__name__: f for f in filters}
    environment.filters.update(filters_by_name)
    functions: dict[str, Any] = {
        "request_context": request_context,
        "csrf_field": csrf_field,
        "may": may,
        "drawn": words,
    }
    environment.globals.update(functions)  # macros see no other facts of the request
    return environment


ENVIRONMENT = _environment()


@cache
def _loader(folders: tuple[Path, ...]) -> FileSystemLoader:
    """One for the same folders: the environment keeps what it has compiled by loader and name."""
    return FileSystemLoader([folder / "templates" for folder in folders])


def use_folders(folders: Sequence[Path], bundles: tuple[Bundle, Bundle]) -> None:
    """Where templates stand, the frame's first, and the (stylesheets, scripts) that each page loads."""
    ENVIRONMENT.loader = _loader(tuple(folders))
    stylesheet, script = bundles
    names: dict[str, Any] = {"stylesheet": stylesheet.name, "script": script.name}
    ENVIRONMENT.globals.update(names)


async def page(
    request: Request, template: str, status: int = 200, *, of_site: UUID | None = None, **facts: Any
) -> HTMLResponse:
    """A rendered page; only its live region, and what moved in the navigation, when htmx requests it.

    `of_site`: the site that the page is about, where its address does not say so.
    """
    navigation = await navigation_of(request, of_site)
    response = framed(request, template, navigation, status, **facts)
    remember_site(request, response, navigation)
    return response


def framed(
    request: Request, template: str, navigation: Navigation = NO_NAVIGATION, status: int = 200,
    **facts: Any,
) -> HTMLResponse:  # fmt: skip
    """A page in a frame that is known already, or in none: for the page of a problem."""
    layout = "fragment.html" if is_htmx(request) else "page.html"
    html = ENVIRONMENT.get_template(template).render(
        layout=layout,
        path=request.url.path,
        navigation=navigation,
        theme=theme_of(request),
        heard=getattr(request.state, "position", ""),  # a page of a problem has none
        now=request.app.state.clock(),
        **facts,
    )
    return HTMLResponse(html, status, headers={"Vary": "HX-Request, Accept-Language"})


def notice(template: str, status: int, **facts: Any) -> HTMLResponse:
    """A fragment that htmx puts where notices are shown, whatever target the request had."""
    html = ENVIRONMENT.get_template(template).render(**facts)
    return HTMLResponse(
        html, status, headers={"HX-Retarget": "#notice", "HX-Reswap": "innerHTML show:window:top"}
    )


def fragment(template: str, **facts: Any) -> HTMLResponse:
    """A piece of a page that htmx puts where it was asked from."""
    return HTMLResponse(ENVIRONMENT.get_template(template).render(**facts))


def rendered(template: str, **facts: Any) -> str:
    """A template as text, for what is no answer of its own."""
    return ENVIRONMENT.get_template(template).render(**facts)


def is_htmx(request: Request) -> bool:
    """Whether htmx made the request (the header HX-Request), and not the browser itself."""
    return request.headers.get("hx-request") == "true"
