"""The site as its files make it, walked along its links: what is reached, and which links lead nowhere.

HTML files are pages as they are; of a Markdown file the page is its title, description, canonical,
images and links. Templates of a generator are not run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import unquote, urlsplit

from hermes_fleet.crawling.page import read
from hermes_fleet.site_executor.markdown_edits import KEYS, entries_of, inline_of
from hermes_fleet.site_executor.redirects import NAME
from hermes_fleet.site_executor.sources import FOLDERS, MARKDOWN, path_of, plain

ORIGIN = "http://build.invalid"
MOST_PAGES = 20_000


@dataclass(frozen=True, slots=True)
class Walk:
    """Paths that were reached from the pages, and (page, target) of links that lead nowhere."""

    pages: frozenset[str]
    dead: frozenset[tuple[str, str]]

    def worse_than(self, before: "Walk") -> str:
        """What a change broke, in a sentence; empty when nothing."""
        if lost := sorted(before.pages - self.pages):
            return f"{len(lost)} pages are no longer reached, for example {lost[0]}."
        if dead := sorted(self.dead - before.dead):
            page, target = dead[0]
            return f"The page {page} would link to {target}, which is not there."
        return ""


def walk(files: Mapping[str, str], assets: frozenset[str]) -> Walk:
    """Start at the home page, else at all pages; `assets`: names of all files of the repository."""
    pages = {plain(at): _page(name, text) for name, text in files.items() for at in _paths(name)}
    known = set(pages) | _served(assets) | _redirected(files)
    start = ["/"] if "/" in pages else sorted(pages)
    reached, dead = set(start), set[tuple[str, str]]()
    waiting = list(start)
    while waiting and len(reached) < MOST_PAGES:
        page = waiting.pop()
        for target in _targets(pages[page], page):
            if target not in known:
                dead.add((page, target))
            elif target in pages and target not in reached:
                reached.add(target)
                waiting.append(target)
    return Walk(frozenset(reached), frozenset(dead))


def _targets(html: str, page: str) -> list[str]:
    links = (urlsplit(link) for link in read(html, ORIGIN + page).links)
    return [plain(unquote(at.path)) for at in links if f"{at.scheme}://{at.netloc}" == ORIGIN]


def _paths(name: str) -> set[str]:
    return {at for folder in FOLDERS if (at := path_of(name, folder)) is not None}


def _served(assets: frozenset[str]) -> set[str]:
    inside = ((name, folder) for name in assets for folder in FOLDERS)
    return {
        f"/{name[len(folder) :].lstrip('/')}"
        for name, folder in inside
        if not folder or name.startswith(f"{folder}/")
    }


def _redirected(files: Mapping[str, str]) -> set[str]:
    rules = [text.splitlines() for name, text in files.items() if name.endswith(NAME)]
    return {plain(line.split()[0]) for lines in rules for line in lines if line.startswith("/")}


def _page(name: str, text: str) -> str:
    if not name.lower().endswith(MARKDOWN):
        return text
    entries = {each.key: each.value or "" for each in entries_of(text)}
    title, description, canonical = (
        next((escape(entries[key]) for key in KEYS[kind] if key in entries), "")
        for kind in ("title", "description", "canonical")
    )
    parts = "".join(_element(f["image"], f["text"], f["target"]) for f in inline_of(text))
    return (
        f'<!doctype html><title>{title}</title><meta name="description" content="{description}">'
        f'<link rel="canonical" href="{canonical}"><body>{parts}'
    )


def _element(image: str, text: str, target: str) -> str:
    if image:
        return f'<img src="{escape(target)}" alt="{escape(text)}">'
    return f'<a href="{escape(target)}">{escape(text)}</a>'
