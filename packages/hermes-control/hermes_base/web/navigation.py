"""The navigation on the left of every page: each product brings its part, with counts that are true now."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from hermes_base.web.access import person_of
from hermes_base.web.access.request_context import may

SITE_COOKIE = "hermes_site"
Tone = Literal["quiet", "bad", "act"]
"""`bad`: something is wrong; `act`: something waits for a person; `quiet`: it only counts."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number beside a link. `meaning` says what it counts, as in `3 open alerts`."""

    number: int
    meaning: str
    tone: Tone = "quiet"


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the navigation. `also`: other paths, and what is below them, where one is "here" too."""

    label: str
    path: str
    icon: str
    count: Count | None = None
    also: tuple[str, ...] = ()

    def is_here(self, path: str) -> bool:
        """Whether a page lies at, or below, what this links to."""
        if path == self.path:
            return True
        below = (self.path, *self.also) if self.path != "/" else self.also
        return any(path == each or path.startswith(f"{each}/") for each in below)


@dataclass(frozen=True, slots=True)
class Group:
    """Links under one heading; "" for none. `site`: what the group is about can be switched."""

    heading: str
    links: tuple[Link, ...]
    site: "Choice | None" = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The site whose links are shown, and the first few to switch to."""

    id: UUID
    name: str
    others: tuple[tuple[str, str], ...]
    """(name, path) by name."""
    total: int


@dataclass(frozen=True, slots=True)
class Navigation:
    """What the frame shows beside a page; empty for who has not signed in."""

    groups: tuple[Group, ...] = ()

    @property
    def site(self) -> Choice | None:
        """The site whose links are shown."""
        return next((group.site for group in self.groups if group.site), None)


NO_NAVIGATION = Navigation()
Part = Callable[[Request, UUID | None], Awaitable[Sequence[Group]]]
"""What a product shows in the navigation, given the site that is in view, if any."""


async def navigation_of(request: Request, of_site: UUID | None = None) -> Navigation:
    """The groups of all parts, in the order of `app.state.navigation`; links one may not open are left out."""
    if person_of(request) is None:
        return NO_NAVIGATION
    parts: Sequence[Part] = request.app.state.navigation
    site = of_site or site_in_view(request)
    found = await asyncio.gather(*(part(request, site) for part in parts))
    groups = [_open(group) for groups in found for group in groups]
    return Navigation(tuple(group for group in groups if group.links))


def site_in_view(request: Request) -> UUID | None:
    """The site in the address, else the one that was looked at last in this browser."""
    return _site_in(request.path_params) or _site_in(request.cookies, SITE_COOKIE)


def remember_site(request: Request, response: Response, navigation: Navigation) -> None:
    """The site in view stays in view on pages that belong to none."""
    site = navigation.site
    if site and request.cookies.get(SITE_COOKIE) != str(site.id):
        tls: bool = request.app.state.access.tls
        response.set_cookie(SITE_COOKIE, str(site.id), secure=tls, httponly=True, samesite="lax")


def _open(group: Group) -> Group:
    return replace(group, links=tuple(link for link in group.links if may(link.path, "GET")))


def _site_in(given: Mapping[str, object], name: str = "site_id") -> UUID | None:
    """What is no id of a site (a cookie can hold anything) names none."""
    try:
        return UUID(str(given[name]))
    except (KeyError, ValueError):
        return None
