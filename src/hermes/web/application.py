"""The web application, put together."""

from fastapi import FastAPI
from starlette.types import ASGIApp

import hermes as package
from hermes.control import Hermes
from hermes.web import api, live, pages, problems
from hermes.web.access import LOOPBACK, Access
from hermes.web.live import Hub
from hermes.web.pages.explaining import explain


def application(hermes: Hermes, hub: Hub, token: str, hosts: frozenset[str] = LOOPBACK) -> ASGIApp:
    """Everything below one ASGI application; `hosts` are the names it answers to."""
    app = FastAPI(
        title="Hermes",
        version=package.__version__,
        summary="The truth about a fleet of worker services.",
        docs_url=None,
        redoc_url=None,
    )
    app.state.hermes = hermes
    app.state.hub = hub
    app.include_router(api.router)
    app.include_router(live.router)
    app.include_router(pages.router)
    pages.mount_static(app)
    problems.install(app, explain)
    return Access(app, token, hosts)
