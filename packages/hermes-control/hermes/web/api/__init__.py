"""The JSON API of the control room."""

from fastapi import APIRouter

from hermes.web.api import alerts, callbacks, knowledge, platform, runs, sites, tests, upkeep

router = APIRouter()
for part in (
    tests.router,
    runs.router,
    sites.router,
    platform.router,
    upkeep.router,
    alerts.router,
    knowledge.router,
    callbacks.router,
):
    router.include_router(part)
