"""The web application of both products, put together."""

from fastapi import FastAPI
from prometheus_client.core import Metric
from starlette.middleware.gzip import GZipMiddleware

import directory_bolt.web
import hermes.web
import hermes_base.web
from directory_bolt.orders import Orders
from directory_bolt.reading import OrderQueries
from directory_bolt.web import api as orders_api
from directory_bolt.web import attention as order_attention
from directory_bolt.web import navigation as order_navigation
from directory_bolt.web import pages as orders_pages
from directory_bolt.web import realtime
from directory_bolt.web.metrics import metrics_of as order_metrics
from hermes.control import Hermes
from hermes.web import api, pages, searching
from hermes.web import attention as catalog_attention
from hermes.web import navigation as fleet_navigation
from hermes.web.metrics import metrics_of as test_metrics
from hermes_base import __version__
from hermes_base.people import People
from hermes_base.postgres.wrong_clocks import wrong_clocks
from hermes_base.web import live, metrics, openapi, problems
from hermes_base.web import pages as frame
from hermes_base.web.access import Access, AccessSettings
from hermes_base.web.below import Below, require_free
from hermes_base.web.html import files, rendering
from hermes_base.web.html.explaining import explain
from hermes_base.web.live import Hub
from hermes_base.web.pages.search import settings_found
from hermes_base.web.routing import Router

ROUTES = Router()
"""Put together once a process: an application only brings its state."""
for part in (api, orders_api, live, metrics, realtime, pages, frame, orders_pages):
    ROUTES.include(part.router)
FOLDERS = [
    files.folder_of(package) for package in (hermes_base.web, hermes.web, directory_bolt.web)
]
"""Where templates and static files of the frame and of each product stand."""
BUNDLES = files.bundles_of(FOLDERS)
"""All stylesheets in one piece and all scripts in another, read once a process."""


def application(
    hermes: Hermes,
    people: People,
    hub: Hub,
    access: AccessSettings,
    *,
    orders: Orders,
    stripe_secret: str = "",
) -> Access:
    """Everything below one ASGI application; `access` says who may enter, `stripe_secret` signs the
    events of POST /api/webhook (empty: it answers 503). Raises UndeclaredRoutesError."""
    app = FastAPI(
        routes=ROUTES.api.routes,
        title="Hermes",
        version=__version__,
        summary="Tests and runs a fleet of worker services, and shows what they really deliver.",
        docs_url=None,
        redoc_url=None,
        servers=[{"url": access.below}] if access.below else None,
    )
    app.state.hermes = hermes
    app.state.clock = hermes.clock
    app.state.people = people
    app.state.orders = orders
    app.state.order_queries = OrderQueries(orders)
    app.state.stripe_secret = stripe_secret
    app.state.access = access
    app.state.hub = hub
    app.state.wrong_clocks = lambda: wrong_clocks(hermes.pool)
    app.state.streams = live.OpenStreams()
    app.state.realtime = hub.beside("hermes_realtime", "change", realtime.order_of)
    app.state.navigation = (fleet_navigation.navigation, order_navigation.navigation)
    app.state.attention = (catalog_attention.concerns, order_attention.concerns)
    app.state.searchers = (
        searching.found,
        order_navigation.found,
        settings_found,
    )
    app.state.metrics = (lambda: _tests(hermes), lambda: order_metrics(app.state.order_queries))
    rendering.use_folders(FOLDERS, BUNDLES)
    files.mount(app, FOLDERS, BUNDLES)
    if access.below:
        app.add_middleware(Below, below=access.below)
    app.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=5)
    problems.install(app, explain)
    openapi.declare_security(app, access.cookie)
    guarded = Access(app, people, access)
    require_free(access.below, guarded.routes.all())
    return guarded


async def _tests(hermes: Hermes) -> list[Metric]:
    return test_metrics(await hermes.metrics.counts())
