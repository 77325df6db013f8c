"""Static files; those asked with their version may be kept for ever."""

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope


class Files(StaticFiles):
    """Files of the pages. Their address carries `?v=`, which changes when they do."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or 404."""
        response = await super().get_response(path, scope)
        versioned = scope["query_string"].startswith(b"v=") and response.status_code == 200
        keep = "public, max-age=31536000, immutable" if versioned else "no-cache"
        response.headers["Cache-Control"] = keep
        return response
