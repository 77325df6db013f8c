"""The pages: server-rendered, working without a script, live with one."""

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware

from hermes.web.live import note_position
from hermes.web.pages import (
    account,
    actions,
    inspector,
    integrations,
    people,
    settings,
    sign_in,
    site_forms,
    sites,
    tests,
    tokens,
)
from hermes.web.pages.files import Files
from hermes.web.pages.rendering import STATIC

router = APIRouter(include_in_schema=False, dependencies=[Depends(note_position)])
for part in (sites, site_forms, integrations, inspector, tests, actions):
    router.include_router(part.router)
for part in (sign_in, settings, people, tokens, account):
    router.include_router(part.router)


def mount_static(app: FastAPI) -> None:
    """Serve stylesheet and scripts below /static, compressed."""
    app.mount("/static", GZipMiddleware(Files(directory=STATIC)), name="static")
