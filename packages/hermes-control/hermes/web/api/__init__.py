"""The JSON API of the control room."""

from hermes.web.api import (
    alerts,
    callbacks,
    changes,
    knowledge,
    platform,
    runs,
    sites,
    tests,
    upkeep,
)
from hermes_base.web.routing import Router

router = Router()
for part in (
    tests.router,
    runs.router,
    sites.router,
    platform.router,
    upkeep.router,
    alerts.router,
    knowledge.router,
    callbacks.router,
    changes.router,
):
    router.include(part)
