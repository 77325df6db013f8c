"""Static files of the frame and of each product; those asked with their version may be kept for ever."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from hermes_base.people.roles import OPEN
from hermes_base.web.routing import declare


class Files(StaticFiles):
    """Files of the pages. Their address carries `?v=`, which changes when they do."""

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__(directory=folders[0])
        self.all_directories = list(folders)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The response with a static file; 404 when there is none."""
        response = await super().get_response(path, scope)
        versioned = scope["query_string"].startswith(b"v=") and response.status_code == 200
        keep = "public, max-age=31536000, immutable" if versioned else "no-cache"
        response.headers["Cache-Control"] = keep
        return response


def folder_of(package: ModuleType) -> Path:
    """The folder of a package `web`, with its `templates` and `static`."""
    assert package.__file__ is not None  # noqa: S101  # a package with an __init__.py
    return Path(package.__file__).parent


def mount(app: FastAPI, folders: Sequence[Path]) -> None:
    """Serve stylesheets and scripts below /static, compressed."""
    static = [folder / "static" for folder in folders]
    app.mount("/static", GZipMiddleware(Files(static)), name="static")
    declare(app.routes[-1], OPEN)


def version_of(folders: Sequence[Path]) -> str:
    """Changes whenever a static file does, so that browsers may keep the files for ever."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((folder / "static").rglob("*")):
            if path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def names_of(folders: Sequence[Path], ending: str) -> list[str]:
    """The names of all files with this ending, below /static: what is vendored first, then folder by
    folder, and in each by name."""
    found = [sorted((folder / "static").rglob(f"*{ending}")) for folder in folders]
    named = [
        path.relative_to(folder / "static").as_posix()
        for folder, paths in zip(folders, found, strict=True)
        for path in paths
    ]
    return sorted(named, key=lambda name: not name.startswith("vendor/"))
