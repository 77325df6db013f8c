"""The finished site: what it answers to every path."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from hermes_sandbox.site import markup, months, pages, planting, plumbing
from hermes_sandbox.site.chrome import JUNIPER, Frame
from hermes_sandbox.site.draft import Draft
from hermes_sandbox.site.model import File, Page, Redirect, Resource

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer."""

    status: int
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Site:
    """A built site. `planted` names, per kind of fault, the paths that carry it; `beyond` makes the
    pages that nobody wrote down."""

    base_url: str
    resources: dict[str, Resource]
    sitemap: tuple[str, ...]
    planted: dict[str, list[str]]
    frame: Frame = JUNIPER
    beyond: Callable[[str], Page | None] = months.month

    def answer(self, target: str) -> Answer:
        """What a request for a path (with its query) is answered."""
        resource = self.resources.get(target)
        if isinstance(resource, Redirect):
            return Answer(resource.status, {"Location": resource.location})
        if isinstance(resource, File):
            return Answer(200, {"Content-Type": resource.content_type}, resource.content)
        page = resource or self.beyond(target) or self._not_found()
        return Answer(page.status, _headers(page), markup.html(page, self.frame).encode())

    def _not_found(self) -> Page:
        return replace(NOT_FOUND, title=f"Page not found | {self.frame.name}")


NOT_FOUND = Page(
    "",
    "Page not found | Juniper Dental",
    "There is no such page.",
    ("Page not found",),
    (),
    status=404,
)


def _headers(page: Page) -> dict[str, str]:
    headers: dict[str, Any] = {"Content-Type": HTML}
    if page.robots_header:
        headers["X-Robots-Tag"] = page.robots_header
    canonical = next((c for c in page.canonicals if c.place == "header"), None)
    if canonical:
        headers["Link"] = f'<{canonical.href}>; rel="canonical"'
    return headers


def build(base_url: str) -> Site:
    """The whole site for the address at which it will stand. Always the same for the same address."""
    draft = Draft(base_url.rstrip("/"))
    pages.write(draft)
    planting.plant(draft)
    plumbing.lay(draft)
    return Site(draft.base_url, draft.resources, tuple(draft.sitemap), draft.planted)
