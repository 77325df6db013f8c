"""The pages: server-rendered, working without a script, live with one."""

from fastapi import APIRouter, FastAPI
from starlette.middleware.gzip import GZipMiddleware

from hermes.web.pages import actions, integrations, sites, tests
from hermes.web.pages.files import Files
from hermes.web.pages.rendering import STATIC

router = APIRouter(include_in_schema=False)
for part in (sites, integrations, tests, actions):
    router.include_router(part.router)


def mount_static(app: FastAPI) -> None:
    """Serve stylesheet and scripts below /static, compressed."""
    app.mount("/static", GZipMiddleware(Files(directory=STATIC)), name="static")
