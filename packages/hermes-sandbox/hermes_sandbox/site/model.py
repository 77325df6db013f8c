"""What the demo site is made of, before it becomes bytes."""

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Link:
    """A link as the author of a page typed it: `href` may be odd on purpose."""

    href: str
    text: str
    rel: str = ""
    shape: Literal["a", "area", "image"] = "a"

    @property
    def followed(self) -> bool:
        return "nofollow" not in self.rel.split()


@dataclass(frozen=True, slots=True)
class Canonical:
    """One claim of a page about its own address, and where the claim stands."""

    href: str
    place: Literal["head", "body", "header"] = "head"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page's text, with the links listed under it. `level` is that of its heading."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    level: Literal[2, 3] = 2


@dataclass(frozen=True, slots=True)
class Script:
    """A script of a page, and whether `<main>` has text and no error is thrown once it ran."""

    source: str
    delivers: bool = True
    throws: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """An HTML page. `title` and `description`: None leaves the element out, "" leaves it empty."""

    path: str
    title: str | None
    description: str | None
    headings: tuple[str, ...]
    sections: tuple[Section, ...]
    canonicals: tuple[Canonical, ...] = ()
    status: int = 200
    crumbs: tuple[Link, ...] = ()
    language: str = "en"
    alternates: tuple[tuple[str, str], ...] = ()
    robots: str | None = None
    googlebot: str | None = None
    robots_header: str | None = None
    base_href: str | None = None
    refresh: str | None = None
    retry_after: int | None = None
    script: Script | None = None
    data: str | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    path: str
    status: int
    location: str


@dataclass(frozen=True, slots=True)
class File:
    """Anything that is not HTML."""

    path: str
    content_type: str
    content: bytes


Resource: TypeAlias = Page | Redirect | File


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes over the wire for one address."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
