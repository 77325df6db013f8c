"""Static files: all stylesheets in one bundle, all scripts in another, each named after its content."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from hermes_base.people.roles import OPEN
from hermes_base.web.routing import declare

FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a page loads of one kind. The name changes with the content, so browsers keep it for ever."""

    name: str
    """Such as `hermes-0f3a5c7e9b1d.css`."""
    content: bytes
    media_type: str


class Files(StaticFiles):
    """The bundles, and files that are served as they lie (icons); those asked with `?v=` are kept for ever."""

    def __init__(self, folders: Sequence[Path], bundles: Sequence[Bundle]) -> None:
        super().__init__(directory=folders[0])
        self.all_directories = list(folders)
        self._bundles = {bundle.name: bundle for bundle in bundles}

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The response with a static file; 404 when there is none."""
        if bundle := self._bundles.get(path):
            headers = {"Cache-Control": FOR_EVER}
            return Response(bundle.content, headers=headers, media_type=bundle.media_type)
        response = await super().get_response(path, scope)
        versioned = scope["query_string"].startswith(b"v=") and response.status_code == 200
        response.headers["Cache-Control"] = FOR_EVER if versioned else "no-cache"
        return response


def folder_of(package: ModuleType) -> Path:
    """The folder of a package `web`, with its `templates` and `static`."""
    assert package.__file__ is not None  # noqa: S101  # a package with an __init__.py
    return Path(package.__file__).parent


def bundles_of(folders: Sequence[Path]) -> tuple[Bundle, Bundle]:
    """(stylesheets, scripts) of the frame and of each product, each in one piece."""
    return _bundle(folders, ".css", "text/css"), _bundle(folders, ".js", "text/javascript")


def mount(app: FastAPI, folders: Sequence[Path], bundles: Sequence[Bundle]) -> None:
    """Serve the bundles and the other static files below /static."""
    app.mount("/static", Files([folder / "static" for folder in folders], bundles), name="static")
    declare(app.routes[-1], OPEN)


def _bundle(folders: Sequence[Path], ending: str, media_type: str) -> Bundle:
    content = b"\n".join(path.read_bytes() for path in _paths(folders, ending))
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Bundle(f"hermes-{digest}{ending}", content, media_type)


def _paths(folders: Sequence[Path], ending: str) -> list[Path]:
    """What is vendored first, then folder by folder, and in each by its path."""
    found = [path for folder in folders for path in sorted((folder / "static").rglob(f"*{ending}"))]
    return sorted(found, key=lambda path: "vendor" not in path.parts)
