"""Where a Chromium may be on this machine. Nothing is started to find out."""

import os
import re
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

NOT_READY = (
    "No Chromium was found. Run `hermes browser install`, "
    "or set HERMES_BROWSER to the path of a Chromium you already have."
)

# Headless shells first: they open a page several times faster than a full Chromium.
DOWNLOADS = (
    "chromium_headless_shell-*/chrome-*/headless_shell*",
    "chromium_headless_shell-*/chrome-*/chrome-headless-shell*",
    "chromium-*/chrome-*/chrome",
    "chromium-*/chrome-*/chrome.exe",
    "chromium-*/chrome-*/*.app/Contents/MacOS/*",
)
COMMANDS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def find() -> Path | None:
    """The Chromium to use, or None.

    HERMES_BROWSER decides alone when it is set; then come Playwright's own downloads
    and the commands on PATH.
    """
    if chosen := os.environ.get("HERMES_BROWSER"):
        return _program(Path(chosen).expanduser())
    return _downloaded() or _on_path()


def _downloaded() -> Path | None:
    for pattern in DOWNLOADS:
        newest_first = sorted(_downloads_folder().glob(pattern), key=_revision, reverse=True)
        for path in newest_first:
            if program := _program(path):
                return program
    return None


def _downloads_folder() -> Path:
    """Playwright's registry folder, by the rules of its own driver."""
    chosen = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if chosen == "0":
        spec = find_spec("playwright")
        package = Path(spec.origin).parent if spec and spec.origin else Path()
        return package / "driver" / "package" / ".local-browsers"
    return Path(chosen) if chosen else _cache_folder() / "ms-playwright"


def _cache_folder() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    if sys.platform == "win32":
        return Path.home() / "AppData" / "Local"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _revision(path: Path) -> int:
    revisions = re.findall(r"chromium(?:_headless_shell)?-(\d+)", str(path))
    return int(revisions[-1]) if revisions else 0


def _on_path() -> Path | None:
    found = (shutil.which(command) for command in COMMANDS)
    return next((Path(path) for path in found if path), None)


def _program(path: Path) -> Path | None:
    return path if path.is_file() and os.access(path, os.X_OK) else None
