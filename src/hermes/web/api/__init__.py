"""The JSON API."""

from fastapi import APIRouter

from hermes.web.api import callbacks, knowledge, orders, platform, runs, sites, tests

router = APIRouter()
for part in (
    tests.router,
    runs.router,
    sites.router,
    platform.router,
    knowledge.router,
    callbacks.router,
    orders.router,
):
    router.include_router(part)
