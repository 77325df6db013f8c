"""Light or dark: the system's choice, unless a browser was told otherwise."""

from typing import Literal, get_args

from fastapi import Request
from starlette.responses import Response

from hermes_base.problems import Problem

Theme = Literal["system", "light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)
COOKIE = "hermes_theme"
A_YEAR = 365 * 24 * 3600


def theme_of(request: Request) -> Theme:
    """The theme this browser was told; `system` when it was told none, or one that does not exist."""
    told = request.cookies.get(COOKIE)
    found: Theme | None = next((theme for theme in THEMES if theme == told), None)
    return found or "system"


def theme_named(name: str) -> Theme:
    """The theme of this name. Raises `invalid_request`."""
    for theme in THEMES:
        if theme == name:
            return theme
    hint = f"One of: {', '.join(THEMES)}."
    raise Problem("invalid_request", f"There is no theme {name!r}.", hint, field="theme")


def remember_theme(response: Response, theme: Theme, *, tls: bool) -> None:
    """Keep it in this browser for a year (sent over `tls` alone); the system's choice needs no memory."""
    if theme == "system":
        response.delete_cookie(COOKIE)
    else:
        response.set_cookie(
            COOKIE, theme, max_age=A_YEAR, secure=tls, httponly=True, samesite="lax"
        )
