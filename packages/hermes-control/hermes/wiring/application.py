"""The web application, put together."""

from fastapi import APIRouter, FastAPI

import hermes_base as package
from directory_bolt.orders import Orders
from directory_bolt.reading import OrderQueries
from directory_bolt.web import realtime
from hermes.control import Hermes
from hermes.web import api, pages
from hermes.wiring import metrics
from hermes_base.people import People
from hermes_base.web import live, openapi, problems
from hermes_base.web.access import Access, Doors
from hermes_base.web.html.explaining import explain
from hermes_base.web.live import Hub

ROUTES = APIRouter()
"""Put together once a process: an application only brings its state."""
for part in (api, live, metrics, realtime, pages):
    ROUTES.include_router(part.router)


def application(
    hermes: Hermes,
    people: People,
    hub: Hub,
    doors: Doors,
    *,
    orders: Orders,
    stripe_secret: str = "",
) -> Access:
    """Everything below one ASGI application; `doors` say who may enter, `stripe_secret` signs the
    events of POST /api/webhook (empty: it answers 503)."""
    app = FastAPI(
        routes=ROUTES.routes,
        title="Hermes",
        version=package.__version__,
        summary="The truth about a fleet of worker services.",
        docs_url=None,
        redoc_url=None,
    )
    app.state.hermes = hermes
    app.state.people = people
    app.state.orders = orders
    app.state.order_queries = OrderQueries(orders)
    app.state.stripe_secret = stripe_secret
    app.state.doors = doors
    app.state.hub = hub
    app.state.realtime = hub.beside("hermes_realtime", "change", realtime.order_of)
    pages.mount_static(app)
    problems.install(app, explain)
    openapi.declare_security(app, doors.cookie)
    return Access(app, people, doors)
