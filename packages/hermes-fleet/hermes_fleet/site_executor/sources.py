"""Which file of a repository is a page of the site, for static sites in HTML and Markdown."""

from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from hermes_fleet.site_executor.change import UnfitError
from hermes_fleet.site_executor.markdown_edits import entries_of

HTML = (".html", ".htm")
MARKDOWN = (".md", ".markdown")
FOLDERS = (
    "",
    "public",
    "docs",
    "site",
    "static",
    "www",
    "html",
    "dist",
    "src",
    "content",
    "pages",
    "src/pages",
    "src/content",
)
"""Where generators and hosts look for pages, from the root of the repository."""
ADDRESS_KEYS = ("permalink", "url")


def path_of(file: str, folder: str) -> str | None:
    """The path at which a file below a folder is served; None where it is no page of that folder."""
    if folder and not file.startswith(f"{folder}/"):
        return None
    inner = file[len(folder) :].lstrip("/") if folder else file
    stem = next(
        (inner[: -len(end)] for end in (*HTML, *MARKDOWN) if inner.lower().endswith(end)), None
    )
    if stem is None or any(
        part.startswith((".", "_")) and part != "_index" for part in stem.split("/")
    ):
        return None
    parent, _, name = stem.rpartition("/")
    if name in ("index", "_index"):
        return f"/{parent}/" if parent else "/"
    return f"/{stem}"


def file_of(files: Mapping[str, str], path: str) -> str:
    """The one file that is the page at `path`. UnfitError when there is none, or more than one."""
    wanted = plain(unquote(path))
    named = [name for name, text in files.items() if wanted in _addresses(name, text)]
    found = named or [
        name
        for name in files
        if any(
            (at := path_of(name, folder)) is not None and plain(at) == wanted for folder in FOLDERS
        )
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UnfitError(f"No file of the repository is the page {path}.")
    raise UnfitError(f"Several files could be the page {path}: {', '.join(sorted(found)[:4])}.")


def _addresses(name: str, text: str) -> Iterable[str]:
    """Addresses that a Markdown file gives itself."""
    if not name.lower().endswith(MARKDOWN):
        return ()
    return [plain(e.value) for e in entries_of(text) if e.key in ADDRESS_KEYS and e.value]


def plain(path: str) -> str:
    """A path without what hosts treat alike: the slash at its end, index.html, .html."""
    trimmed = path.rstrip("/")
    for end in ("/index.html", "/index.htm", *HTML):
        trimmed = trimmed.removesuffix(end)
    return trimmed or "/"
