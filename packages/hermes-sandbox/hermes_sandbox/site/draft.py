"""The site while it is being written: pages are added, then faults are planted in it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from hermes_sandbox.site.model import Canonical, Link, Page, Redirect, Resource, Section


@dataclass(slots=True)
class Draft:
    """`planted` names, per kind of fault, the paths that carry it."""

    base_url: str
    resources: dict[str, Resource] = field(default_factory=dict[str, Resource])
    sitemap: list[str] = field(default_factory=list[str])
    planted: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def add(self, resource: Resource) -> None:
        if resource.path in self.resources:
            raise ValueError(f"two resources claim {resource.path}")
        self.resources[resource.path] = resource

    def publish(self, page: Page) -> None:
        """Add a healthy page: it names itself as canonical and stands in the sitemap."""
        canonicals = (self.canonical(page.path),)
        alternates = tuple((code, self.base_url + path) for code, path in page.alternates)
        self.add(replace(page, canonicals=canonicals, alternates=alternates))
        self.sitemap.append(page.path)

    def canonical(self, path: str) -> Canonical:
        return Canonical(self.base_url + path)

    def page(self, path: str) -> Page:
        page = self.resources[path]
        if not isinstance(page, Page):
            raise TypeError(f"{path} is not a page")
        return page

    def change(self, path: str, **changes: Any) -> None:
        self.resources[path] = replace(self.page(path), **changes)

    def link(self, source: str, heading: str, *links: Link) -> None:
        """Give the page `source` one more list of links."""
        sections = self.page(source).sections
        self.change(source, sections=(*sections, Section(heading, links=links)))

    def plant(self, kind: str, *paths: str) -> None:
        self.planted.setdefault(kind, []).extend(paths)

    def redirect(self, path: str, status: int, location: str) -> None:
        self.add(Redirect(path, status, location))

    def pages(self) -> Iterable[Page]:
        return [page for page in self.resources.values() if isinstance(page, Page)]
