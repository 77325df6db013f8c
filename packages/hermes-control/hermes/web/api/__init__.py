"""The JSON API."""

from fastapi import APIRouter

from directory_bolt.web.api import orders, staff, staff_actions
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
    orders.router,
    staff.router,
    staff_actions.router,
):
    router.include_router(part)
