"""The JSON API."""

from fastapi import APIRouter

from hermes.web.api import callbacks, platform, runs, sites, tests

router = APIRouter()
for part in (tests.router, runs.router, sites.router, platform.router, callbacks.router):
    router.include_router(part)
