"""Templates to answers. A page and its live fragment are one template in two layouts."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hermes_base.web.access.request_context import csrf_field, may, request_context
from hermes_base.web.html import formatting
from hermes_base.web.html.files import names_of, version_of


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
    )
    filters_by_name: dict[str, Any] = {f.__name__: f for f in filters}
    environment.filters.update(filters_by_name)
    functions: dict[str, Any] = {
        "request_context": request_context,
        "csrf_field": csrf_field,
        "may": may,
    }
    environment.globals.update(functions)  # macros see no other facts of the request
    return environment


ENVIRONMENT = _environment()


@cache
def _loader(folders: tuple[Path, ...]) -> FileSystemLoader:
    """One for the same folders: the environment keeps what it has compiled by loader and name."""
    return FileSystemLoader([folder / "templates" for folder in folders])


def use_folders(folders: Sequence[Path]) -> None:
    """Where templates stand, the frame's first, and the stylesheets and scripts that each page loads."""
    ENVIRONMENT.loader = _loader(tuple(folders))
    facts: dict[str, Any] = {
        "version": version_of(folders),
        "stylesheets": names_of(folders, ".css"),
        "scripts": names_of(folders, ".js"),
    }
    ENVIRONMENT.globals.update(facts)


def page(request: Request, template: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """A rendered page; only its live region when htmx requests it."""
    layout = "fragment.html" if is_htmx(request) else "page.html"
    html = ENVIRONMENT.get_template(template).render(
        layout=layout,
        path=request.url.path,
        heard=getattr(request.state, "position", ""),  # a page of a problem has none
        now=request.app.state.clock(),
        **facts,
    )
    return HTMLResponse(html, status, headers={"Vary": "HX-Request"})


def notice(template: str, status: int, **facts: Any) -> HTMLResponse:
    """A fragment that htmx puts where notices are shown, whatever target the request had."""
    html = ENVIRONMENT.get_template(template).render(**facts)
    return HTMLResponse(
        html, status, headers={"HX-Retarget": "#notice", "HX-Reswap": "innerHTML show:window:top"}
    )


def is_htmx(request: Request) -> bool:
    """Whether htmx made the request (the header HX-Request), and not the browser itself."""
    return request.headers.get("hx-request") == "true"
