"""The web application, put together."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp

import hermes as package
from hermes.control import Hermes
from hermes.web import api, live, pages, problems
from hermes.web.access import LOOPBACK, Access
from hermes.web.live import Announcements, Hub


def application(
    hermes: Hermes, announcements: Announcements, token: str, hosts: frozenset[str] = LOOPBACK
) -> ASGIApp:
    """Everything below one ASGI application; `hosts` are the names it answers to."""
    hub = Hub(announcements)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        hub.close()

    app = FastAPI(
        title="Hermes",
        version=package.__version__,
        summary="The truth about a fleet of worker services.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.hermes = hermes
    app.state.hub = hub
    app.include_router(api.router)
    app.include_router(live.router)
    app.include_router(pages.router)
    pages.mount_static(app)
    problems.install(app)
    return Access(app, token, hosts)
